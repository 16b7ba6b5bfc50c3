package middleware

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal"
)

// TestAPolicyThatBlocksTheSenderIsLoggedWithWhatToAdd has policies under which a button could not work, and others that look like them.
func TestAPolicyThatBlocksTheSenderIsLoggedWithWhatToAdd(t *testing.T) {
	for _, c := range []struct{ policy, logs string }{
		{"default-src 'none'; script-src 'self'", "connect-src needs 'self'"},
		{"script-src 'self'; connect-src https://api.example", "connect-src needs 'self'"},
		{"connect-src 'none'", "connect-src needs 'self'"},
		{"script-src 'self'; CONNECT-SRC wss://other.example:8443 data: blob:", "connect-src needs 'self'"},
		{"connect-src", "connect-src needs 'self'"},
		{"script-src 'nonce-a'; default-src https://cdn.example", "connect-src needs 'self'"},
		{"connect-src 'self', connect-src https://api.example", "connect-src needs 'self'"},
		{"script-src https://cdn.example", "script-src (or default-src) needs 'self'"},
		{"script-src 'unsafe-inline'", "script-src (or default-src) needs 'self'"},
		{"default-src 'none'", "script-src (or default-src) needs 'self'"},
		{"sandbox allow-scripts allow-forms", "allow-same-origin"},

		{"default-src 'none'; script-src 'self'; connect-src 'self'", ""},
		{"default-src 'none'; script-src 'nonce-a' 'strict-dynamic'; connect-src 'Self' https://api.example", ""},
		{"default-src 'self'", ""},
		{"default-src 'none'; script-src 'self'; connect-src wss:", ""},
		{"connect-src *; script-src *", ""},
		{"script-src http://127.0.0.1:8080; connect-src ws://127.0.0.1:8080", ""},
		{"connect-src wss://*.0.0.1", ""},
		{"script-src 'self'; img-src 'none'; style-src 'none'; font-src 'none'; frame-src 'none'; worker-src 'none'; object-src 'none'", ""},
		{"connect-src https://www.shop.example", ""}, // of AllowedOrigins
		{"sandbox allow-scripts allow-same-origin", ""},
	} {
		for _, meta := range []bool{false, true} {
			if meta && strings.Contains(c.policy, "sandbox") || meta && strings.Contains(c.policy, ",") {
				continue // no such policies of meta elements
			}
			var log logged
			m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken), AllowedOrigins: []string{"https://www.shop.example"}}})
			h := pageOf(document, "Content-Security-Policy: "+c.policy)
			if meta {
				h = pageOf(strings.Replace(document, "<title>", `<meta http-equiv="Content-Security-Policy" content="`+c.policy+`"><title>`, 1))
			}
			s := serverOf(t, m.Wrap(h))
			for range 2 {
				if got := ask(t, s, "GET /"); strings.Contains(got.body, "auto.js") != (c.logs == "") {
					t.Errorf("%s (meta: %t): got %s", c.policy, meta, got.body)
				}
			}
			if text := log.String(); strings.Count(text, "level=WARN") != map[bool]int{true: 1}[c.logs != ""] || !strings.Contains(text, c.logs) {
				t.Errorf("%s (meta: %t): the log is %s", c.policy, meta, text)
			}
		}
	}
}

func TestANonceInDefaultSourcesAloneIsLogged(t *testing.T) {
	var log logged
	m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	s := serverOf(t, m.Wrap(pageOf(document, "Content-Security-Policy: default-src 'nonce-a'")))
	for range 2 {
		if got := ask(t, s, "GET /"); !strings.Contains(got.body, `nonce="a"`) {
			t.Errorf("got %s", got.body)
		}
	}
	if text := log.String(); strings.Count(text, "Add connect-src 'self'") != 1 {
		t.Errorf("the log is %s", text)
	}
}

func TestAHostThatOnlyAProxyKnowsIsGivenTheBenefitOfTheDoubt(t *testing.T) {
	m := mustNew(t, Options{})
	s := serverOf(t, m.Wrap(pageOf(document, "Content-Security-Policy: connect-src https://shop.example")))
	if got := ask(t, s, "GET /", "X-Forwarded-Host: shop.example"); !strings.Contains(got.body, "auto.js") {
		t.Errorf("got %s", got.body)
	}
}
