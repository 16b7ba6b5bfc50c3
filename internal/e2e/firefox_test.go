package e2e

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

var withFirefox = flag.Bool("firefox", false, "test with Firefox too: firefox-esr has to be installed")

// fox is a page in Firefox, driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/).
type fox struct {
	t       *testing.T
	conn    *websocket.Conn
	context string
	id      int
}

func openFirefox(t *testing.T) *fox {
	t.Helper()
	if !*withFirefox {
		t.Skip("runs with -firefox only")
	}
	profile := t.TempDir()
	prefs := `user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
user_pref("media.peerconnection.ice.loopback", true);
`
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("firefox-esr", "--headless", "--no-remote", "--width", "1000", "--height", "700", "--profile", profile, "--remote-debugging-port", "0", "about:blank")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	f := &fox{t: t}
	for lines := bufio.NewScanner(out); f.conn == nil && lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "BiDi listening on "); ok {
			if f.conn, _, err = websocket.DefaultDialer.Dial(address+"/session", nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if f.conn == nil {
		t.Fatal("Firefox does not listen")
	}
	go func() { _, _ = out.Read(make([]byte, 1<<20)) }()
	t.Cleanup(func() { f.conn.Close() })
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	return f
}

// call sends a command and decodes its result.
func (f *fox) call(method string, params map[string]any, result any) {
	f.t.Helper()
	f.id++
	if err := f.conn.WriteJSON(map[string]any{"id": f.id, "method": method, "params": params}); err != nil {
		f.t.Fatal(err)
	}
	for {
		var answer struct {
			ID             int
			Type           string
			Result         json.RawMessage
			Error, Message string
		}
		_ = f.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if err := f.conn.ReadJSON(&answer); err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
		if answer.ID != f.id {
			continue
		}
		if answer.Type == "error" {
			f.t.Fatalf("%s: %s: %s", method, answer.Error, answer.Message)
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				f.t.Fatal(err)
			}
		}
		return
	}
}

func (f *fox) open(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// eval evaluates a JavaScript expression as text; "" for one that throws.
func (f *fox) eval(expression string) string {
	f.t.Helper()
	var r struct {
		Result struct{ Value any }
	}
	f.call("script.evaluate", map[string]any{
		"expression": "(async () => String(await (" + expression + ")))()", "target": map[string]any{"context": f.context}, "awaitPromise": true,
	}, &r)
	text, _ := r.Result.Value.(string)
	return text
}

func (f *fox) wait(expression string) {
	f.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); f.eval("Boolean("+expression+")") != "true"; <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("waited in vain for: %s", expression)
		}
	}
}

// click clicks into the middle of a button, once it stands still.
func (f *fox) click(name string) {
	f.t.Helper()
	var place, last string
	for deadline := time.Now().Add(15 * time.Second); place == "" || place != last; <-time.After(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("there is no button %q", name)
		}
		last, place = place, f.eval(`(b => b ? (r => Math.round(r.x + r.width / 2) + " " + Math.round(r.y + r.height / 2))(b.getBoundingClientRect()) : "")(`+buttons+fmt.Sprintf(`(%q))`, name))
	}
	var x, y int
	if _, err := fmt.Sscan(place, &x, &y); err != nil {
		f.t.Fatal(err)
	}
	f.call("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{"type": "pointer", "id": "mouse", "actions": []any{
		map[string]any{"type": "pointerMove", "x": x, "y": y},
		map[string]any{"type": "pointerDown", "button": 0},
		map[string]any{"type": "pointerUp", "button": 0},
	}}}}, nil)
}

// buttons finds a button by what it says, in shadow roots too; those of the page have to be open.
const buttons = `(name => { const find = root => { for (const e of root.querySelectorAll("*")) {
	if (e.localName === "button" && e.textContent.trim() === name && e.getClientRects().length > 0) return e;
	const inner = e.shadowRoot && find(e.shadowRoot);
	if (inner) return inner;
} }; return find(document) })`

func TestFirefoxCustomerAndChromiumAgent(t *testing.T) {
	f := openFirefox(t)
	s := startShop(t, "")
	f.call("script.addPreloadScript", map[string]any{"functionDeclaration": `() => {
		const attach = Element.prototype.attachShadow;
		Element.prototype.attachShadow = function (init) { return attach.call(this, {...init, mode: "open"}) };
	}`}, nil)
	f.open(s.customer + "/product/" + product)
	for _, name := range []string{"Get support", "Start session"} {
		f.click(name)
	}
	session := `import("/_qwelp/current/index.js").then(m => m.QwelpSenderSession.runningSession?.getSupportCode() ?? "")`
	f.wait(session)
	agent := browser.Open(t, 1280, 900)
	enter(s, agent, f.eval(session))
	f.wait(`new Promise(resolve => setTimeout(resolve, 1000, true))`) // a question that has just come is not answered
	f.click("Allow")
	agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	f.eval(`document.querySelector("h1").firstChild.data = "from Firefox"`)
	agent.Wait(inMirror(`doc.querySelector("h1").textContent === "from Firefox"`))
	f.eval(`document.querySelector(".reviews-box").scrollTop = 60`)
	agent.Wait(inMirror(`Math.round(doc.querySelector(".reviews-box").scrollTop) === 60`))
	f.eval(`document.querySelector("dialog").showModal()`)
	agent.Wait(inMirror(`doc.querySelector("dialog").matches(":modal")`))
	f.open(s.customer + "/live")
	agent.Wait(inMirror(`doc.querySelector("#lots tr") !== null`))
}

func TestChromiumCustomerAndFirefoxAgent(t *testing.T) {
	f := openFirefox(t)
	s := startShop(t, "")
	customer := browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/product/" + product)
	code := startSession(customer)
	f.open(s.agent)
	f.wait(`document.querySelector("input")`)
	f.eval(fmt.Sprintf(`(f => { f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector("input"))`, code))
	f.click("Join")
	allow(customer)
	f.wait(inMirror(`doc.querySelector("main") !== null`))
	browser.Eval[any](customer, `document.querySelector("h1").firstChild.data = "from Chromium"`)
	f.wait(inMirror(`doc.querySelector("h1").textContent === "from Chromium"`))
	browser.Eval[any](customer, `document.querySelector("dialog").showModal()`)
	f.wait(inMirror(`doc.querySelector("dialog").matches(":modal")`))
	f.wait(inMirror(`[...doc.images].some(i => i.naturalWidth > 0 && i.src.startsWith("blob:"))`))
	customer.Go(s.customer + "/live")
	f.wait(inMirror(`doc.querySelector("#lots tr") !== null`))
}
