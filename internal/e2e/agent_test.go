package e2e

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// The Go agent is a second implementation of the protocol: what it reads must be what Chromium shows.
func TestTheGoAgentReadsThePageAsChromiumShowsIt(t *testing.T) {
	t.Parallel()
	s := startShop(t, "")
	customer := browser.Open(t, 1000, 700)
	ctx, cancel := patience.Context(t.Context(), time.Minute)
	defer cancel()
	customer.Go(s.customer + "/product/" + product)
	session, err := agent.Join(ctx, s.customer, startSession(customer), agent.Options{Token: token, Name: "Robot"})
	if err != nil {
		t.Fatal(err)
	}
	allow(customer)
	defer session.End(ctx)
	for _, path := range []string{"/product/" + product, "/", "/login", "/cart"} {
		customer.Go(s.customer + path)
		shown := words(browser.Eval[string](customer, visibleWords))
		var got string
		if err := session.WaitFor(ctx, func(p *agent.Page) bool {
			got = p.Text()
			return !p.Loading && strings.HasSuffix(p.URL, path) && len(missing(shown, words(got))) == 0
		}); err != nil {
			t.Fatalf("%s: %v; not read: %q\nread:\n%s", path, err, missing(shown, words(got)), got)
		}
		there := words(browser.Eval[string](customer, `[...document.querySelectorAll("*")].flatMap(e => [e.alt, e.value, e.placeholder, e.ariaLabel, ...[...e.childNodes].map(n => n.data)]).join(" ")`))
		there["x"] = true // how the agent marks what is chosen
		if made := missing(words(got), there); len(made) > 0 {
			t.Errorf("%s: the agent reads %q, which is not on the page", path, made)
		}
	}
	if err := session.End(ctx); err != nil {
		t.Fatal(err)
	}
	customer.Until("the end", func() bool { return strings.Contains(customer.Text(), "has ended the session") })
}

// visibleWords is JavaScript for what can be seen of the page's text.
const visibleWords = `(() => {
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let text = "";
	while (texts.nextNode()) {
		const parent = texts.currentNode.parentElement;
		if (parent.checkVisibility() && !parent.closest("option:not(:checked), script, style, noscript")) text += texts.currentNode.data + " ";
	}
	return text;
})()`

var word = regexp.MustCompile(`\p{L}+|\p{N}+`)

// words are the words of a text in lower case, each once.
func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range word.FindAllString(strings.ToLower(text), -1) {
		set[w] = true
	}
	return set
}

// missing are the words of want that got has not.
func missing(want, got map[string]bool) (lost []string) {
	for w := range want {
		if !got[w] {
			lost = append(lost, w)
		}
	}
	return lost
}
