package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestForRequestHasTheLastWord(t *testing.T) {
	var log logged
	m := mustNew(t, Options{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Routes: []Route{{Pattern: "/pro/", Settings: sender.Settings{Branding: sender.Branding{PrimaryColor: "#0055ff"}}}},
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			switch r.URL.Query().Get("do") {
			case "own":
				s.MetaData["customer"] = "</script>"
			case "bad":
				s.Branding.PrimaryColor = "secret-colour!"
			}
			return s, r.URL.Query().Get("do") != "off"
		},
	})
	s := serverOf(t, m.Wrap(pageOf(document, "Cache-Control: public, max-age=60, s-maxage=5")))
	own := ask(t, s, "GET /pro/?do=own")
	if !strings.Contains(own.body, `data-qwelp-settings="{&#34;metaData&#34;:{&#34;customer&#34;:&#34;\u003c/script\u003e&#34;},&#34;branding&#34;:{&#34;primaryColor&#34;:&#34;#0055ff&#34;}}"`) {
		t.Errorf("got %q", own.body)
	}
	if got, want := own.header.Get("Cache-Control"), "max-age=60, private"; got != want {
		t.Errorf("Cache-Control is %q, want %q", got, want)
	}
	if got := ask(t, s, "GET /?do=off"); got.body != document {
		t.Errorf("got %q", got.body)
	}
	bad := ask(t, s, "GET /?do=bad")
	checkOnce(t, m, document, bad.body)
	if got := bad.header.Get("Cache-Control"); !strings.HasPrefix(got, "public") {
		t.Errorf("Cache-Control is %q", got)
	}
	if text := log.String(); !strings.Contains(text, "settings.branding.primaryColor") || strings.Contains(text, "secret") {
		t.Errorf("the log is %q", text)
	}
}

func TestNewNamesEveryBadField(t *testing.T) {
	_, err := New(Options{
		Prefix:    "qwelp",
		SenderURL: "javascript:alert(1)",
		Settings:  sender.Settings{Branding: sender.Branding{PrimaryColor: "nope!"}},
		Routes: []Route{
			{Pattern: "GET"}, {Pattern: "/a/", Settings: sender.Settings{CustomerKey: "-----BEGIN PRIVATE KEY-----"}}, {Pattern: "/x/"}, {Pattern: "/x/"},
		},
		AssetOrigins: []string{"cdn.example"},
		MetaDataKey:  []byte("short"),
		Signal:       signal.Config{AllowedOrigins: []string{"shop.example"}, ICEServers: []wire.ICEServer{{}}, CodeLifetime: -1},
	})
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(strings.TrimPrefix(err.Error(), "middleware: "), "\n")
	for _, field := range []string{
		"prefix:", "senderURL:", "settings.branding.primaryColor:", "routes[0].pattern:", "routes[1].settings.customerKey:", "routes[3].pattern:",
		"assetOrigins[0]:", "metaDataKey:", "signal.allowedOrigins[0]:", "signal.iceServers[0].urls:", "signal.codeLifetime:",
	} {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, field+" ") }) {
			t.Errorf("no line of %q begins with %s", err, field)
		}
	}
}

func TestThePrefixIsServedAndNothingElseUnderIt(t *testing.T) {
	m := mustNew(t, Options{})
	s := serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })))
	for _, c := range []struct {
		request string
		want    int
	}{
		{"GET " + m.plain.Src, 200}, {"GET /_qwelp/current/index.js", 200}, {"HEAD " + m.plain.Src, 200}, {"POST " + m.plain.Src, 405},
		{"GET /_qwelp/healthz", 200}, {"POST /_qwelp/healthz", 405}, {"GET /_qwelp/readyz", 200}, {"HEAD /_qwelp/readyz", 200}, {"POST /_qwelp/readyz", 405}, {"GET /_qwelp/readyz/", 404}, {"GET /_qwelp/agent", 401}, {"GET /_qwelp/agent/", 401},
		{"DELETE /_qwelp/agent/", 405}, {"GET /_qwelp/agent/history", 401}, {"POST /_qwelp/agent/history", 405}, {"GET /_qwelp/agent/history/", 404}, {"POST /_qwelp/signal", 405},
		{"GET /_qwelp/", 404}, {"GET /_qwelp/x", 404}, {"GET /_qwelp//healthz", 404}, {"GET /_qwelp/%2e%2e/x", 404}, {"GET /_qwelp/..%2fx", 404},
		{"GET /_qwelp/x/../../y", 404}, {"GET /_qwelp/healthz/", 404}, {"GET /_qwelp/..;/x", 404}, {"GET /_qwelp/agent%2f", 404},
		{"GET /_qwelp/healthz.", 404}, {"GET /_qwelp/agent/.", 404}, {"GET /_qwelp/./healthz", 404}, {"GET /_qwelp/asset", 404}, {"GET /_qwelp/signal/x/../../healthz", 404},
		{"GET /_qwelp/signal.js/x.css", 404}, {"GET /_qwelp/current%2findex.js", 404}, {"GET /_qwelp/%68ealthz", 404}, {"GET /_QWELP/healthz", 418},
		{"GET //_qwelp/healthz", 418}, {"GET /_qwelp", 418}, {"GET /", 418},
	} {
		got := ask(t, s, c.request, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /evil.example", "X-Original-URL: /evil.example")
		if got.status != c.want {
			t.Errorf("%s: got %d, want %d", c.request, got.status, c.want)
		}
		if caching := got.header.Get("Cache-Control"); c.want != 200 && c.want != 418 && caching != "no-store" {
			t.Errorf("%s: Cache-Control is %q", c.request, caching)
		}
		if strings.Contains(fmt.Sprint(got.header)+got.body, "evil") {
			t.Errorf("%s: what a proxy is said to have told is in %v", c.request, got.header)
		}
	}
	if got := ask(t, s, "GET /_qwelp/healthz"); got.body != "ok\n" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("healthz: %q, %v", got.body, got.header)
	}
	ready := func(status int, body string) {
		t.Helper()
		if got := ask(t, s, "GET /_qwelp/readyz"); got.status != status || got.body != body+"\n" || got.header.Get("Cache-Control") != "no-store" || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("readyz: %d %q, %v", got.status, got.body, got.header)
		}
	}
	ready(http.StatusOK, `{"ready":true}`)
	if err := m.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	ready(http.StatusServiceUnavailable, `{"ready":false,"because":"draining"}`)
	if got := ask(t, s, "GET /_qwelp/healthz"); got.status != http.StatusOK {
		t.Errorf("healthz while draining: %d", got.status)
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	var log logged
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m := mustNew(t, Options{
		Logger:   logger,
		Signal:   signal.Config{Agents: signal.AgentToken("canary-token-of-agents"), Logger: logger},
		Settings: sender.Settings{MetaData: map[string]any{"customer": "canary-customer"}},
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			switch r.URL.Query().Get("do") {
			case "large":
				s.MetaData["customer"] = strings.Repeat("canary-customer", 1000)
			case "key":
				s.CustomerKey = "canary-key"
			case "number":
				s.MetaData["customer"] = 1 << 60
			}
			return s, true
		},
	})
	s := serverOf(t, m.Wrap(pageOf(document)))
	for _, request := range []string{"GET /?do=large", "GET /?do=key", "GET /?do=number"} {
		if strings.Contains(ask(t, s, request).body, "canary") {
			t.Errorf("%s has what is not valid", request)
		}
	}
	if got := ask(t, s, "GET /_qwelp/agent/?token=canary-token-of-agents").status; got != http.StatusSeeOther {
		t.Errorf("the right token: %d", got)
	}
	ask(t, s, "GET /_qwelp/agent?token=canary-token-of-agents")
	ask(t, s, "GET /_qwelp/agent/history?token=canary-mistyped")
	ask(t, s, "GET /_qwelp/agent/", "Cookie: qwelp_agent=canary-cookie", "Authorization: Bearer canary-bearer")
	upgrade := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: qwelp.v1", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="}
	ask(t, s, "GET /_qwelp/signal?code=canary-code&token=canary-resume", append(upgrade, "Origin: https://evil.example", "Cookie: qwelp_agent=canary-cookie")...)
	if text := log.String(); strings.Contains(text, "canary") || strings.Count(text, "settings that are not valid") != 3 || !strings.Contains(text, "foreign origin refused") {
		t.Errorf("the log is %s", text)
	}
}

// What is public is for pages of every origin; what is an agent's, and what is made for one request, is for none but the app's own.
func TestOnlyTheSendersFilesAreForPagesOfOtherOrigins(t *testing.T) {
	m := mustNew(t, Options{Sites: []string{"https://www.example.com"}, Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	s := serverOf(t, m.Wrap(http.NotFoundHandler()))
	for request, want := range map[string]string{
		"GET /_qwelp/current/index.js": "*", "GET /_qwelp/current/auto.js": "*", "GET /_qwelp/current/index.d.ts": "*", "GET " + m.plain.Src: "*", "GET /_qwelp/" + assets.Path("capture.js"): "*",
		"GET /_qwelp/000000000000/auto.js": "*", // of another version
		"GET /_qwelp/agent/":               "", "GET /_qwelp/agent": "", "GET /_qwelp/agent/history": "", "GET /_qwelp/agent/check": "", "GET /_qwelp/agent/check.json": "", "GET /_qwelp/signal": "", "GET /_qwelp/healthz": "",
		"GET /_qwelp/" + assets.Path("console.js"): "", "GET /_qwelp/" + assets.Path("mirror.html"): "", "GET /_qwelp/" + assets.Path("mirror.js"): "", "GET /_qwelp/asset": "",
	} {
		for _, origin := range []string{"https://www.example.com", "https://evil.example"} {
			got := ask(t, s, request, "Origin: "+origin, "Sec-Fetch-Site: cross-site", "Authorization: Bearer "+agentToken).header
			if got.Get("Access-Control-Allow-Origin") != want || got.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s for %s: %v", request, origin, got)
			}
			if policy := got.Get("Cross-Origin-Resource-Policy"); (policy == "cross-origin") != (want == "*") {
				t.Errorf("%s for %s: Cross-Origin-Resource-Policy is %q", request, origin, policy)
			}
		}
	}
}
