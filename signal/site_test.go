package signal

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestSitesAreTheirOriginsAndNoOthers(t *testing.T) {
	for _, test := range []struct {
		site, origin string
		want         bool
	}{
		{"https://www.example.com", "https://www.example.com", true},
		{"https://www.example.com", "https://www.example.com:443", true},
		{"https://WWW.example.com", "https://www.example.com", true},
		{"https://www.example.com", "http://www.example.com", false},
		{"https://www.example.com", "https://www.example.com:8443", false},
		{"https://www.example.com", "https://example.com", false},
		{"https://www.example.com", "https://www.example.com.evil.test", false},
		{"http://127.0.0.1:3000", "http://127.0.0.1:3000", true},
		{"https://*.example.com", "https://www.example.com", true},
		{"https://*.example.com", "https://shop.example.com", true},
		{"https://*.example.com", "https://example.com", false},
		{"https://*.example.com", "https://a.b.example.com", false},
		{"https://*.example.com", "https://.example.com", false},
		{"https://*.example.com", "http://www.example.com", false},
		{"https://*.example.com", "https://evilexample.com", false},
		{"https://*.example.com", "https://www.example.com.evil.test", false},
		{"https://*.example.com", "null", false},
		{"https://*.example.com:8443", "https://www.example.com:8443", true},
		{"https://*.example.com:8443", "https://www.example.com", false},
	} {
		s, err := parseSite(test.site)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := http.NewRequest("GET", "https://support.example.net/_qwelp/signal", nil)
		r.Header.Set("Origin", test.origin)
		if got := ofSite(r, []site{s}); got != test.want {
			t.Errorf("%s of %s: %v", test.origin, test.site, got)
		}
	}
	for _, bad := range []string{"", "*", "https://*", "https://*.", "https://*.com", "https://*.*.example.com", "http://*.example.com", "https://www.*.com", "https://w*.example.com", "www.example.com", "https://www.example.com/", "https://www.example.com/shop", "null"} {
		if _, err := New(Config{Sites: []string{"https://good.example.com", bad}}); err == nil || !strings.Contains(err.Error(), `signal.sites[1]: "`+bad+`": want an origin such as "https://www.example.com"`) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestABadSiteIsAnErrorWithTheFormThatIsMeant(t *testing.T) {
	for entry, want := range map[string]string{
		"www.example.com":           `probably "https://www.example.com"`,
		"www.example.com:8443/shop": `probably "https://www.example.com:8443"`,
		"*.example.com":             `probably "https://*.example.com"`,
		"https://www.example.com/":  `probably "https://www.example.com"`,
		"https://*.example.com/a/b": `probably "https://*.example.com"`,
		"http://*.example.com":      `probably "https://*.example.com"`,
		"https://bücher.example":    `in ASCII ("xn--…")`,
		"https://*.bücher.example":  `in ASCII ("xn--…")`,
		"https://*.com":             "more label",
		"*":                         "more label",
		"null":                      "more label",
		"https://a.*.example.com":   "more label",
		"https://x@www.example.com": "more label",
		"wss://www.example.com":     "more label",
		" https://www.example.com":  "more label",
	} {
		_, err := New(Config{Sites: []string{entry}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(want, "label") && strings.Contains(err.Error(), "probably") {
			t.Errorf("%q: the error is %v, want one with %s", entry, err, want)
		}
	}
}

func TestASiteThatIsNotListedIsLoggedOnceWithTheLineToAdd(t *testing.T) {
	w := newWorld(t, Config{Sites: []string{"https://*.example.com"}})
	for range 3 {
		for _, origin := range []string{"https://shop.other.example", "https://a.b.example.com", "null"} {
			answer := httptest.NewRecorder()
			w.ServeHTTP(answer, upgradeFrom(origin, "Sec-Fetch-Site: cross-site"))
			equals(t, origin, answer.Code, http.StatusForbidden)
		}
	}
	log := w.logs.String()
	for _, line := range []string{`Sites: []string{\"https://shop.other.example\"}`, `Sites: []string{\"https://a.b.example.com\"}`} {
		if strings.Count(log, line) != 1 {
			t.Errorf("%s is not once in %s", line, log)
		}
	}
	if strings.Contains(log, `{\"null\"}`) {
		t.Errorf("null is no site: %s", log)
	}
}

func TestPagesOfSitesHaveCustomersAndNeverAgents(t *testing.T) {
	inWorld(t, Config{Sites: []string{"https://*.example.com"}, Places: []wire.Place{{Path: "/private/"}}}, func(t *testing.T, w *world) {
		site := http.Header{"Origin": {"https://www.example.com"}}
		customer := w.customerFrom(dialing{header: site})
		customer.send(wire.Start{})
		started := expect[wire.Started](customer)
		if len(started.Places) > 0 {
			t.Errorf("a page of another site is told the places of this one: %v", started.Places)
		}
		// A session of a site is joined from the app's own console.
		agent := w.agent("ann")
		agent.send(wire.Join{Code: started.Code})
		expect[wire.Joined](agent)

		refused := w.dial(dialing{agent: "ann", header: site})
		refused.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
		expectClose(refused, wire.CloseAuth)
		if _, resp, err := w.connect(dialing{header: http.Header{"Origin": {"https://example.com"}}}); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("another origin: %v", err)
		}
	})
}
