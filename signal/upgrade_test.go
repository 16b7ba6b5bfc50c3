package signal

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// upgradeRequest gives the header of a good upgrade.
func upgradeRequest(change func(http.Header)) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://shop.example/_qwelp/signal", nil)
	r.Header = http.Header{
		"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Protocol": {"other, qwelp.v1"},
		"Origin": {"http://shop.example"},
	}
	change(r.Header)
	return r
}

func TestWhatIsNoUpgradeIsRefused(t *testing.T) {
	s, err := New(Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	same := func(http.Header) {}
	post := upgradeRequest(same)
	post.Method = http.MethodPost
	body := upgradeRequest(same)
	body.ContentLength = 3
	chunked := upgradeRequest(func(h http.Header) { h.Set("Transfer-Encoding", "chunked") })
	chunked.ContentLength, chunked.TransferEncoding = -1, []string{"chunked"}
	http2 := upgradeRequest(func(h http.Header) { h.Del("Upgrade"); h.Del("Connection") })
	http2.ProtoMajor, http2.ProtoMinor = 2, 0
	tests := map[string]struct {
		r      *http.Request
		status int
	}{
		"POST":              {post, http.StatusMethodNotAllowed},
		"plain GET":         {httptest.NewRequest(http.MethodGet, "/", nil), http.StatusUpgradeRequired},
		"HTTP/2":            {http2, http.StatusUpgradeRequired},
		"old version":       {upgradeRequest(func(h http.Header) { h.Set("Sec-Websocket-Version", "8") }), http.StatusUpgradeRequired},
		"a body":            {body, http.StatusBadRequest},
		"a chunked body":    {chunked, http.StatusBadRequest},
		"h2c":               {upgradeRequest(func(h http.Header) { h.Set("Upgrade", "h2c"); h.Set("Http2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA") }), http.StatusUpgradeRequired},
		"no subprotocol":    {upgradeRequest(func(h http.Header) { h.Del("Sec-Websocket-Protocol") }), http.StatusBadRequest},
		"other subprotocol": {upgradeRequest(func(h http.Header) { h.Set("Sec-Websocket-Protocol", "qwelp.v9") }), http.StatusBadRequest},
		"bad key":           {upgradeRequest(func(h http.Header) { h.Set("Sec-Websocket-Key", "short") }), http.StatusBadRequest},
		"foreign origin":    {upgradeRequest(func(h http.Header) { h.Set("Origin", "http://evil.example") }), http.StatusForbidden},
		"no hijacking":      {upgradeRequest(same), http.StatusNotImplemented},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, test.r)
			equals(t, "status", w.Code, test.status)
			equals(t, "Cache-Control", w.Header().Get("Cache-Control"), "no-store")
		})
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, upgradeRequest(same))
	equals(t, "status after Shutdown", w.Code, http.StatusServiceUnavailable)
}

func TestOnlyTheOwnOriginMayConnect(t *testing.T) {
	s, err := New(Config{Logger: slog.New(slog.DiscardHandler), AllowedOrigins: []string{"https://pages.example:8443"}, Agents: AgentToken("right")})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		origin, host string
		tls          bool
		ok           bool
	}{
		{"http://shop.example", "shop.example", false, true},
		{"http://shop.example", "SHOP.example:80", false, true},
		{"https://shop.example", "shop.example", false, true}, // behind a proxy that ends TLS
		{"https://shop.example", "shop.example:443", true, true},
		{"http://shop.example:8080", "shop.example:8080", false, true},
		{"http://[::1]:8080", "[::1]:8080", false, true},
		{"https://pages.example:8443", "shop.example", true, true},
		{"http://shop.example", "shop.example", true, false},
		{"http://shop.example:8080", "shop.example", false, false},
		{"http://www.shop.example", "shop.example", false, false},
		{"http://shop.example.evil.example", "shop.example", false, false},
		{"http://evil.example/shop.example", "shop.example", false, false},
		{"http://shop.example@evil.example", "shop.example", false, false},
		{"http://evil.example#shop.example", "shop.example", false, false},
		{"http://shop.example/", "shop.example", false, false},
		{"https://pages.example", "shop.example", true, false},
		{"null", "shop.example", false, false},
		{"", "", false, false},
		{"file://", "", false, false},
		{"http://", "", false, false},
		{"chrome-extension://shop.example", "shop.example", false, false},
		{"//shop.example", "shop.example", false, false},
	}
	for _, test := range tests {
		r := upgradeRequest(func(h http.Header) { h.Set("Origin", test.origin) })
		r.Host = test.host
		if test.tls {
			r.TLS = &tls.ConnectionState{}
		}
		equals(t, fmt.Sprintf("%+v", test), s.mayConnect(r) == nil, test.ok)
	}
	for name, test := range map[string]struct {
		header http.Header
		ok     bool
	}{
		"two origins":                     {http.Header{"Origin": {"http://shop.example", "http://shop.example"}}, false},
		"no origin":                       {http.Header{}, false},
		"no origin, a cookie":             {http.Header{"Cookie": {agentCookie + "=" + AgentToken("right").(*tokenAgents).proof()}}, false},
		"no origin, the bearer token":     {http.Header{"Authorization": {"Bearer right"}}, true},
		"no origin, a wrong bearer token": {http.Header{"Authorization": {"Bearer wrong"}}, false},
		"foreign origin, a bearer token":  {http.Header{"Origin": {"http://evil.example"}, "Authorization": {"Bearer right"}}, false},
	} {
		r := upgradeRequest(func(h http.Header) { h.Del("Origin") })
		maps.Copy(r.Header, test.header)
		equals(t, name, s.mayConnect(r) == nil, test.ok)
	}
}

func TestAgentsAreRefusedUnlessConfigured(t *testing.T) {
	tests := map[string]struct {
		agents Authorizer
		code   int
	}{
		"a nil function":    {AuthorizerFunc(nil), websocket.CloseInternalServerErr},
		"an Authorizer":     {everybody, wire.CloseAuth},
		"the empty token":   {AgentToken(""), wire.CloseAuth},
		"one that panics":   {AuthorizerFunc(func(*http.Request) (Agent, error) { panic("secret database") }), websocket.CloseInternalServerErr},
		"one that is slow":  {AuthorizerFunc(func(r *http.Request) (Agent, error) { <-r.Context().Done(); return Agent{}, r.Context().Err() }), websocket.CloseTryAgainLater},
		"one that has none": {AuthorizerFunc(func(*http.Request) (Agent, error) { return Agent{}, errors.New("no") }), wire.CloseAuth},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, Config{Agents: test.agents}, func(t *testing.T, w *world) {
				c := w.dial(dialing{})
				c.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
				expectClose(c, test.code)
				w.customer().start()
			})
		})
	}
	s, err := New(Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authorize(httptest.NewRequest("GET", "/", nil)); !errors.Is(err, ErrNoAgents) {
		t.Errorf("Authorize without Agents: %v", err)
	}
}

func TestAnAgentWhoIsSignedOutLosesTheSession(t *testing.T) {
	signedOut := make(chan struct{})
	agents := AuthorizerFunc(func(r *http.Request) (Agent, error) {
		if r.Context().Err() != nil {
			t.Error("the context of the request is over")
		}
		select {
		case <-signedOut:
			return Agent{}, errors.New("signed out")
		default:
			return Agent{ID: "ann", Name: "Ann from the app"}, nil
		}
	})
	inWorld(t, Config{Agents: agents}, func(t *testing.T, w *world) {
		sender, agent := w.customer(), w.agent("ann")
		agent.join(sender.start().Code)
		equals(t, "name", expect[wire.MemberJoined](sender).Member.Name, "Ann from the app")
		time.Sleep(10 * time.Minute)
		expectQuiet(agent)
		close(signedOut)
		expectClose(agent, websocket.CloseServiceRestart)
		again := w.dial(dialing{agent: "ann"})
		again.send(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
		expectClose(again, wire.CloseAuth)
		expect[wire.MemberLeft](sender)
	})
}

func TestItWorksBehindWrappersThatOnlyUnwrap(t *testing.T) {
	s, err := New(Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(unwrapper{w}, r)
	}))
	defer hs.Close()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, EnableCompression: true}
	ws, resp, err := dialer.Dial(wsURL(hs), http.Header{"Origin": {hs.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	equals(t, "subprotocol", resp.Header.Get("Sec-Websocket-Protocol"), wire.Subprotocol)
	equals(t, "extensions", resp.Header.Get("Sec-Websocket-Extensions"), "")
	if err := s.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}

type unwrapper struct{ w http.ResponseWriter }

func (u unwrapper) Header() http.Header         { return u.w.Header() }
func (u unwrapper) Write(p []byte) (int, error) { return u.w.Write(p) }
func (u unwrapper) WriteHeader(status int)      { u.w.WriteHeader(status) }
func (u unwrapper) Unwrap() http.ResponseWriter { return u.w }

func TestBytesBeforeTheHandshakeIsOverAreRefused(t *testing.T) {
	_, hs := listen(t, Config{})
	c, err := net.Dial("tcp", hs.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := upgradeRequest(func(h http.Header) { h.Set("Origin", hs.URL) })
	var b strings.Builder
	fmt.Fprintf(&b, "GET / HTTP/1.1\r\nHost: %s\r\n", hs.Listener.Addr())
	r.Header.Write(&b)
	b.WriteString("\r\n" + string(frame(0x81, `{"type":"hello","versions":[1],"role":"sender"}`)))
	if _, err := io.WriteString(c, b.String()); err != nil {
		t.Fatal(err)
	}
	if resp, err := http.ReadResponse(bufio.NewReader(c), r); err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		t.Error("the upgrade succeeded")
	}
}

func TestTheCloseFrameArrivesThoughTheClientStillSends(t *testing.T) {
	s, hs := listen(t, Config{})
	s.linger = time.Hour // the client closes, however long it takes for its megabyte
	for range 20 {
		dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
		ws, _, err := dialer.Dial(wsURL(hs), http.Header{"Origin": {hs.URL}})
		if err != nil {
			t.Fatal(err)
		}
		if err := ws.WriteMessage(websocket.TextMessage, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		_, _, err = ws.ReadMessage()
		if !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
			t.Fatalf("read: %v, want close 1009", err)
		}
		ws.Close()
	}
}
