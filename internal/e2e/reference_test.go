package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// snippet is a runnable one of docs/api.md.
type snippet struct {
	phase, code string
	logs        []*regexp.Regexp // what it logs, in order
}

var (
	fenced = regexp.MustCompile("(?s)```js (\\w+)\n(.*?)```")
	arrow  = regexp.MustCompile(`// → (.*)`)
)

func snippets(t *testing.T) (all []snippet) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		s := snippet{phase: m[1], code: m[2]}
		for _, log := range arrow.FindAllStringSubmatch(s.code, -1) {
			s.logs = append(s.logs, regexp.MustCompile("^"+strings.ReplaceAll(regexp.QuoteMeta(log[1]), "…", ".*")+"$"))
		}
		all = append(all, s)
	}
	if len(all) < 15 {
		t.Fatalf("docs/api.md has %d snippets: are they marked as before?", len(all))
	}
	return all
}

func TestTheSnippetsOfTheReferenceDoWhatTheySay(t *testing.T) {
	t.Parallel()
	page := func(title string) string {
		return `<!doctype html><html lang="en">` + noIcon + `<title>` + title + `</title><h1>` + title + `</h1>`
	}
	_, s, _ := served(t, middleware.Options{}, pages{"/": page("One")})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	all := snippets(t)
	run := func(phase string) {
		t.Helper()
		for i, s := range all {
			if s.phase != phase {
				continue
			}
			// A module of its own, as it stands, but that its console is listened to.
			browser.Eval[any](customer, `new Promise((resolve, reject) => {
				const said = (window.said ??= {})[`+quoted(i)+`] = [];
				(window.consoles ??= {})[`+quoted(i)+`] = { log: (...args) => said.push(args.map(String).join(" ")) };
				const script = document.createElement("script");
				script.type = "module";
				script.textContent = "const console = consoles[`+quoted(i)+`];" + `+quoted(s.code)+` + ";dispatchEvent(new Event('ran `+quoted(i)+`'))";
				addEventListener("ran `+quoted(i)+`", resolve);
				script.onerror = reject;
				document.head.append(script);
			})`)
		}
	}
	run("idle")
	customer.Click("button", "Need a hand?")
	customer.Click("button", "Show my page")
	var code string
	customer.Until("a code", func() bool { code = strings.Join(customer.Texts("status", ""), ""); return len(digits(code)) == 9 })
	agent.Go(s.agent)
	agent.Fill("Your name", "Ana")
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	allow(customer)
	customer.Until("the app's text", func() bool { return strings.Contains(customer.Text(), "Ana is here") })
	customer.Wait(`Object.values(said).some(lines => lines.includes("open"))`)
	run("running")
	agent.Go("about:blank")
	customer.Wait(`Object.values(said).some(lines => lines.includes("reconnecting"))`)
	run("end")
	customer.Wait(`Object.values(said).some(lines => lines.includes("stopped"))`)
	for i, s := range all {
		said := browser.Eval[[]string](customer, `said[`+quoted(i)+`]`)
		for n, want := range s.logs {
			if n >= len(said) || !want.MatchString(said[n]) {
				t.Errorf("it logs %q, want %v in this order:\n%s", said, s.logs, s.code)
				break
			}
		}
		if s.phase != "idle" && len(said) != len(s.logs) {
			t.Errorf("it logs %q, want %v:\n%s", said, s.logs, s.code)
		}
	}
	if errors := customer.Errors(); len(errors) > 0 {
		t.Errorf("the snippets throw: %q", errors)
	}
}

func quoted(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}
