package sendertest

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
)

//go:embed testdata/slots.html
var slotsPage string

//go:embed testdata/copies.html
var copiesPage string

//go:embed testdata/words.html
var wordsPage string

var canary = regexp.MustCompile(`SECRET[A-Z]\d+|47112\d{4}`)

// secretsIn returns the canaries of a page and of what is done there.
func secretsIn(texts ...string) (secrets []string) {
	for _, text := range texts {
		secrets = append(secrets, canary.FindAllString(text, -1)...)
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// acts is what Check.Act does with steps. In each, SECRET becomes a canary of its own.
func acts(steps []string) (act func(context.Context, string) error, secrets []string) {
	numbered := make([]string, len(steps))
	for i, step := range steps {
		numbered[i] = strings.ReplaceAll(step, "SECRET", fmt.Sprintf("SECRETZ%02d", i))
	}
	return func(ctx context.Context, _ string) error {
		for _, step := range numbered {
			if err := do(ctx, step); err != nil {
				return err
			}
		}
		return nil
	}, secretsIn(numbered...)
}

// What makes something private counts before what changes together with it, wherever it is shown: the text is in the light tree, what makes
// it private in the shadow tree.
var slotSteps = []string{
	`(inside("attribute", ".wrap").dataset.qwelp = "redact", light("attribute").textContent = "SECRET")`,
	`(inside("hide", "slot").dataset.qwelp = "hide", light("hide").textContent = "SECRET")`,
	`(inside("ignore", ".wrap").dataset.qwelp = "ignore", light("ignore").textContent = "SECRET")`,
	`(inside("misspelt", "slot").setAttribute("data-qwelp", "redakt"), light("misspelt").textContent = "SECRET")`,
	`(inside("selector", ".wrap").className = "confidential", light("selector").firstChild.data = "SECRET")`,
	`(inside("deep", ".wrap").dataset.qwelp = "redact", light("deep").lastChild.firstChild.data = "SECRET")`,
	`(inside("title", ".wrap").dataset.qwelp = "redact", light("title").title = "SECRET")`,
	`(light("data").dataset.note = "SECRET", inside("data", ".wrap").dataset.qwelp = "redact")`,
	`(light("child").append("SECRET"), inside("child", ".wrap").dataset.qwelp = "redact")`,
	`(inside("has", ".wrap").append(Object.assign(document.createElement("i"), {className: "marker"})), light("has").textContent = "SECRET")`,
	`(light("moved").textContent = "SECRET", document.querySelector("#private").append(document.querySelector("#moved")))`,
	`(document.querySelector("#fresh").insertAdjacentHTML("beforeend", "<p title=SECRET>SECRET</p>"), inside("fresh", "slot").dataset.qwelp = "redact")`,
	`closed()`,
	`(inside("closed", ".wrap").dataset.qwelp = "redact", light("closed").textContent = "SECRET")`,
	`(inside("closedMove", "[data-qwelp]").append(inside("closedMove", "slot")), light("closedMove").textContent = "SECRET")`,
	`(inside("slotMoves", "section").append(inside("slotMoves", "slot")), light("slotMoves").textContent = "SECRET")`,
	`(light("wrapMoves").textContent = "SECRET", inside("wrapMoves", "section").append(inside("wrapMoves", ".wrap")))`,
	`(light("named").slot = "b", light("named").textContent = "SECRET")`,
	`(inside("renamed", ".open slot").name = "c", inside("renamed", ".closed slot").name = "a", light("renamed").textContent = "SECRET")`,
	`(inside("first", ".closed slot").name = "a", roots.first.prepend(inside("first", ".closed")), light("first").textContent = "SECRET")`,
	`(inside("second", ".closed slot").name = "a", inside("second", ".open slot").remove(), light("second").firstChild.data = "SECRET")`,
	`(inside("gone", ".open").remove(), light("gone").textContent = "SECRET")`,
	`(inside("hidden", ".open slot").remove(), light("hidden").firstChild.data = "SECRET")`,
	`(inside("unredacted", "[data-qwelp=unredact]").removeAttribute("data-qwelp"), light("unredacted").textContent = "SECRET")`,
	`(inside("assigned", "#b").assign(light("assigned")), light("assigned").textContent = "SECRET")`,
	`(inside("assignedText", "#b").assign(document.querySelector("#assignedText").firstChild), document.querySelector("#assignedText").firstChild.data = "SECRET")`,
	`(inside("fallback", ".wrap").dataset.qwelp = "redact", inside("fallback", "p").textContent = "SECRET")`,
	`(light("fallbackGone").remove(), inside("fallbackGone", "p").textContent = "SECRET", inside("fallbackGone", "slot").dataset.qwelp = "redact")`,
	`(inside("field", ".wrap").dataset.qwelp = "redact", light("field").value = "SECRET")`,
	`(inside("textarea", ".wrap").className = "confidential", light("textarea").value = "SECRET")`,
	`(document.querySelector("#later").attachShadow({mode: "open"}).innerHTML = "<div data-qwelp=redact><slot></slot></div>", light("later").firstChild.data = "SECRET")`,
	`(document.querySelector("#laterClosed").attachShadow({mode: "closed"}).innerHTML = "<div class=confidential><slot></slot></div>", light("laterClosed").textContent = "SECRET")`,
	`(inside("nestedInner", ".wrap").dataset.qwelp = "redact", light("nested").textContent = "SECRET")`,
	`(inside("nestedClosedInner", "slot").dataset.qwelp = "hide", light("nestedClosed").textContent = "SECRET")`,
	`(w => { w.dataset.qwelp = "redact"; inside("nestedMove", "#inner").replaceWith(w); w.append(inside("nestedMove", "slot") ?? document.createElement("slot")); light("nestedMove").textContent = "SECRET" })(document.createElement("div"))`,
	`(inside("framed", ".wrap").dataset.qwelp = "redact", frame.contentDocument.querySelector("#framed p").textContent = "SECRET")`,
	// Wrapped anew, moved and written to at once.
	`(w => { const p = light("checked"); w.dataset.qwelp = "redact"; p.replaceWith(w); w.append(p); p.firstChild.data = "SECRET" })(document.createElement("div"))`,
	`(host("brandNew", "<div data-qwelp=redact><slot></slot></div>", "<p>SECRET</p>"), host("brandNewClosed", "<div data-qwelp=redact><slot></slot></div>", "<p>SECRET</p>", {mode: "closed"}))`,
	// What leaves the page with what it was written into is not there where something made it private.
	`document.querySelector("#leaving p").append("SECRET", Object.assign(document.createElement("b"), {title: "SECRET", textContent: "SECRET"}))`,
	`(p => { p.append("SECRET", Object.assign(document.createElement("b"), {title: "SECRET", textContent: "SECRET"})); p.remove() })(document.querySelector("#leaving p"))`,
	`(f => { f.contentDocument.body.append("SECRET"); f.remove() })(document.querySelector("#leaving iframe"))`,
	`import("/_qwelp/current/index.js").then(m => { m.startQwelpSession({ privacy: { redact: ["h1"] } }); document.querySelector("h1").textContent = "SECRET" })`,
}

func TestWhatIsInASlotIsAsPrivateAsItsSlotAtThatMoment(t *testing.T) {
	act, secrets := acts(slotSteps)
	Check{
		Handler: site(slotsPage), Secrets: secrets, Shown: []string{"Open heading"}, Act: act,
		Settings: sender.Settings{Privacy: sender.Privacy{Redact: []string{".confidential", ".wrap:has(.marker)"}}},
	}.Run(t)
}

func TestCopiesThatTheBrowserMakesAreAsPrivateAsWhatTheyCopy(t *testing.T) {
	act, secrets := acts([]string{
		`(o => { o.dataset.qwelp = "redact"; o.textContent = "SECRET"; document.querySelector("#later").selectedIndex = 1 })(document.querySelector("#later").options[1])`,
		`document.querySelector("#picked").selectedIndex = 1`,
		`(o => { o.innerHTML = "x <b data-qwelp=hide>SECRET</b>"; document.querySelector("#shown").selectedIndex = 1; document.querySelector("#shown").selectedIndex = 0 })(document.querySelector("#shown").options[1])`,
		`document.querySelector("#inside").insertAdjacentHTML("beforeend", "<option selected>Next <b>SECRET</b></option>")`,
		`document.querySelector("#symbol text").textContent = "SECRET"`,
		`root.querySelector("text").textContent = "SECRET"`,
		`(document.title = "SECRET", document.querySelector("title").textContent = "SECRET")`,
	})
	Check{
		Handler: site(copiesPage), Secrets: append(secrets, secretsIn(copiesPage)...), Shown: []string{"Open heading", "Shown option"}, Act: act,
		Settings: sender.Settings{Privacy: sender.Privacy{Redact: []string{"option.confidential", "option b"}}},
	}.Run(t)
}

// Style sheets and attributes of a page on which something is private: what can hold or show words, or is not known, stays away.
func TestNoWordsLeaveInStyleSheetsAndAttributes(t *testing.T) {
	act, secrets := acts([]string{
		`document.styleSheets[1].insertRule(".a { --late: 'SECRET'; counter-reset: late 471129001 }", document.styleSheets[1].cssRules.length)`,
		`(s => { s.replaceSync("@counter-style late { symbols: 'SECRET' }"); document.adoptedStyleSheets = [s] })(new CSSStyleSheet())`,
		`document.querySelector("#open").style.setProperty("--own", "'SECRET'")`,
		`document.querySelector("#open").style.counterReset = "SECRET 471129002"`,
		`document.querySelector("#open").animate({ content: ["'SECRET'", "'x'"], "--x": ["'SECRET'", "'SECRET'"] }, 9e9)`,
		`document.querySelector("#private p").setAttribute("data-SECRET", "")`,
		`document.querySelector("#private p").dir = "SECRET"`,
		`document.querySelector("nav a").href = "#access_token=SECRET"`,
		`document.querySelector("nav a").href = "https://SECRET:SECRET@shop.example/"`,
	})
	Check{
		Handler: site(wordsPage), Secrets: append(secrets, secretsIn(wordsPage)...), Act: act, Paths: []string{"/"},
		Shown: []string{"Open heading", "★", "data-v-12345678", "#numbered", "counter(c", "margin: 0 auto", "shop.example"},
	}.Run(t)
}

// All of it came to light while nothing was known to be private: what makes it private comes with it.
func TestWhatTurnsAPagePrivateCountsBeforeWhatComesWithIt(t *testing.T) {
	page := `<!doctype html><title>Open</title><style>p { color: navy }</style><h1>Open heading</h1><p id="text">open</p><div id="host"><i>open</i></div><input id="field">`
	steps := []string{
		// Sheets before elements, rules, a shadow root, much that comes before, texts before their attribute, something wrapped, a field, the title.
		`document.body.insertAdjacentHTML("beforeend", "<style>.x::after{content:'SECRETE00'}</style><p class=x data-qwelp=redact>SECRETE01</p>")`,
		`(document.styleSheets[0].insertRule("p::after { content: 'SECRETE02' }"), document.querySelector("#text").dataset.qwelp = "redact")`,
		`(document.querySelector("#host").attachShadow({mode: "open"}).innerHTML = "<div data-qwelp=redact><slot></slot></div>", document.querySelector("#host i").firstChild.data = "SECRETE03")`,
		`(document.body.insertAdjacentHTML("beforeend", "<style>.x::after{content:'SECRETE04'}</style>" + "<p>some text</p>".repeat(9000) + "<p class=x data-qwelp=redact>x</p>"))`,
		`(document.querySelector("#text").textContent = "SECRETE05", document.querySelector("#text").dataset.qwelp = "hide")`,
		`(w => { document.querySelector("#text").firstChild.data = "SECRETE06"; document.querySelector("#text").replaceWith(w); w.dataset.qwelp = "redact"; w.append("SECRETE07") })(document.createElement("div"))`,
		`(document.querySelector("#field").value = "SECRETE08", document.querySelector("#field").dataset.qwelp = "redact")`,
		`(document.title = "SECRETE09", document.querySelector("title").dataset.qwelp = "redact")`,
	}
	mux := http.NewServeMux()
	check := Check{Handler: mux, Secrets: secretsIn(steps...), Shown: []string{"Open heading"}}
	for i := range steps {
		check.Paths = append(check.Paths, fmt.Sprintf("/%d", i))
	}
	mux.HandleFunc("GET /{page}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	})
	check.Act = func(ctx context.Context, path string) error {
		i, err := strconv.Atoi(path[1:])
		if err != nil {
			return err
		}
		return do(ctx, steps[i])
	}
	check.Run(t)
}
