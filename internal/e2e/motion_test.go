package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// What is painted and played reaches the agent as pictures and words, unless it is private.
func TestTheAgentSeesWhatIsPaintedAndPlayed(t *testing.T) {
	t.Parallel()
	p := support(t, startSite(t, pages{"/": `<!doctype html><title>Motion</title>` + noIcon + `<main><p>Motion</p><canvas id=open width=80 height=60></canvas>
		<canvas id=shut width=90 height=70 data-qwelp=redact></canvas><p id=kept data-qwelp=redact></p><audio controls></audio></main><script>
		window.paint = (id, colour) => { const c = document.getElementById(id).getContext("2d"); c.fillStyle = colour; c.fillRect(0, 0, 99, 99); };
		paint("open", "red"), paint("shut", "red");
		for (const each of document.querySelectorAll("p")) each.animate({ content: ['"words"', '"words"'], opacity: [0, .5] }, { duration: 1, fill: "both", pseudoElement: "::before" });
		// A second of silence.
		const data = new Uint8Array(44 + 8000).fill(128), view = new DataView(data.buffer);
		[["RIFF", 0], ["WAVEfmt ", 8], ["data", 36]].forEach(([text, at]) => [...text].forEach((c, i) => data[at + i] = c.charCodeAt(0)));
		[[4, 8036], [16, 16], [24, 8000], [28, 8000], [40, 8000]].forEach(([at, n]) => view.setUint32(at, n, true));
		[[20, 1], [22, 1], [32, 1], [34, 8]].forEach(([at, n]) => view.setUint16(at, n, true));
		document.querySelector("audio").src = URL.createObjectURL(new Blob([data], {type: "audio/wav"}));
		</script>`, "/many": `<!doctype html><title>Many</title>` + noIcon + `<main></main><script>
		document.querySelector("main").innerHTML = Array.from({length: 15000}, (_, i) => "<p class=row" + i % 7 + ">row <b>" + i + "</b></p>").join("");
		</script>`}), "/")
	shown := inMirror(`doc.querySelector("#open").style.content`)
	p.agent.Wait(inMirror(`doc.querySelector("#open").style.content.startsWith("image-set")`))
	first := browser.Eval[string](p.agent, shown)
	browser.Eval[any](p.customer, `paint("open", "lime")`)
	p.agent.Until("another picture", func() bool {
		now, err := browser.TryEval[string](p.agent, shown)
		return err == nil && strings.HasPrefix(now, "image-set") && now != first
	})
	p.agent.Wait(`document.querySelector(".player.audio.controls")?.textContent === "❚❚ 0:00 / 0:01 · paused"`)
	browser.Eval[any](p.customer, `Object.assign(document.querySelector("audio"), {currentTime: 1, muted: true})`)
	p.agent.Wait(`document.querySelector(".player.audio.controls")?.textContent === "❚❚ 0:01 / 0:01 · paused, muted"`)
	// The open paragraph, without words since something of the page is redacted.
	p.agent.Wait(inMirror(`doc.getAnimations().map(a => a.effect.target.textContent + a.effect.getKeyframes()[0].content)+"" === 'Motion"••••••••"'`))
	if content := browser.Eval[string](p.agent, inMirror(`doc.querySelector("#shut").style.content`)); strings.HasPrefix(content, "image-set") {
		t.Errorf("the redacted canvas shows %s", content)
	}
	if box := browser.Eval[[2]int](p.agent, inMirror(`[doc.querySelector("#shut").offsetWidth, doc.querySelector("#shut").offsetHeight]`)); box != [2]int{90, 70} {
		t.Errorf("the redacted canvas is %v large, want [90 70]", box)
	}
	t.Run("and a page of 60 000 nodes", func(t *testing.T) {
		p.customer.Go(p.shop.customer + "/many")
		p.agent.Wait(inMirror(`doc.querySelectorAll("main > p").length === 15_000 && doc.querySelector("main").lastChild.textContent === "row 14999"`))
		browser.Eval[any](p.customer, `document.querySelector("main").lastChild.firstChild.data = "the last, "`)
		p.agent.Wait(inMirror(`doc.querySelector("main").lastChild.textContent === "the last, 14999"`))
	})
}
