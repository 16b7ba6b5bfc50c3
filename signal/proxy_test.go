package signal

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// upgrade is what a browser sends to open the socket.
func upgradeFrom(origin string, fields ...string) *http.Request {
	r := httptest.NewRequest("GET", "http://shop.example/_qwelp/signal", nil)
	for _, field := range append([]string{
		"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: qwelp.v1", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
		"Origin: " + origin, "Sec-Fetch-Mode: websocket", "Sec-Fetch-Site: same-origin",
	}, fields...) {
		name, value, _ := strings.Cut(field, ": ")
		if r.Header.Del(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

func TestAProxyThatPassesNoUpgradeIsLoggedOnceWithTheCure(t *testing.T) {
	for name, fields := range map[string][]string{
		"nginx as it comes":         {"Upgrade: ", "Connection: close"},
		"one that keeps Connection": {"Upgrade: "},
		"one that keeps Upgrade":    {"Connection: keep-alive"},
		"one that drops more":       {"Upgrade: ", "Connection: ", "Sec-WebSocket-Key: ", "Sec-WebSocket-Version: ", "Sec-WebSocket-Protocol: "},
		"an old browser":            {"Upgrade: ", "Connection: ", "Sec-Fetch-Mode: "},
	} {
		w := newWorld(t, Config{})
		for range 3 {
			answer := httptest.NewRecorder()
			w.ServeHTTP(answer, upgradeFrom("http://shop.example", fields...))
			equals(t, name, answer.Code, http.StatusUpgradeRequired)
		}
		if log := w.logs.String(); strings.Count(log, "proxy_set_header Upgrade $http_upgrade") != 1 {
			t.Errorf("%s: the log is %s", name, log)
		}
	}
	w := newWorld(t, Config{})
	w.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/_qwelp/signal", nil)) // somebody who looks
	if log := w.logs.String(); log != "" {
		t.Errorf("the log is %s", log)
	}
}

func TestARewrittenHostIsLoggedOnceWithTheCure(t *testing.T) {
	w := newWorld(t, Config{})
	app := httptest.NewServer(w)
	defer app.Close()
	target, _ := url.Parse(app.URL)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}) // which names the target in Host
	defer proxy.Close()
	for range 3 {
		r := upgradeFrom(proxy.URL)
		r.RequestURI = ""
		r.URL, _ = url.Parse(proxy.URL + "/_qwelp/signal")
		r.Host = r.URL.Host
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		equals(t, "status", res.StatusCode, http.StatusForbidden)
	}
	log := w.logs.String()
	if strings.Count(log, "proxy_set_header Host") != 1 || strings.Count(log, "AllowedOrigins") != 1 || !strings.Contains(log, proxy.URL) {
		t.Errorf("the log is %s", log)
	}
	for i := range 3 * mostOrigins {
		w.ServeHTTP(httptest.NewRecorder(), upgradeFrom(fmt.Sprintf("https://evil%d.example", i)))
	}
	if lines := strings.Count(w.logs.String(), "level=WARN"); lines > mostOrigins+1 {
		t.Errorf("%d lines in the log", lines)
	}
}
