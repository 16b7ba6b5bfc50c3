package signal

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func signInTo(a Authorizer, target string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	change(r)
	w := httptest.NewRecorder()
	a.(SignInner).SignIn(w, r)
	return w
}

func unchanged(*http.Request) {}

func TestTheRightTokenSignsIn(t *testing.T) {
	const token = "a long random token"
	a := AgentToken(token)
	tests := map[string]struct {
		target, location, path string
		proxied, secure        bool // httptest makes a TLS connection of https
	}{
		"console":           {"/_qwelp/agent/?token=a+long+random+token", "/_qwelp/agent/", "/_qwelp/", false, false},
		"over TLS":          {"https://shop.example/_qwelp/agent/?token=a+long+random+token", "/_qwelp/agent/", "/_qwelp/", false, true},
		"behind TLS":        {"http://shop.example/_qwelp/agent/?token=a+long+random+token", "/_qwelp/agent/", "/_qwelp/", true, true},
		"on this machine":   {"http://127.0.0.1:8080/_qwelp/agent/?token=a+long+random+token", "/_qwelp/agent/", "/_qwelp/", true, false},
		"history":           {"/x/_qwelp/agent/history?page=2&token=a+long+random+token", "/x/_qwelp/agent/history", "/x/_qwelp/", false, false},
		"no slash":          {"/_qwelp/agent?token=a+long+random+token", "/_qwelp/agent", "/_qwelp/", false, false},
		"elsewhere":         {"/console/?token=a+long+random+token", "/console/", "/console/", false, false},
		"another host":      {"//evil.example/agent/?token=a+long+random+token", "/evil.example/agent/", "/evil.example/", false, false},
		"another backslash": {`/%5cevil.example/agent/?token=a+long+random+token`, "/%5cevil.example/agent/", "/%5cevil.example/", false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := signInTo(a, test.target, func(r *http.Request) {
				r.URL.Path = "/agent/" // a middleware stripped the prefix
				if test.proxied {
					r.Header.Set("Sec-Fetch-Dest", "document")
				}
			})
			equals(t, "status", w.Code, http.StatusSeeOther)
			equals(t, "location", w.Header().Get("Location"), test.location)
			cookie := only(w.Result().Cookies())
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Secure != test.secure || cookie.Path != test.path {
				t.Errorf("cookie %s", cookie)
			}
			if strings.Contains(cookie.Value, token) || cookie.Name != "qwelp_agent" {
				t.Errorf("cookie %s", cookie)
			}
			r := httptest.NewRequest(http.MethodGet, "/_qwelp/signal", nil)
			r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
			agent, err := a.Authorize(r)
			equals(t, "agent", agent, Agent{ID: "agent-token"})
			equals(t, "error", err, error(nil))
			if _, err := AgentToken("another token").Authorize(r); err == nil {
				t.Error("the cookie opens an app with another token")
			}
		})
	}
}

func TestALinkFromAForeignSiteSignsInByAPage(t *testing.T) {
	w := signInTo(AgentToken("right"), `/_qwelp/agent/"x?token=right`, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	equals(t, "status", w.Code, http.StatusOK)
	equals(t, "cookies", len(w.Result().Cookies()), 1)
	if !strings.Contains(w.Body.String(), `content="0; url=/_qwelp/agent/%22x"`) || strings.Contains(w.Body.String(), "<form") {
		t.Errorf("body %s", w.Body)
	}
}

func TestWithoutTheTokenThereIsAForm(t *testing.T) {
	for name, test := range map[string]struct {
		target string
		alert  bool
	}{
		"no token":    {"/_qwelp/agent/", false},
		"empty token": {"/_qwelp/agent/?token=", false},
		"wrong token": {`/_qwelp/agent/?token="><script>alert(1)</script>`, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := signInTo(AgentToken("right"), strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E").Replace(test.target), unchanged)
			body := w.Body.String()
			equals(t, "status", w.Code, http.StatusUnauthorized)
			equals(t, "alert", strings.Contains(body, `role="alert"`), test.alert)
			for _, want := range []string{`<form method="post" action="?"`, `name="token"`, `<label for="token">`, `lang="en"`} {
				if !strings.Contains(body, want) {
					t.Errorf("the page lacks %s", want)
				}
			}
			if strings.Contains(body, "<script") || strings.Contains(body, "style=") {
				t.Errorf("inline code in %s", body)
			}
			for k, want := range map[string]string{
				"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Frame-Options": "DENY",
				"X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
			} {
				equals(t, k, w.Header().Get(k), want)
			}
			_, rest, _ := strings.Cut(body, "<style>")
			css, _, _ := strings.Cut(rest, "</style>")
			sum := sha256.Sum256([]byte(css))
			if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(w.Header().Get("Content-Security-Policy"), "'sha256-"+hash+"'") {
				t.Error("the policy does not allow the style sheet that the page has")
			}
		})
	}
	w := signInTo(AgentToken("right"), "/_qwelp/agent/", func(r *http.Request) { r.Method = http.MethodPut })
	equals(t, "status of PUT", w.Code, http.StatusMethodNotAllowed)
	w = signInTo(AgentToken("right"), "/_qwelp/agent/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: agentCookie, Value: "stale"}) })
	if cookie := only(w.Result().Cookies()); cookie.MaxAge >= 0 || cookie.Path != "/_qwelp/" {
		t.Errorf("a stale cookie is not deleted: %s", cookie)
	}
}

// post makes the request of signInTo one of the form.
func post(origin, token string) func(*http.Request) {
	return func(r *http.Request) {
		r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader(url.Values{"token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
	}
}

func TestTheFormKeepsTheTokenOutOfAddresses(t *testing.T) {
	const own = "http://shop.example"
	a := AgentToken("right")
	if _, err := New(Config{Logger: slog.New(slog.DiscardHandler), Agents: a, AllowedOrigins: []string{"https://front.example"}}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		target, origin, token string
		want                  int
	}{
		"right":                         {"/_qwelp/agent/?", own, " right\n", http.StatusSeeOther},
		"by a proxy":                    {"/_qwelp/agent/", "https://front.example", "right", http.StatusSeeOther},
		"wrong":                         {"/_qwelp/agent/", own, "wrong", http.StatusUnauthorized},
		"none":                          {"/_qwelp/agent/", own, "", http.StatusUnauthorized},
		"right in the address alone":    {"/_qwelp/agent/?token=right", own, "", http.StatusUnauthorized},
		"right where the address's not": {"/_qwelp/agent/?token=wrong", own, "right", http.StatusSeeOther},
		"of another site":               {"/_qwelp/agent/", "https://evil.example", "right", http.StatusForbidden},
		"of a page without an origin":   {"/_qwelp/agent/", "null", "right", http.StatusForbidden},
		"of no page":                    {"/_qwelp/agent/", "", "right", http.StatusForbidden},
		"too large":                     {"/_qwelp/agent/", own, strings.Repeat("x", maxSignIn), http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			w := signInTo(a, "http://shop.example"+test.target, post(test.origin, test.token))
			equals(t, "status", w.Code, test.want)
			equals(t, "cookies", len(w.Result().Cookies()), map[bool]int{true: 1}[test.want == http.StatusSeeOther])
			equals(t, "Cache-Control", w.Header().Get("Cache-Control"), "no-store")
			if location := w.Header().Get("Location"); strings.Contains(location, "token") {
				t.Errorf("sent to %q", location)
			}
		})
	}
	for range 20 { // a foreign site cannot use up the budget of those who visit it
		signInTo(a, "http://shop.example/_qwelp/agent/", post("https://evil.example", "wrong"))
	}
	equals(t, "status afterwards", signInTo(a, "http://shop.example/_qwelp/agent/", post(own, "right")).Code, http.StatusSeeOther)
}

func TestTheEmptyTokenOpensNothing(t *testing.T) {
	a := AgentToken("")
	for _, change := range []func(*http.Request){
		unchanged,
		func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") },
		func(r *http.Request) { r.AddCookie(a.(*tokenAgents).cookie(r)) },
	} {
		r := httptest.NewRequest(http.MethodGet, "/_qwelp/agent/?token=", nil)
		change(r)
		if agent, err := a.Authorize(r); err == nil {
			t.Errorf("it is %v", agent)
		}
	}
	equals(t, "status", signInTo(a, "/_qwelp/agent/?token=", unchanged).Code, http.StatusUnauthorized)
}

func TestWrongTokensAreBudgeted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := AgentToken("right")
		if _, err := New(Config{Logger: slog.New(slog.DiscardHandler), Agents: a, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}); err != nil {
			t.Fatal(err)
		}
		guessers := []func(i int) int{ // three doors, one budget
			func(i int) int {
				return signInTo(a, fmt.Sprintf("/agent/?token=%d", i), unchanged).Code
			},
			func(i int) int {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.Header.Set("Authorization", fmt.Sprint("bearer ", i))
				return statusOf(a.Authorize(r))
			},
			func(i int) int {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.AddCookie(&http.Cookie{Name: agentCookie, Value: fmt.Sprint(i)})
				return statusOf(a.Authorize(r))
			},
		}
		tried := 0
		for i := range 30 {
			if guessers[i%3](i) == http.StatusUnauthorized {
				tried++
			}
		}
		equals(t, "guesses", tried, 10)
		w := signInTo(a, "/agent/?token=another", unchanged)
		equals(t, "status with one more", w.Code, http.StatusTooManyRequests)
		if w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		elsewhere := func(r *http.Request) {
			r.RemoteAddr = "10.1.2.3:4"
			r.Header.Set("X-Forwarded-For", "192.0.2.1, 198.51.100.7")
		}
		equals(t, "status from elsewhere", signInTo(a, "/agent/?token=another", elsewhere).Code, http.StatusUnauthorized)
		time.Sleep(30 * time.Minute)
		equals(t, "status later", signInTo(a, "/agent/?token=another", unchanged).Code, http.StatusUnauthorized)
	})
}

func TestAChangedTokenDoesNotLockAnOfficeOut(t *testing.T) {
	before, after := AgentToken("of last week"), AgentToken("of this week")
	for range 3 * int(tokensOfRemote.limit) { // consoles behind one address, each signed in by itself
		r := httptest.NewRequest(http.MethodGet, "/_qwelp/signal", nil)
		r.AddCookie(before.(*tokenAgents).cookie(r))
		equals(t, "status of an old cookie", statusOf(after.Authorize(r)), http.StatusUnauthorized)
		equals(t, "status of an old link", signInTo(after, "/_qwelp/agent/?token=of+last+week", unchanged).Code, http.StatusUnauthorized)
	}
	equals(t, "status with the new token", signInTo(after, "/_qwelp/agent/?token=of+this+week", unchanged).Code, http.StatusSeeOther)
	for i := range tokensOfRemote.limit {
		signInTo(after, fmt.Sprint("/_qwelp/agent/?token=", i), unchanged)
	}
	equals(t, "status of one more", signInTo(after, "/_qwelp/agent/?token=another", unchanged).Code, http.StatusTooManyRequests)
	equals(t, "status with the new token after different ones", signInTo(after, "/_qwelp/agent/?token=of+this+week", unchanged).Code, http.StatusSeeOther)
}

func statusOf(_ Agent, err error) int {
	switch {
	case errors.Is(err, errTooManyTokens):
		return http.StatusTooManyRequests
	case err != nil:
		return http.StatusUnauthorized
	}
	return http.StatusOK
}
