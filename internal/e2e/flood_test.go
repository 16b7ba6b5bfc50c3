package e2e

import (
	"crypto/ecdh"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// flooding is JavaScript: a page that has its hands on the link's data channels, and floods them.
const flooding = `{
	const create = RTCPeerConnection.prototype.createDataChannel;
	window.channels = {};
	window.warnings = [];
	const { warn } = console;
	console.warn = (...args) => { warnings.push(args.join(" ")); warn(...args) };
	RTCPeerConnection.prototype.createDataChannel = function (label, ...rest) { window.connection = this; return channels[label] = create.call(this, label, ...rest) };
	const text = (message) => new TextEncoder().encode(JSON.stringify(message));
	window.control = (i, message) => { const data = text(message); const all = new Uint8Array(5 + data.length); all[0] = 3; new DataView(all.buffer).setUint32(1, i); all.set(data, 5); return all };
	window.flood = (label, make) => {
		let i = 0;
		const timer = setInterval(() => {
			try { for (let k = 0; k < 100; k++) channels[label].send(make(i++)) } catch { clearInterval(timer) }
		}, 10);
	};
}`

// working is a page that works: its timer counts, and so does its button.
const working = `<!doctype html><html lang="en">` + noIcon + `<title>Busy</title><h1>Busy</h1><button onclick="clicks++">Count</button><script>
	let clicks = 0, ticks = 0;
	setInterval(() => ticks++, 10);
</script>`

const overloaded = "The connection was closed because more was sent over it than is allowed."

// Floods over the data channels, of the agent's console first, then of the customer's page, and over the relay of an agent that is no browser.
func TestFloodsOverALinkEndItAndHarmNobody(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{}, pages{"/": working})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(flooding)
	agent.BeforeEachPage(flooding)
	customer.Go(s.customer + "/")
	code := startSession(customer)
	join(s, customer, agent, code)

	seesIt := func() {
		t.Helper()
		agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Busy"`))
		for _, p := range []*browser.Page{customer, agent} {
			p.Wait(`channels.control?.readyState === "open" && channels.pointer.readyState === "open"`)
		}
	}
	// works sees to it that the customer's page goes on.
	works := func() {
		t.Helper()
		before := browser.Eval[[2]int](customer, `[ticks, clicks]`)
		customer.Click("button", "Count")
		customer.Until("its timers and clicks", func() bool {
			now := browser.Eval[[2]int](customer, `[ticks, clicks]`)
			return now[0] > before[0]+10 && now[1] == before[1]+1
		})
	}
	says := func(p *browser.Page, text string) {
		t.Helper()
		p.Until(text, func() bool { return strings.Contains(p.Text(), text) })
	}
	again := func() {
		t.Helper()
		customer.Click("button", "Try again")
		code = supportCode(customer)
	}
	rejoin := func() {
		t.Helper()
		agent.Click("button", "Join another session")
		agent.Fill("Support code", code)
		agent.Click("button", "Join")
		allow(customer)
		seesIt()
	}

	floods := []struct{ name, script string }{
		{"resyncs", `flood("control", (i) => control(i, {type: "resync", reason: "gap"}))`},
		{"what makes no sense", `flood("control", () => new Uint8Array([9]))`},
		{"another channel", `flood("frames", () => new Uint8Array(1000))`},
		{"a channel of its own", `connection.createDataChannel("mine")`},
	}
	for i, f := range floods {
		if i > 0 {
			again()
			rejoin()
		} else {
			seesIt()
		}
		browser.Eval[any](agent, `void `+f.script)
		works()
		says(customer, overloaded)
		says(agent, overloaded)
		if warnings := warningsOf(customer); len(warnings) != i+1 {
			t.Fatalf("%s: the customer's page has the warnings %q", f.name, warnings)
		}
	}
	for _, f := range []struct{ name, script string }{
		{"a pointer that never rests", `flood("pointer", () => new Uint8Array([4, 1, 1, 1]))`},
		{"control messages", `flood("control", (i) => control(i, {type: "visibility", hidden: false}))`},
		{"text", `flood("control", () => "text")`},
	} {
		again()
		rejoin()
		before := len(warningsOf(agent))
		browser.Eval[any](customer, `void `+f.script)
		says(agent, overloaded)
		says(customer, overloaded)
		if warnings := warningsOf(agent); len(warnings) != before+1 {
			t.Fatalf("%s: the console has the warnings %q", f.name, warnings[before:])
		}
	}
	again()
	before := len(warningsOf(customer))
	over := floodTheRelay(t, s.customer, code)
	allow(customer)
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	works()
	says(customer, overloaded)
	if warnings := warningsOf(customer); len(warnings) != before+1 {
		t.Errorf("over the relay: the customer's page has the warnings %q", warnings[before:])
	}
	if errs := append(customer.Errors(), agent.Errors()...); len(errs) > 0 {
		t.Errorf("errors: %q", errs)
	}
}

func warningsOf(p *browser.Page) []string { return browser.Eval[[]string](p, `warnings`) }

// floodTheRelay joins as an agent that takes no peer connection, and asks for snapshots over the relay until the customer's page says that it is too much.
func floodTheRelay(t *testing.T, base, code string) <-chan error {
	key, err := ecdh.P256().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/_qwelp/signal", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	say := func(m wire.Message) {
		data, err := wire.Encode(m)
		if err == nil {
			err = ws.WriteMessage(websocket.TextMessage, data)
		}
		if err != nil {
			t.Error(err)
		}
	}
	say(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
	say(wire.Join{Code: code, Key: seal.FormatPublic(key.PublicKey())})
	over := make(chan error, 1)
	go func() {
		var place seal.Place
		var relay *seal.Relay
		sent := 0
		for {
			kind, data, err := ws.ReadMessage()
			if err != nil {
				over <- err
				return
			}
			if kind == websocket.TextMessage {
				switch m, _ := wire.Decode(data); m := m.(type) {
				case wire.Joined:
					place = seal.Place{Session: m.Session, Agent: m.Member}
				case wire.Ping:
					say(wire.Pong{})
				}
				continue
			}
			member, link, box, err := wire.ReadRelayed(data)
			if err != nil {
				over <- err
				return
			}
			if relay == nil {
				place.Link = link
				if relay, err = seal.AcceptRelay([]*ecdh.PrivateKey{key}, place, box); err != nil {
					over <- err
					return
				}
			}
			packet, err := relay.Open(box)
			if err != nil {
				over <- err
				return
			}
			for ; sent < 2*wire.ControlBurst; sent++ {
				text, err := wire.EncodeControl(wire.Resync{Reason: wire.ResyncGap, Frames: []int{1}})
				if err == nil {
					box, err = relay.Seal(wire.Packet{Kind: wire.PacketControl, Number: uint32(sent), Data: text}.Append(nil))
				}
				if err == nil {
					err = ws.WriteMessage(websocket.BinaryMessage, wire.AppendRelayed(nil, member, link, box))
				}
				if err != nil {
					over <- err
					return
				}
			}
			if p, err := wire.DecodePacket(packet); err == nil && p.Kind == wire.PacketControl {
				if m, _ := wire.DecodeControl(p.Data); m == (wire.Overload{}) {
					over <- nil
					return
				}
			}
		}
	}()
	return over
}
