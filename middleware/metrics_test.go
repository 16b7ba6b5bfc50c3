package middleware

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal"
)

func TestMetricsAreForWhomTheOptionsName(t *testing.T) {
	network := netip.MustParsePrefix
	ask := func(t *testing.T, o Options, from string, header ...string) *httptest.ResponseRecorder {
		t.Helper()
		q, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		defer q.Shutdown(t.Context())
		r := httptest.NewRequest("GET", "http://app.example/_qwelp/metrics", nil)
		r.RemoteAddr = from
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		q.Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
		return w
	}
	inside := Options{Metrics: []netip.Prefix{network("10.1.0.0/16"), network("fd00::/8")}}
	proxied := Options{Metrics: inside.Metrics, Signal: signal.Config{TrustedProxies: []netip.Prefix{network("10.1.2.0/24")}}}
	for name, test := range map[string]struct {
		options Options
		from    string
		header  []string
		want    int
	}{
		"nobody is named":              {Options{}, "10.1.2.3:1", nil, http.StatusNotFound},
		"from inside":                  {inside, "10.1.2.3:1", nil, http.StatusOK},
		"from inside, IPv6":            {inside, "[fd00::1]:1", nil, http.StatusOK},
		"from inside, IPv4 in IPv6":    {inside, "[::ffff:10.1.2.3]:1", nil, http.StatusOK},
		"from outside":                 {inside, "203.0.113.9:1", nil, http.StatusNotFound},
		"through a proxy":              {inside, "10.1.2.3:1", []string{"X-Forwarded-For", "10.1.2.4"}, http.StatusNotFound},
		"through one that says little": {inside, "10.1.2.3:1", []string{"X-Real-Ip", "10.1.2.4"}, http.StatusNotFound},
		"through a trusted proxy":      {proxied, "10.1.2.3:1", []string{"X-Forwarded-For", "10.1.9.9"}, http.StatusOK},
		"from outside through that":    {proxied, "10.1.2.3:1", []string{"X-Forwarded-For", "203.0.113.9"}, http.StatusNotFound},
		"a forged entry":               {proxied, "10.1.2.3:1", []string{"X-Forwarded-For", "10.1.9.9, 203.0.113.9"}, http.StatusNotFound},
		"a Unix socket":                {inside, "@", nil, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(t, test.options, test.from, test.header...)
			if w.Code != test.want || strings.Contains(w.Body.String(), "qwelp_sessions") != (test.want == http.StatusOK) || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
			}
			if got := w.Header().Get("Content-Type"); test.want == http.StatusOK && got != signal.MetricsType {
				t.Errorf("the type is %s", got)
			}
		})
	}
	if _, err := New(Options{Metrics: []netip.Prefix{{}, network("0.0.0.0/0")}}); err == nil || !strings.Contains(err.Error(), "metrics[0]: not a network") || !strings.Contains(err.Error(), "metrics[1]: 0.0.0.0/0 is everybody") {
		t.Error(err)
	}
}
