package signal

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// sign makes the request of signInTo one with these header fields.
func sign(fields ...string) func(*http.Request) {
	return func(r *http.Request) {
		for _, field := range fields {
			name, value, _ := strings.Cut(field, ": ")
			r.Header.Set(name, value)
		}
	}
}

func TestTheRightTokenIsLetInHoweverManyWrongOnesCome(t *testing.T) {
	const token = "a long random token"
	a := AgentToken(token)
	inWorld(t, Config{Agents: a, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, func(t *testing.T, w *world) {
		running := w.agentFrom(dialing{header: http.Header{"Authorization": {"Bearer " + token}}})
		cookie := a.(*tokenAgents).cookie(httptest.NewRequest(http.MethodGet, "/agent/", nil))
		console := w.agentFrom(dialing{header: http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}})
		started := w.customer().start()
		running.join(started.Code)
		console.join(w.customer().start().Code)
		for i := range 2 * tokensOfAll.limit { // from the network of those two, and from a hundred others
			from := sign("X-Forwarded-For: " + fmt.Sprintf("198.51.100.%d", i%100))
			if i%2 == 0 {
				from = unchanged
			}
			signInTo(a, fmt.Sprint("/agent/?token=", i), func(r *http.Request) { from(r); r.RemoteAddr = "192.0.2.1:1" })
		}
		equals(t, "status of a wrong one", signInTo(a, "/agent/?token=wrong", unchanged).Code, http.StatusTooManyRequests)
		equals(t, "status by link", signInTo(a, "/agent/?token=a+long+random+token", unchanged).Code, http.StatusSeeOther)
		equals(t, "status by form", signInTo(a, "http://shop.example/agent/", post("http://shop.example", token)).Code, http.StatusSeeOther)
		for _, field := range []string{"Authorization: Bearer " + token, "Cookie: " + cookie.Name + "=" + cookie.Value} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			sign(field)(r)
			equals(t, "status by "+field, statusOf(a.Authorize(r)), http.StatusOK)
		}
		w.agentFrom(dialing{header: http.Header{"Authorization": {"Bearer " + token}}})
		time.Sleep(5 * reauthorization)
		expectQuiet(running)
		expectQuiet(console)
	})
}

func TestPagesCannotUseUpTheBudgetOfTheirVisitors(t *testing.T) {
	for name, test := range map[string]struct {
		fields []string
		counts bool
	}{
		"an image of another site":              {[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"}, false},
		"a link, pop-up or redirect of one":     {[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, false},
		"a subdomain":                           {[]string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, false},
		"an image in a page of the app":         {[]string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"}, false},
		"a frame in a page of the app":          {[]string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, false},
		"an old browser on another site":        {[]string{"Referer: https://evil.example/"}, false},
		"an old browser on another port":        {[]string{"Referer: http://shop.example:8080/"}, false},
		"a sandboxed page":                      {[]string{"Origin: null"}, false},
		"a word that no browser says":           {[]string{"Sec-Fetch-Site: elsewhere"}, false},
		"typed, or a bookmark":                  {[]string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, true},
		"a link of the app":                     {[]string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, true},
		"an old browser, typed":                 {nil, true},
		"an old browser on the app's own pages": {[]string{"Referer: http://shop.example/help?a=b"}, true},
		"a page of an origin that is allowed":   {[]string{"Sec-Fetch-Site: cross-site", "Origin: https://front.example"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := AgentToken("right")
			if _, err := New(Config{Logger: slog.New(slog.DiscardHandler), Agents: a, AllowedOrigins: []string{"https://front.example"}}); err != nil {
				t.Fatal(err)
			}
			want := http.StatusForbidden
			if test.counts {
				want = http.StatusUnauthorized
			}
			for i := range tokensOfRemote.limit {
				equals(t, "status", signInTo(a, fmt.Sprint("http://shop.example/agent/?token=", i), sign(test.fields...)).Code, want)
			}
			after := signInTo(a, "http://shop.example/agent/", post("http://shop.example", "wrong")).Code
			equals(t, "counted", after == http.StatusTooManyRequests, test.counts)
			if code := signInTo(a, "http://shop.example/agent/?token=right", sign(test.fields...)).Code; code >= 400 {
				t.Errorf("status with the right token: %d", code)
			}
		})
	}
}

func TestATokenCountsOnceByWhateverDoorItComes(t *testing.T) {
	a := AgentToken("right")
	for range tokensOfRemote.limit {
		signInTo(a, "http://shop.example/agent/?token=wrong", unchanged)
		signInTo(a, "http://shop.example/agent/", post("http://shop.example", "wrong"))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer wrong")
		equals(t, "status", statusOf(a.Authorize(r)), http.StatusUnauthorized)
	}
}

func TestASignInThatDribblesIsClosed(t *testing.T) {
	for name, origin := range map[string]string{"of the app": "http://shop.example", "of another site": "https://evil.example"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := AgentToken("right")
				listener := newPipeListener()
				server := &http.Server{Handler: http.HandlerFunc(a.(SignInner).SignIn)}
				go server.Serve(listener)
				defer server.Close()
				c, err := listener.dial("192.0.2.1:1")
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				begin := time.Now()
				var writing sync.WaitGroup
				defer writing.Wait()
				writing.Go(func() {
					dribble(c, "POST /agent/ HTTP/1.1\r\nHost: shop.example\r\nOrigin: "+origin+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\ntoken=")
				})
				if _, err := io.Copy(io.Discard, bufio.NewReader(c)); err != nil {
					t.Error(err)
				}
				if took := time.Since(begin); took > 11*time.Second {
					t.Errorf("closed after %v", took)
				}
			})
		})
	}
}

// dribble writes head at once and then a byte a second, until that fails.
func dribble(c net.Conn, head string) {
	_, err := io.WriteString(c, head)
	for err == nil {
		time.Sleep(time.Second)
		_, err = c.Write([]byte{'x'})
	}
}

func TestOneAgentsWrongCodesLockNobodyElseOut(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		for range 6 { // two windows of the network
			eve := w.agent("eve")
			guess(eve, 20)
			w.agent("ann").join(w.customer().start().Code)
			guess(w.agent("bob"), 1)
			time.Sleep(missesOfAgent.window)
		}
		w.agent("new").join(w.customer().start().Code)
	})
}

func TestWhoHasJoinedIsJudgedByHisOwnWrongCodesAlone(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		ann := w.agent("ann")
		ann.join(w.customer().start().Code)
		ann.ws.Close()
		for i := range 2 { // an attack from this network
			guess(w.agent(fmt.Sprint("eve", i)), 10)
		}
		for range missesOfAll.limit { // and from many
			if _, err := (count{missesOfAll, w.store.broker, "all"}).spend(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		stranger := w.agent("new")
		stranger.send(wire.Join{Code: "000000000"})
		expectError(stranger, wire.ErrSlowDown)
		ann = w.agent("ann")
		ann.join(w.customer().start().Code)
		ann.ws.Close()
		equals(t, "guesses", guess(w.agent("ann"), 20), 10)
		time.Sleep(provenFor)
		other := w.agent("new")
		other.join(w.customer().start().Code)
	})
}
