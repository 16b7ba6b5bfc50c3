package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/webdriver"
)

var browsersWanted = flag.String("browser", "chromium,firefox,webkit", "test in these `browsers` what is tested in more than one")

// window is a page in any browser: a *browser.Page in Chromium, a *webdriver.Page in Firefox and WebKit.
type window interface {
	Go(url string)
	Reload()
	JSON(expression string) ([]byte, error)
	Wait(expression string)
	Until(what string, condition func() bool)
	Has(role, name string) bool
	WaitFor(role, name string)
	WaitGone(role, name string)
	Click(role, name string)
	ClickUntilGone(role, name string)
	ClickAt(x, y float64)
	Move(x, y float64)
	Fill(name, text string)
	Type(text string)
	Texts(role, name string) []string
	Text() string
	Screenshot(name string) []byte
}

var _, _ window = (*browser.Page)(nil), (*webdriver.Page)(nil)

// evaluate is browser.Eval for any browser.
func evaluate[T any](t testing.TB, w window, expression string) (v T) {
	t.Helper()
	v, err := tryEvaluate[T](w, expression)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// tryEvaluate is browser.TryEval for any browser.
func tryEvaluate[T any](w window, expression string) (v T, err error) {
	text, err := w.JSON(expression)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(text, &v)
}

// started are the browsers that are driven by WebDriver: each is started once, for all tests.
var started = map[string]func() (*webdriver.Browser, error){
	"firefox": sync.OnceValues(func() (*webdriver.Browser, error) { return kept(webdriver.Firefox()) }),
	"webkit":  sync.OnceValues(func() (*webdriver.Browser, error) { return kept(webdriver.WebKit()) }),
}

var running struct {
	sync.Mutex
	browsers []*webdriver.Browser
}

func kept(b *webdriver.Browser, err error) (*webdriver.Browser, error) {
	if err == nil {
		running.Lock()
		defer running.Unlock()
		running.browsers = append(running.browsers, b)
	}
	return b, err
}

func closeBrowsers() {
	for _, b := range running.browsers {
		b.Close()
	}
}

// openIn opens a page in a browser by its name.
func openIn(t testing.TB, name string, width, height int) window {
	t.Helper()
	if name == "chromium" {
		return browser.Open(t, int64(width), int64(height))
	}
	b, err := started[name]()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s %s", b.Name, b.Version)
	return b.Page(t, width, height)
}

// inBrowsers runs a test in each of some browsers, side by side.
func inBrowsers(t *testing.T, test func(t *testing.T, name string), names ...string) {
	for _, name := range names {
		if slices.Contains(strings.Split(*browsersWanted, ","), name) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, name)
			})
		}
	}
}

// laidOpen is the begin of a page for all browsers: it keeps the sender's shadow root open, into which WebKit's driver does not see otherwise,
// and notes what the console would show in red.
const laidOpen = `<!doctype html><html lang="en"><head><meta charset="utf-8">` + noIcon + `<script>` + open + complain + `</script>`

const complain = `{
	window.complaints = [];
	addEventListener("error", ({message}) => complaints.push(message));
	addEventListener("unhandledrejection", ({reason}) => complaints.push("not caught: " + reason));
	const { error } = console;
	console.error = (...what) => { complaints.push(what.join(" ")); error(...what) };
}`

// calm checks that a page that begins with laidOpen has nothing to complain of.
func calm(t *testing.T, w window) {
	t.Helper()
	for _, complaint := range evaluate[[]string](t, w, `window.complaints`) {
		t.Errorf("the console says: %s", complaint)
	}
}

// heading is JavaScript for inMirror: the page has a heading.
func heading(text string) string {
	return fmt.Sprintf(`doc.querySelector("h1")?.textContent === %q`, text)
}
