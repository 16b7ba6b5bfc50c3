package sendertest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/qwelp/qwelp-go/sender"
)

//go:embed testdata/canaries.html
var canaries string

// site serves one page and pictures that hold their own names.
func site(page string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /picture/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text>%s</text></svg>`, r.URL.Path)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	})
	return mux
}

//go:embed testdata/canaries.steps
var canarySteps string

// steps are the lines of canarySteps without its comments.
func steps() []string {
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(canarySteps), "\n"), func(line string) bool { return strings.HasPrefix(line, "//") })
}

// do runs a step and waits until it is painted.
func do(ctx context.Context, step string) error {
	step += `, new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 20)))`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](step, chromedp.EvalAwaitPromise)); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

func TestNothingPrivateReachesTheAgent(t *testing.T) {
	Check{
		Handler: site(canaries),
		Secrets: []string{"KANARIE"},
		Paths:   []string{"/"},
		// What is secret by its name only can be shown, by its own attribute or a selector that says more than its type.
		Shown: []string{"Open heading", "Shown inside", "Open link", "KANHIDE", "★", "Shown pin", "Shown number"},
		Settings: sender.Settings{Privacy: sender.Privacy{
			Redact: []string{".confidential", "title"}, Unredact: []string{"#password", "#card", "#csrf", "#code", "#opened", ".opened", ".pins input", "input.typed, u"},
		}},
		Act: func(ctx context.Context, _ string) error {
			for _, step := range steps() {
				if err := do(ctx, step); err != nil {
					return err
				}
			}
			for _, place := range []string{"#edit", "#private textarea", "#late"} {
				if err := do(ctx, `document.querySelector("`+place+`").focus()`); err != nil {
					return err
				}
				if err := chromedp.Do(ctx, chromedp.KeyEvent("KANARIETYPED")); err != nil {
					return err
				}
			}
			return nil
		},
	}.Run(t)
}

func TestAPrivatePageTellsNothingButWhatIsUnredacted(t *testing.T) {
	page := strings.NewReplacer(` data-qwelp="redact"`, "", "Open link", "KANARIE", "Still open", "KANARIE").Replace(canaries)
	Check{
		Handler:  site(page),
		Secrets:  []string{"KANARIE"},
		Paths:    []string{"/"},
		Shown:    []string{"Open heading", "Shown inside"},
		Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate, Redact: []string{"i"}}},
	}.Run(t)
}

func TestASelectorThatIsNoneMakesThePagePrivate(t *testing.T) {
	Check{
		Handler:  site(`<!doctype html><title>KANARIE</title><p>KANARIE</p><p data-qwelp=unredact>Shown</p>`),
		Secrets:  []string{"KANARIE"},
		Shown:    []string{"Shown"},
		Settings: sender.Settings{Privacy: sender.Privacy{Hide: []string{".a:unheard-of(b)"}}},
	}.Run(t)
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(f string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(f, args...))
}

func TestALeakIsFoundWhereverItIs(t *testing.T) {
	const secret = "Ada & Zoë 4711"
	for name, page := range map[string]string{
		"text":                  `<p>Ada &amp; Zoë 4711</p>`,
		"an attribute":          `<p title="ada &amp; zoë 4711">x</p>`,
		"base64":                `<p data-x="QWRhICYgWm/DqyA0NzEx">x</p>`,
		"letters apart":         `<p><b>A</b><b>d</b><b>a</b> <b>&amp;</b> <b>Z</b><b>o</b><b>ë</b> <b>4</b><b>7</b><b>1</b><b>1</b></p>`,
		"pixels":                `<canvas id=c width=8 height=8></canvas><script>(c => { const d = c.createImageData(8, 8); const b = new TextEncoder().encode("Ada & Zoë 4711"); d.data.fill(255); b.forEach((v, i) => d.data[(i / 3 | 0) * 4 + i % 3] = v); c.putImageData(d, 0, 0) })(document.getElementById("c").getContext("2d"))</script>`,
		"the title":             `<title>Ada &amp; Zoë 4711</title>`,
		"a page that is linked": `<a href="/?q=1">next</a>`,
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			mux := http.NewServeMux()
			mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
				body := page
				if r.URL.RawQuery != "" {
					body = `<p>Ada &amp; Zoë 4711</p>`
				}
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = fmt.Fprintf(w, "<!doctype html><link rel=icon href=data:,><body>%s", body)
			})
			Leaks(r, mux, secret, "not there")
			if len(r.errors) == 0 || slices.ContainsFunc(r.errors, func(e string) bool {
				return !strings.Contains(e, "reaches the agent") || strings.Contains(e, "not there")
			}) {
				t.Errorf("got %q", r.errors)
			}
		})
	}
}

// Forms in which a secret leaves that no reader sees.
func TestASecretIsFoundInEveryForm(t *testing.T) {
	const secret = "Zoë & 4711"
	for _, data := range []string{
		"xZoë & 4711x", "ZOË & 4711", "Zoë&4711", "Zo%C3%AB+%26+4711", "Zo%C3%AB%20&%204711", "Zoë &amp; 4711", `Zoë \u0026 4711`, "5a6fc3ab20262034373131", "1174 & ëoZ",
		"Wm/DqyAmIDQ3MTE=", "Wm_DqyAmIDQ3MTE", "Z\x00o\x00\xeb\x00 \x00&\x00 \x004\x007\x001\x001\x00", "\x00Z\x00o\x00\xeb\x00 \x00&\x00 \x004\x007\x001\x001",
		"%5A%6F%C3%AB%20%26%20%34%37%31%31", `\u005a\u006f\u00eb\u0020\u0026\u0020\u0034\u0037\u0031\u0031`, "&#90;&#111;&#235;&#32;&#38;&#32;&#52;&#55;&#49;&#49;",
		"&#x5a;&#x6f;&#xeb;&#x20;&#x26;&#x20;&#x34;&#x37;&#x31;&#x31;", "[90,111,195,171,32,38,32,52,55,49,49]", "LJX4HKZAEYQDINZRGE======", "a •••••••••• b", "**********",
	} {
		if _, at := find([]byte(data), secret); at < 0 {
			t.Errorf("not found: %q", data)
		}
	}
	for _, data := range []string{"Zoe 4711", "••••••••", "•••••••••••", "***********", "", "90,111,195,171"} {
		if how, at := find([]byte(data), secret); at >= 0 {
			t.Errorf("found %s: %q", how, data)
		}
	}
}

func TestALeakIsReportedInBytesThatAreNoText(t *testing.T) {
	r := &recorder{TB: t}
	w := &wire{log: &lockedBuffer{}, pages: map[string]*bytes.Buffer{"/": bytes.NewBufferString(strings.Repeat("\xff", 300) + "Zoë 4711")}, order: []string{"/"}}
	w.report(r, Check{Secrets: []string{"Zoë 4711"}})
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "…") || !strings.Contains(r.errors[0], "zoë 4711") {
		t.Errorf("got %q", r.errors)
	}
}
