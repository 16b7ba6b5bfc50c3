package signal

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func signOutOf(t *testing.T, agents Authorizer, origin string, log slog.Handler) *httptest.ResponseRecorder {
	t.Helper()
	s, err := New(Config{Agents: agents, Logger: slog.New(log), AllowedOrigins: []string{"https://front.example"}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://shop.example/_qwelp/agent/signout", nil)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	w := httptest.NewRecorder()
	s.SignOut(w, r)
	return w
}

func TestOnlyTheAppsOwnPagesSignAgentsOut(t *testing.T) {
	out := 0
	own := WithSignOut(accounts, func(w http.ResponseWriter, _ *http.Request) { out++; w.WriteHeader(http.StatusNoContent) })
	for origin, want := range map[string]int{
		"http://shop.example": 204, "https://shop.example": 204, "https://front.example": 204,
		"": 403, "null": 403, "https://evil.example": 403, "http://shop.example.evil.example": 403, "http://shop.example:81": 403,
	} {
		before := out
		for name, agents := range map[string]Authorizer{"a token": AgentToken("0123456789abcdef"), "the app's": own} {
			w := signOutOf(t, agents, origin, slog.DiscardHandler)
			equals(t, name+" "+origin, w.Code, want)
			if w.Code == 204 && name == "a token" {
				if cookie := only(w.Result().Cookies()); cookie.MaxAge >= 0 || cookie.Path != "/_qwelp/" || cookie.Value != "" {
					t.Errorf("cookie %s", cookie)
				}
			}
		}
		equals(t, "the app's function, from "+origin, out-before, map[int]int{204: 1}[want])
	}
	equals(t, "without a sign-out", signOutOf(t, accounts, "http://shop.example", slog.DiscardHandler).Code, 404)
	var log strings.Builder
	w := signOutOf(t, WithSignOut(accounts, func(http.ResponseWriter, *http.Request) { panic("oops") }), "http://shop.example", slog.NewTextHandler(&log, nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "oops") || !strings.Contains(log.String(), "while=SignOut panic=oops") {
		t.Errorf("a panic: %d, %s, %s", w.Code, w.Body, &log)
	}
}

func TestASignOutGoesAroundASignIn(t *testing.T) {
	nothing := func(http.ResponseWriter, *http.Request) {}
	for name, c := range map[string]struct {
		agents Authorizer
		want   string // "" is none
		in     bool   // it has a sign-in
	}{
		"alone":                     {WithSignOut(accounts, nothing), "", false},
		"around a login":            {WithSignOut(WithLogin(accounts, "/login"), nothing), "", true},
		"around a sign-in":          {WithSignOut(WithSignIn(accounts, nothing), nothing), "", true},
		"around a login that fails": {WithSignOut(WithLogin(accounts, "//evil.example"), nothing), "WithLogin: ", true},
		"within a login":            {WithLogin(WithSignOut(accounts, nothing), "/login"), "goes around", true},
		"twice":                     {WithSignOut(WithSignOut(accounts, nothing), nothing), "a second sign-out", false},
		"of a token":                {WithSignOut(AgentToken("0123456789abcdef"), nothing), "a second sign-out", true},
		"of nobody":                 {WithSignOut(nil, nothing), "an Authorizer that is nil", false},
		"no function":               {WithSignOut(accounts, nil), "no function", false},
	} {
		_, err := New(Config{Agents: c.agents, Logger: slog.New(slog.DiscardHandler)})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
		_, in := c.agents.(SignInner)
		equals(t, name+": a sign-in", in, c.in)
		_, out := c.agents.(SignOuter)
		equals(t, name+": a sign-out", out, name != "within a login")
	}
}
