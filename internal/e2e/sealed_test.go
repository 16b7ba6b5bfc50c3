package e2e

import (
	"bytes"
	"crypto/ecdh"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// tap notes all that a server writes.
type tap struct {
	net.Listener
	mu      sync.Mutex
	written bytes.Buffer
}

type tapped struct {
	net.Conn
	tap *tap
}

func (l *tap) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return tapped{conn, l}, err
}

func (c tapped) Write(data []byte) (int, error) {
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	c.tap.written.Write(data)
	return c.Conn.Write(data)
}

// messages are the signalling messages that the server has passed on, which it writes without masking them.
func (l *tap) messages(kind string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Count(l.written.Bytes(), []byte(`{"type":"`+kind+`"`))
}

func (l *tap) holds(word string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.written.Bytes(), []byte(word))
}

// With a customerKey the server passes on nothing that it can read, and only the holder of the private key sees the page.
func TestASessionIsSealedFromBrowserToBrowser(t *testing.T) {
	t.Parallel()
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{CustomerKey: seal.FormatPublic(key.PublicKey())},
		Signal:   signal.Config{Agents: signal.AgentToken(token)},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(q.Wrap(pages{
		"/":     `<!doctype html><title>Sealed</title>` + noIcon + `<h1>First</h1>`,
		"/next": `<!doctype html><title>Sealed</title>` + noIcon + `<h1>Next</h1>`,
	}))
	wire := &tap{Listener: server.Listener}
	server.Listener = wire
	server.Start()
	t.Cleanup(server.Close)
	s := &shop{t: t, customer: server.URL, agent: server.URL + "/_qwelp/agent/?token=" + token}
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	agent.Go(s.agent)
	refused := func() {
		t.Helper()
		code := startSession(customer)
		agent.Fill("Support code", code)
		agent.Click("button", "Join")
		allow(customer)
		agent.Until("what is missing", func() bool {
			return strings.Contains(agent.Text(), seal.Fingerprint(key.PublicKey())+", whose private key is not in this browser")
		})
		customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
		agent.Click("button", "Join another session")
		customer.Reload()
	}
	enter := func(text string) {
		t.Helper()
		browser.Eval[any](agent, fmt.Sprintf(`(document.querySelector(".keycard").open = true, document.querySelector("#private-key").value = %q)`, text))
		agent.Click("button", "Import key")
	}
	keys := func(n int) {
		t.Helper()
		agent.Wait(fmt.Sprintf(`document.querySelectorAll(".keys li").length === %d`, n))
	}

	refused()
	other, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	enter(private(t, other))
	keys(1)
	refused()
	enter(seal.FormatPublic(key.PublicKey()))
	agent.Until("the reason", func() bool { return strings.Contains(agent.Text(), "not a private key of the curve P-256") })
	enter(private(t, key))
	keys(2)
	agent.Screenshot("keys")
	agent.Click("button", "Remove "+seal.Fingerprint(other.PublicKey()))
	keys(1)
	if open := browser.Eval[bool](agent, extractable); open {
		t.Error("the private key can be taken out of the browser")
	}

	join(s, customer, agent, startSession(customer))
	shows := func(text string) {
		t.Helper()
		agent.Wait(inMirror(fmt.Sprintf(`doc.querySelector("h1")?.textContent === %q`, text)))
	}
	shows("First")
	agent.Reload()
	shows("First")
	customer.Go(s.customer + "/next")
	shows("Next")
	if n := wire.messages("sealed"); n < 6 {
		t.Errorf("the server passed on %d sealed messages", n)
	}
	for _, kind := range []string{"description", "candidate"} {
		if n := wire.messages(kind); n > 0 {
			t.Errorf("the server passed on %d times a %s that it can read", n, kind)
		}
	}
	for _, word := range []string{"a=fingerprint", "ice-ufrag", "candidate:", "typ host"} {
		if wire.holds(word) {
			t.Errorf("the server could read %q", word)
		}
	}
	unharmed(t, customer)

	agent.ClickUntilGone("button", "End session")
	customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
	customer.Go(s.customer + "/")
	browser.Eval[any](customer, `import("/_qwelp/current/index.js").then(({startQwelpSession}) => { startQwelpSession({customerKey: "shop-1"}) })`)
	agent.Click("button", "Join another session")
	join(s, customer, agent, startSession(customer))
	customer.Until("that nothing goes without a key", func() bool { return strings.Contains(customer.Text(), "could not be encrypted") })
	if n := wire.messages("description"); n > 0 {
		t.Errorf("without a valid key the server passed on %d descriptions", n)
	}
}

// extractable is JavaScript for the console page: whether its first key can be exported.
const extractable = `new Promise((resolve, reject) => {
	const opening = indexedDB.open("qwelp.agent");
	opening.onerror = reject;
	opening.onsuccess = () => {
		const all = opening.result.transaction("keys").objectStore("keys").getAll();
		all.onsuccess = () => resolve(all.result[0].key.extractable);
	};
})`

func private(t *testing.T, key *ecdh.PrivateKey) string {
	t.Helper()
	text, err := seal.FormatPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
