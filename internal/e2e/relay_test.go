package e2e

import (
	"net"
	"net/netip"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/turn"
)

// relayOnly lets a page's connections go through a relay or nowhere.
const relayOnly = `{
	const Direct = RTCPeerConnection;
	RTCPeerConnection = class extends Direct { constructor(c) { super({...c, iceTransportPolicy: "relay"}) } };
}`

func TestTwoBrowsersMeetOverOurOwnRelay(t *testing.T) {
	t.Parallel()
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	relay, err := turn.New(turn.Config{
		Host: "127.0.0.1", TCP: []net.Listener{tcp}, RelayAddrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, InsecureLoopback: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	q, app, wire := served(t, middleware.Options{Signal: signal.Config{TURN: relay, HideAgents: true}}, pages{
		"/": `<!doctype html><html lang="en">` + noIcon + `<title>Far</title><main><h1>Far away</h1></main>`,
	})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(relayOnly) // the agent is told so
	customer.Go(app.customer + "/")
	join(app, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1")?.textContent === "Far away"`))
	customer.Until("the path", func() bool { return q.Stats().ChannelLinks == 1 })
	if wire.holds("typ host") || wire.holds("typ srflx") {
		t.Error("the server passed on an address of a browser")
	}
}
