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

// Each secret is in one place of two pages, in one form.
func TestALeakIsFoundWhereverItIs(t *testing.T) {
	const page = `<!doctype html><title>Title & Zoë 4711</title><link rel=icon href=data:,>
<style>.two::before { content: "Strings &" ' Zoë 4711' }</style>
<p>Plain &amp; Zoë 4711</p><p title="attribute &amp; zoë 4712">x</p><p data-x="QmFzZTY0ICYgWm/DqyA0NzEx">x</p>
<p><b>A</b><b>p</b><b>a</b><b>r</b><b>t</b> <b>&amp;</b> <b>Z</b><b>o</b><b>ë</b> <b>4</b><b>7</b><b>1</b><b>1</b></p><p>M-a-r-k-e-d-Z-o-ë-4-7-1-1</p>
<input maxlength=2 value=F><input maxlength=2 value=ie><input value=ldsZoë><input value=4711>
<p>1174 ëoZ &amp; sdrawkcaB</p><a href="/path/Escaped%20&amp;%20Zo%C3%AB%204711">x</a><p data-x="4865783b205a6f6520343731">x</p><p class="\u0055\u006e\u0069\u0063\u006f\u0064\u0065\u0034">x</p>
<p>••••••••••••</p><p data-x="[78,117,109,98,101,114,115]">x</p><canvas id=c width=8 height=8></canvas><a href="/?q=1">next</a>
<script>
	const c = document.querySelector("#c").getContext("2d"), d = c.createImageData(8, 8);
	d.data.fill(255);
	new TextEncoder().encode("Pixels & Zoë 4711").forEach((v, i) => d.data[(i / 3 | 0) * 4 + i % 3] = v);
	c.putImageData(d, 0, 0);
</script>`
	secrets := []string{
		"Title & Zoë 4711", "Strings & Zoë 4711", "Plain & Zoë 4711", "Attribute & Zoë 4712", "Base64 & Zoë 4711", "Apart & Zoë 4711", "MarkedZoë4711", "FieldsZoë4711", "Backwards & Zoë 4711",
		"Escaped & Zoë 4711", "Hex; Zoe 471", "Unicode4", "Dots in a row"[:12], "Numbers", "Pixels & Zoë 4711", "Linked & Zoë 4711",
	}
	r := &recorder{TB: t}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.RawQuery != "" {
			_, _ = fmt.Fprint(w, `<!doctype html><link rel=icon href=data:,><p>Linked &amp; Zoë 4711</p>`)
			return
		}
		_, _ = fmt.Fprint(w, page)
	})
	Leaks(r, mux, append(secrets, "not there")...)
	for _, secret := range secrets {
		if !slices.ContainsFunc(r.errors, func(e string) bool { return strings.Contains(e, fmt.Sprintf("%q reaches the agent", secret)) }) {
			t.Errorf("%q is not found", secret)
		}
	}
	for _, e := range r.errors {
		if !strings.Contains(e, "reaches the agent") || strings.Contains(e, "not there") {
			t.Errorf("got %q", e)
		}
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
