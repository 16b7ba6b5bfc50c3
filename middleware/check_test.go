package middleware

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestTheCheckIsForAgentsAndShowsWhatTheServerSees(t *testing.T) {
	proxy := netip.MustParsePrefix("192.0.2.0/24")
	token := "0123456789abcdef0123456789abcdef"
	q, err := New(Options{Signal: signal.Config{
		Agents: signal.AgentToken(token), TrustedProxies: []netip.Prefix{proxy}, ICEServers: []wire.ICEServer{{URLs: []string{"stun:stun.example:3478"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Shutdown(t.Context())
	get := func(path, token, from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "http://app.example"+path, nil)
		r.RemoteAddr = from
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		r.Header.Set("X-Forwarded-Proto", "https")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		q.Wrap(http.NotFoundHandler()).ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/_qwelp/agent/check", "/_qwelp/agent/check.json"} {
		if w := get(path, "", "192.0.2.1:1"); w.Code != http.StatusUnauthorized || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s without a token: %d %s", path, w.Code, w.Header())
		}
		if w := get(path, token, "192.0.2.1:1"); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s for an agent: %d %s", path, w.Code, w.Header())
		}
	}
	for from, trusted := range map[string]bool{"192.0.2.1:1": true, "198.51.100.1:1": false} {
		var got facts
		if err := json.Unmarshal(get("/_qwelp/agent/check.json", token, from).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Host != "app.example" || got.Forwarded.Proto != "https" || got.Hash != assets.Hash() || !got.Relay || len(got.ICEServers) != 1 || got.Trusted == nil || *got.Trusted != trusted {
			t.Errorf("from %s: %+v", from, got)
		}
	}
}
