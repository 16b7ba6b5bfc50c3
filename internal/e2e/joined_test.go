package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// tenant is an app of its own origin.
type tenant struct {
	origin  string
	handler http.Handler
}

func newTenant(t *testing.T, host string) *tenant {
	t.Helper()
	app := &tenant{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	app.origin = strings.Replace(server.URL, "127.0.0.1", host, 1)
	return app
}

// serve begins to serve pages with the sender.
func (app *tenant) serve(t *testing.T, settings sender.Settings, site http.Handler) {
	t.Helper()
	q, err := middleware.New(middleware.Options{Settings: settings, Signal: signal.Config{Agents: signal.AgentToken(token)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Shutdown(context.Background()) })
	app.handler = q.Wrap(site)
}

// obeys has a page do what the test says from the page around, which takes note of what it says.
const obeys = `<script>
	const attach = Element.prototype.attachShadow, say = (...what) => parent.postMessage({said: what}, "*"), heard = [];
	addEventListener("message", e => typeof e.data === "string" && e.data.startsWith("do:") ? (0, eval)(e.data.slice(3)) : heard.push(e.data));
	addEventListener("error", e => say("error", e.message));
</script>`

// hostile answers the offer with all it can think of.
const hostile = `<script>
	addEventListener("message", ({ports: [port]}) => {
		if (!port) return;
		const frame = (...bytes) => port.postMessage({frame: new Uint8Array(bytes)});
		// A page, its end, then nodes that do not exist, and bytes that are nothing.
		frame(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 104, 116, 109, 108, 0, 2);
		frame(1, 2, 9, 99), frame(1, 3, 255), frame(2), frame(0xff, 0xff, 0xff);
		// Pages without end in pages without end.
		for (let i = 0; i < 200; i++) frame(1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 35, 1, 3, 1, 1, 1);
		for (let i = 0; i < 30; i++) port.postMessage({pointer: new Uint8Array([1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0x7f])});
		frame();
		for (const garbage of [null, 1, "x", [], {}, {frame: "x"}, {frame: {length: 1e9}}, {frame: new Uint8Array(0)}, {pointer: new Uint8Array(1)}, {pointer: null}]) {
			for (let i = 0; i < 5; i++) port.postMessage(garbage);
		}
		// Its neighbour takes offers of its parent only.
		const {port1, port2} = new MessageChannel();
		port1.onmessage = () => say("stole");
		parent.frames[0].postMessage("qwelp.v1", "*", [port2]);
		say("attacked");
	});
</script>`

// Pages of other origins are seen inside their frames when both sides want it.
func TestPagesOfOtherOriginsJoin(t *testing.T) {
	t.Parallel()
	front, pay, bank := newTenant(t, "127.0.0.1"), newTenant(t, "localhost"), newTenant(t, "127.0.0.1")
	stranger, shy, evil := newTenant(t, "localhost"), newTenant(t, "localhost"), newTenant(t, "localhost")
	document := `<!doctype html><html lang="en">` + noIcon + obeys + `<style>body { margin: 10px; font: 16px sans-serif }</style>`
	front.serve(t, sender.Settings{Frames: []string{pay.origin, shy.origin, evil.origin}}, pages{"/": document + `<title>Shop</title><style>iframe { width: 300px; height: 200px }</style>
		<main><h1>Shop</h1><iframe id="pay" src="` + pay.origin + `/"></iframe> <iframe id="stranger" src="` + stranger.origin + `/"></iframe>
		<iframe id="shy" src="` + shy.origin + `/"></iframe> <iframe id="evil" src="` + evil.origin + `/"></iframe>
		<iframe data-qwelp="hide" src="` + pay.origin + `/"></iframe> <div data-qwelp="redact"><iframe src="` + pay.origin + `/"></iframe></div></main>
		<script>const said = []; addEventListener("message", e => e.data?.said && said.push([...document.querySelectorAll("iframe")].find(f => f.contentWindow === e.source)?.id + " " + e.data.said.join(" ")))</script>`})
	secrets := http.NewServeMux()
	secrets.Handle("/", pages{
		"/": document + `<title>Pay</title><h1>Pay 4711</h1><input id="name"><input id="password" type="password"><p class="iban">DE02 1203</p><img src="/seal.png">
			<iframe id="bank" src="` + bank.origin + `/" width="100" height="50"></iframe><div style="height: 500px"></div>`,
		"/paid": document + `<title>Paid</title><h1>Paid</h1>`,
	})
	secrets.HandleFunc("/seal.png", func(w http.ResponseWriter, r *http.Request) { _ = png.Encode(w, image.NewGray(image.Rect(0, 0, 7, 7))) })
	pay.serve(t, sender.Settings{Parents: []string{front.origin}, Frames: []string{bank.origin}, Privacy: sender.Privacy{Redact: []string{".iban"}}}, secrets)
	bank.serve(t, sender.Settings{Parents: []string{pay.origin}}, pages{"/": document + `<h1>Bank</h1>`})
	stranger.serve(t, sender.Settings{Parents: []string{front.origin}}, pages{"/": document + `<h1>Stranger</h1>`})
	shy.serve(t, sender.Settings{Parents: []string{pay.origin}}, pages{"/": document + `<h1>Shy</h1>`})
	evil.serve(t, sender.Settings{}, pages{"/": document + hostile + `<h1>Evil</h1>`})

	p := &pair{
		shop:     &shop{customer: front.origin, agent: front.origin + "/_qwelp/agent/?token=" + token},
		customer: browser.Open(t, 1000, 800), agent: browser.Open(t, 1280, 1000),
	}
	customer := p.customer
	customer.Go(front.origin + "/")
	do := func(frame, script string) {
		t.Helper()
		browser.Eval[any](customer, fmt.Sprintf(`document.getElementById(%q).contentWindow.postMessage("do:" + %q, "*")`, frame, script))
	}
	asked := 0
	ask := func(frame, expression string) (answer string) {
		t.Helper()
		asked++
		begin := fmt.Sprintf("%s %d ", frame, asked)
		do(frame, fmt.Sprintf(`say(%d, JSON.stringify(%s))`, asked, expression))
		customer.Until("an answer from "+frame+" to "+expression, func() bool {
			for _, said := range browser.Eval[[]string](customer, `said`) {
				if rest, ok := strings.CutPrefix(said, begin); ok {
					answer = rest
				}
			}
			return answer != ""
		})
		return answer
	}
	// inFrame is JavaScript with inner for the mirrored document of a frame.
	inFrame := func(frame, expression string) string {
		return inMirror(fmt.Sprintf(`(inner => inner ? (%s) : undefined)(doc.getElementById(%q)?.contentDocument)`, expression, frame))
	}
	says := func(frame, heading string) string {
		return inFrame(frame, fmt.Sprintf(`inner.querySelector("h1")?.textContent === %q`, heading))
	}
	loaded := `performance.getEntriesByType("resource").map(e => new URL(e.name).pathname.split("/").pop()).filter(name => /^(auto|guest|capture|session)/.test(name)).join()`
	if got := ask("pay", loaded); got != `"auto.js"` {
		t.Errorf("without a session the page in the frame loads %s", got)
	}

	p.code = startSession(customer)
	join(p.shop, p.customer, p.agent, p.code)
	p.agent.Wait(says("pay", "Pay 4711"))
	t.Run("images, and frames in frames", func(t *testing.T) {
		p.agent.Wait(inFrame("pay", `inner.images[0].naturalWidth === 7 && inner.images[0].src.startsWith("blob:")`))
		p.agent.Wait(inFrame("pay", `inner.querySelector("#bank").contentDocument?.querySelector("h1")?.textContent === "Bank"`))
		p.agent.Screenshot("joined")
	})
	// place is where the middle of an element in a frame is in the customer's viewport.
	place := func(frame, selector string) (x, y float64) {
		t.Helper()
		middle := `(box => [box.x + box.width / 2, box.y + box.height / 2])`
		var at [2]float64
		if err := json.Unmarshal([]byte(strings.Trim(ask(frame, fmt.Sprintf(`%s(document.querySelector(%q).getBoundingClientRect())`, middle, selector)), `"`)), &at); err != nil {
			t.Fatal(err)
		}
		around := browser.Eval[[2]float64](customer, fmt.Sprintf(`(f => [f.getBoundingClientRect().x + f.clientLeft, f.getBoundingClientRect().y + f.clientTop])(document.getElementById(%q))`, frame))
		return around[0] + at[0], around[1] + at[1]
	}
	t.Run("what is typed, scrolled and changed, but nothing that is private", func(t *testing.T) {
		for _, field := range []string{"#name", "#password"} {
			customer.ClickAt(place("pay", field))
			customer.Type("Zoë 42")
		}
		p.agent.Wait(inFrame("pay", `inner.querySelector("#name").value === "Zoë 42" && inner.querySelector("#password").value === "••••••••"`))
		p.agent.Wait(inFrame("pay", `inner.querySelector(".iban").textContent === "••••••••"`))
		p.agent.Wait(inMirror(`doc.activeElement.id === "pay" && doc.activeElement.contentDocument.activeElement.id === "password"`))
		do("pay", `scrollTo(0, 100), document.querySelector("h1").textContent = "Pay 4712"`)
		p.agent.Wait(says("pay", "Pay 4712"))
		p.agent.Wait(inFrame("pay", `inner.defaultView.scrollY === 100`))
		do("pay", `scrollTo(0, 0)`)
		if shown := browser.Eval[string](p.agent, inFrame("pay", `inner.documentElement.outerHTML + [...inner.querySelectorAll("input")].map(i => i.value)`)); strings.Contains(shown, "1203") {
			t.Errorf("the mirror holds the secret: %s", shown)
		}
	})
	t.Run("the pointer, where it is in the page around", func(t *testing.T) {
		x, y := place("pay", "h1")
		customer.Move(x, y)
		p.agent.Wait(fmt.Sprintf(`(() => {
			const [, x, y] = /translate\(([\d.]+)px, ([\d.]+)px\)/.exec(document.querySelector(".pointer").style.transform) ?? [];
			const host = document.querySelector(".host"), scale = host.getBoundingClientRect().width / host.offsetWidth;
			return Math.hypot(x / scale - %f, y / scale - %f) < 2;
		})()`, x, y))
	})
	t.Run("nothing of a page that only one side wants shown, or that is redacted or hidden", func(t *testing.T) {
		for _, frame := range []string{"#stranger", "#shy", "main > iframe:last-of-type", "div iframe"} {
			if got := browser.Eval[string](p.agent, inMirror(fmt.Sprintf(`doc.querySelector(%q)?.contentDocument?.body?.textContent.trim() ?? ""`, frame))); got != "" {
				t.Errorf("%s shows %q", frame, got)
			}
		}
		for frame, want := range map[string]string{"stranger": `[]`, "shy": `["qwelp.v1"]`} {
			if got := ask(frame, `heard`); !strings.HasPrefix(got, strings.TrimSuffix(want, "]")) || want == "[]" && got != want {
				t.Errorf("%s has heard %s, want %s", frame, got, want)
			}
		}
	})
	t.Run("a page that makes no sense harms nothing around it", func(t *testing.T) {
		customer.Wait(`said.includes("evil attacked")`)
		do("pay", `document.querySelector("h1").textContent = "Pay 4713"`)
		p.agent.Wait(says("pay", "Pay 4713"))
		browser.Eval[any](customer, `document.querySelector("h1").textContent = "Shop, unharmed"`)
		p.agent.Wait(inMirror(`doc.querySelector("h1").textContent === "Shop, unharmed"`))
		p.agent.Wait(inFrame("evil", `!inner.body?.textContent.trim()`))
	})
	t.Run("a frame that is lost on the way", func(t *testing.T) {
		do("pay", `{
			const {postMessage} = MessagePort.prototype;
			MessagePort.prototype.postMessage = function (message, ...rest) {
				if (!message.frame) return postMessage.call(this, message, ...rest);
				MessagePort.prototype.postMessage = postMessage;
				document.querySelector("h1").textContent = "Pay 4714";
			};
			document.querySelector("h1").textContent = "lost";
		}`)
		p.agent.Wait(says("pay", "Pay 4714"))
	})
	t.Run("settings of the page in the frame that come later", func(t *testing.T) {
		do("pay", `import("/_qwelp/current/index.js").then(qwelp => qwelp.startQwelpSession({privacy: {redact: ["h1"]}}))`)
		p.agent.Wait(says("pay", "••••••••"))
		if got := browser.Eval[bool](p.agent, inFrame("pay", `inner.querySelector("qwelp-support") !== null`)); got {
			t.Error("the agent sees the button of the page in the frame")
		}
	})
	t.Run("navigation inside the frame, also to where nothing is to be seen", func(t *testing.T) {
		for _, step := range []struct{ origin, path, heading string }{
			{pay.origin, "/paid", "Paid"}, {stranger.origin, "/", ""}, {pay.origin, "/", "Pay 4711"},
		} {
			do("pay", fmt.Sprintf(`location.href = %q`, step.origin+step.path))
			if step.heading == "" {
				p.agent.Wait(inFrame("pay", `!inner.body?.textContent.trim()`))
			} else {
				p.agent.Wait(says("pay", step.heading))
			}
		}
	})
	t.Run("what the page around hides later", func(t *testing.T) {
		browser.Eval[any](customer, `document.querySelector("#pay").dataset.qwelp = "hide"`)
		p.agent.Wait(inMirror(`![...doc.querySelectorAll("iframe")].some(f => f.contentDocument?.querySelector("h1")?.textContent.startsWith("Pay"))`))
		browser.Eval[any](customer, `delete document.querySelector("#pay").dataset.qwelp`)
		p.agent.Wait(says("pay", "Pay 4711"))
	})
	t.Run("frames that move and go", func(t *testing.T) {
		browser.Eval[any](customer, `document.querySelector("main").prepend(document.querySelector("#pay"))`)
		p.agent.Wait(inMirror(`doc.querySelector("main").firstElementChild.id === "pay"`))
		p.agent.Until("what has changed in the frame since it has loaded anew", func() bool {
			do("pay", `document.querySelector("h1").textContent = "Moved"`)
			ok, err := browser.TryEval[bool](p.agent, says("pay", "Moved"))
			return err == nil && ok
		})
	})
	t.Run("the end of the session", func(t *testing.T) {
		if got := ask("pay", `attach === Element.prototype.attachShadow`); got != "false" {
			t.Error("the page in the frame is not captured")
		}
		p.agent.ClickUntilGone("button", "End session")
		customer.Until("the end in the frame", func() bool { return ask("pay", `attach === Element.prototype.attachShadow`) == "true" })
	})
	t.Run("an agent in Go sees the same", func(t *testing.T) {
		ctx, cancel := patience.Context(t.Context(), patience.Enough)
		defer cancel()
		customer.Reload()
		session, err := agent.Join(ctx, front.origin, startSession(customer), agent.Options{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		allow(customer)
		err = session.WaitFor(ctx, func(p *agent.Page) bool {
			frame := p.Element("pay")
			return frame != nil && frame.Embedded != nil && strings.Contains(frame.Text(), "Pay 4711") && strings.Contains(frame.Text(), "Bank")
		})
		if err != nil {
			t.Fatalf("%v; the agent reads %q", err, session.Page().Text())
		}
		if err := session.End(ctx); err != nil {
			t.Error(err)
		}
	})
	for _, said := range browser.Eval[[]string](customer, `said`) {
		if strings.Contains(said, " error ") || strings.Contains(said, "stole") {
			t.Errorf("a page in a frame says: %s", said)
		}
	}
	unharmed(t, customer)
	unharmed(t, p.agent)
}
