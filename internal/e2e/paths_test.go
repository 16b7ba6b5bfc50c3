package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// barred is JavaScript: the page's peer connections, which find no way while its tab is not told that there is one.
const barred = `{
	const Direct = RTCPeerConnection;
	window.peers = [];
	RTCPeerConnection = class extends Direct {
		constructor(c) { super(sessionStorage.open ? c : {...c, iceTransportPolicy: "relay"}); peers.push(this) }
	};
}`

// counting is a page of which every change counts: an item that is lost, doubled or out of order shows.
const counting = `<!doctype html><html lang="en">` + noIcon + `<title>Counting</title><ol></ol><script>
	let n = 0;
	const word = ["unread", "able "].join(""); // in no page that the server serves
	setInterval(() => { const item = document.createElement("li"); item.textContent = word + n++; document.querySelector("ol").append(item) }, 30);
</script>`

const items = `[...doc.querySelectorAll("li")].map((item) => Number(item.textContent.slice(11)))`

// served is an app with pages in this process, of as many replicas as the flag says, of which the first is returned.
func served(t *testing.T, options middleware.Options, website http.Handler) (*middleware.Middleware, *shop, *tap) {
	t.Helper()
	return servedBy(t, *replicas, options, website)
}

func TestALinkMovesBetweenRelayAndChannelAndLosesNothing(t *testing.T) {
	t.Parallel()
	q, s, wire := served(t, middleware.Options{}, pages{"/": counting})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(barred)
	agent.BeforeEachPage(`sessionStorage.open = 1;` + barred)
	customer.Go(s.customer + "/")
	browser.Eval[any](customer, api+`.then(({startQwelpSession}) => {
		window.session = startQwelpSession();
		window.connected = [];
		session.addEventListener("connected", (payload) => connected.push(payload.connected));
	})`)
	join(s, customer, agent, startSession(customer))

	// counts waits until the agent has seen more, and sees to it that nothing is missing.
	counts := func(while string) {
		t.Helper()
		now := browser.Eval[int](customer, `n`)
		agent.Until("the count "+while, func() bool {
			seen := browser.Eval[[]int](agent, inMirror(items))
			if i := slices.IndexFunc(seen, func(n int) bool { return n != seen[0] && !slices.Contains(seen, n-1) }); i >= 0 || !slices.IsSorted(seen) {
				t.Fatalf("%s, the agent sees %v", while, seen)
			}
			return len(seen) > now+5
		})
	}
	path := func(relay, channel int) {
		t.Helper()
		customer.Until("the path", func() bool { s := q.Stats(); return s.RelayLinks == relay && s.ChannelLinks == channel })
	}

	agent.Wait(inMirror(`doc.querySelectorAll("li").length > 0`))
	counts("over the relay")
	path(1, 0)
	if got := browser.Eval[string](customer, `JSON.stringify([session.getState().state, session.getSupportDuration(), connected])`); got != `["Connected",0,[]]` {
		t.Errorf("over the relay the session says %s", got)
	}
	if wire.holds("unreadable") || q.Stats().PacketBytes == 0 {
		t.Errorf("the server could read what it relayed, %d bytes", q.Stats().PacketBytes)
	}

	// The customer gets another network, on which there is a way.
	browser.Eval[any](customer, `(sessionStorage.open = 1, dispatchEvent(new Event("online")))`)
	customer.Wait(`connected.join() === "true"`)
	path(0, 1)
	counts("over the channel")
	// It is gone again, for good.
	browser.Eval[any](customer, `(delete sessionStorage.open)`)
	browser.Eval[any](agent, `peers.at(-1).close()`)
	customer.Wait(`connected.join() === "true,false"`)
	path(1, 0)
	counts("over the relay again")
	if got := browser.Eval[int](customer, `session.getSupportDuration()`); got <= 0 {
		t.Errorf("the support duration is %d ms", got)
	}

	customer.Reload()
	agent.Wait(inMirror(`doc.querySelector("li")?.textContent === "unreadable 0"`))
	counts("after a reload")
	path(1, 0)
	browser.Eval[any](customer, `(sessionStorage.open = 1, dispatchEvent(new Event("online")))`)
	path(0, 1)
	counts("over the channel after a reload")
	unharmed(t, customer)
}

func TestWhereNothingIsRelayedThePictureWaitsForTheChannel(t *testing.T) {
	t.Parallel()
	q, s, _ := served(t, middleware.Options{
		Settings: sender.Settings{ComparisonCode: true}, Signal: signal.Config{Relay: signal.RelaySealed},
	}, pages{"/": counting})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(barred)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	// The offer is made, and comes to nothing.
	customer.Wait(`peers.length > 0 && peers[0].iceGatheringState === "complete"`)
	agent.Until("an empty picture", func() bool { return strings.Contains(agent.Text(), "Connecting") })
	if stats := q.Stats(); stats.Packets > 0 || stats.RelayLinks > 0 {
		t.Errorf("a page without a key was relayed: %+v", stats)
	}
	browser.Eval[any](customer, `(sessionStorage.open = 1, dispatchEvent(new Event("online")))`)
	agent.Wait(inMirror(`doc.querySelectorAll("li").length > 0`))
	if stats := q.Stats(); stats.Packets > 0 || stats.ChannelLinks != 1 {
		t.Errorf("the path is not the channel: %+v", stats)
	}

	// Both are shown the same four digits.
	said := regexp.MustCompile(`Comparison code: (\d{4})\.`)
	var digits []string
	customer.Until("digits", func() bool { digits = said.FindStringSubmatch(customer.Text()); return digits != nil })
	agent.Until("the same digits", func() bool { return strings.Contains(agent.Text(), "Compare: "+digits[1]) })
	customer.Screenshot("comparison-customer")
	agent.Screenshot("comparison-agent")
	unharmed(t, customer)
}
