package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// stages are what a page that takes a session up goes through, by the names that markStages gives them.
var stages = []struct{ mark, name string }{
	{"tag", "our script is fetched"},
	{"parsed", "DOMContentLoaded"},
	{"part", "session.js and capture.js are fetched, from the browser's cache"},
	{"wanted", "the WebSocket is asked for"},
	{"socket", "the WebSocket is open, and our scripts are read"},
	{"resumed", "the server has given the session back"},
	{"frame", "the first frame leaves, over the relay"},
	{"offer", "the offer leaves"},
	{"answer", "the answer is here"},
	{"ice", "ICE has found a path"},
	{"dtls", "DTLS stands"},
	{"channel", "a data channel is open (SCTP)"},
}

// markStages keeps when each stage was first reached, in ms of performance.now().
const markStages = `
	window.marks = {};
	const mark = name => marks[name] ??= performance.now();
	document.addEventListener("DOMContentLoaded", () => mark("parsed"));
	const { send } = WebSocket.prototype;
	WebSocket.prototype.send = function (data) {
		if (data.byteLength > 200) mark("frame");
		else if (/"kind":"offer"/.test(data)) mark("offer");
		return send.call(this, data);
	};
	WebSocket = class extends WebSocket {
		constructor(...all) {
			super(...all);
			mark("wanted");
			this.addEventListener("open", () => mark("socket"));
			this.addEventListener("message", ({ data }) => {
				if (/"type":"resumed"/.test(data)) mark("resumed");
				if (/"kind":"answer"/.test(data)) mark("answer");
			});
		}
	};
	RTCPeerConnection = class extends RTCPeerConnection {
		constructor(...all) {
			super(...all);
			this.addEventListener("iceconnectionstatechange", () => /connected|completed/.test(this.iceConnectionState) && mark("ice"));
			this.addEventListener("connectionstatechange", () => this.connectionState === "connected" && mark("dtls"));
		}
		createDataChannel(...all) {
			const channel = super.createDataChannel(...all);
			channel.addEventListener("open", () => mark("channel"));
			return channel;
		}
	};
	window.stages = () => {
		const read = name => performance.getEntriesByType("resource").find(e => e.name.endsWith(name))?.responseEnd;
		return marks.channel && { ...marks, tag: read("/auto.js"), part: Math.max(read("/session.js"), read("/capture.js")) };
	}`

// BenchmarkResumeStages tells where the time goes from a new page to its data channel, in turns between two pages. Times count from
// DOMContentLoaded.
//
//	go test -run '^$' -bench ResumeStages -benchtime 20x
func BenchmarkResumeStages(b *testing.B) {
	s := startShop(b, "")
	customer, agent := browser.Open(b, 1200, 800), browser.Open(b, 1400, 900)
	customer.BeforeEachPage("{" + markStages + "}")
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	times := map[string][]float64{}
	for i := 1; b.Loop(); i++ {
		customer.Go(s.customer + []string{"/", "/cart"}[i%2])
		customer.Wait(`window.stages?.()`)
		at := browser.Eval[map[string]float64](customer, `stages()`)
		for mark, ms := range at {
			times[mark] = append(times[mark], ms-at["parsed"])
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n| %d page loads | p50 | longest |\n|---|---:|---:|\n", b.N)
	for _, stage := range stages {
		all := times[stage.mark]
		slices.Sort(all)
		if len(all) > 0 {
			fmt.Fprintf(&table, "| %s | %.0f ms | %.0f ms |\n", stage.name, all[len(all)/2], all[len(all)-1])
		}
	}
	fmt.Print(table.String()) // b.Log leaves most of it out
	reportTimes(b, times["channel"], "channel-")
}
