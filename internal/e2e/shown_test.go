package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// way is one in which an element comes to show a file. In its texts ID stands for the id of the element and URL for the address of the file.
type way struct{ name, css, html, act string }

// act comes after the snapshot.
var ways = []way{
	{name: "rule", css: `#ID { background: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "child", css: `#ID > b { background: url(URL) }`, html: `<i id="ID"><b>x</b></i>`},
	{name: "before", css: `#ID::before { content: ""; background: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "content", css: `#ID::after { content: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "replaced", css: `#ID { content: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "border", css: `#ID { border: 5px solid; border-image: url(URL) 5 }`, html: `<i id="ID"></i>`},
	{name: "list", css: `#ID { list-style: url(URL) }`, html: `<ul id="ID"><li>x</ul>`},
	{name: "marker", css: `#ID li::marker { content: url(URL) }`, html: `<ul id="ID"><li>x</ul>`},
	{name: "letter", css: `#ID::first-letter { background: url(URL) }`, html: `<p id="ID">Text</p>`},
	{name: "line", css: `#ID::first-line { background: url(URL) }`, html: `<p id="ID">Text</p>`},
	{name: "mask", css: `#ID { mask: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "box", css: `#ID { -webkit-mask-box-image: url(URL) }`, html: `<i id="ID"></i>`},
	{name: "cursor", css: `#ID { cursor: url(URL), auto }`, html: `<i id="ID"></i>`},
	{name: "shape", css: `#ID { shape-outside: url(URL); float: left }`, html: `<i id="ID"></i>`},
	{name: "placeholder", css: `#ID::placeholder { background: url(URL) }`, html: `<input id="ID" placeholder="x">`},
	{name: "button", css: `#ID::file-selector-button { background: url(URL) }`, html: `<input id="ID" type="file">`},
	{name: "thumb", css: `#ID::-webkit-slider-thumb { -webkit-appearance: none; background: url(URL) }`, html: `<input id="ID" type="range">`},
	{name: "backdrop", css: `#ID::backdrop { background: url(URL) }`, html: `<div id="ID" popover="manual">x</div>`, act: `ID.showPopover()`},
	{name: "set", css: `#ID { background: image-set("URL" 1x, "URL?2" 2x) }`, html: `<i id="ID"></i>`},
	{name: "fade", css: `#ID { background: -webkit-cross-fade(url(URL), linear-gradient(red, red), 50%) }`, html: `<i id="ID"></i>`},
	{name: "variable", css: `#ID { --ID: url(URL); --ID-2: var(--ID) } #ID b { background: center / cover var(--ID-2) }`, html: `<i id="ID"><b>x</b></i>`},
	{name: "property", css: `@property --ID { syntax: "<image>"; inherits: true; initial-value: none } #ID { --ID: url(URL); background: var(--ID) }`, html: `<i id="ID"></i>`},
	{name: "container", css: `#ID { container-type: inline-size; width: 50px } @container (width < 60px) { #ID b { background: url(URL) } }`, html: `<div id="ID"><b>x</b></div>`},
	{name: "nested", css: `#ID { color: red; b & , & > b { background: url(URL) } }`, html: `<i id="ID"><b>x</b></i>`},
	{name: "scope", css: `@scope (#ID) { b { background: url(URL) } }`, html: `<i id="ID"><b>x</b></i>`},
	{name: "layer", css: `@layer x { @supports (color: red) { #ID { background: url(URL) } } }`, html: `<i id="ID"></i>`},
	{name: "keyframes", css: `@keyframes ID { from, to { background-image: url(URL) } } #ID { animation: 9s infinite ID }`, html: `<i id="ID"></i>`},
	{name: "inline", html: `<i id="ID" style="background: url(URL)"></i>`},
	{name: "img", html: `<img id="ID" src="URL">`},
	{name: "picture", html: `<picture><source srcset="URL 1x, URL?2 2x"><img id="ID"></picture>`},
	{name: "input", html: `<input id="ID" type="image" src="URL">`},
	{name: "poster", html: `<video id="ID" poster="URL"></video>`},
	{name: "svg", html: `<svg id="ID"><image href="URL" width="10" height="10"/></svg>`},
	{name: "use", html: `<svg id="ID"><use href="URL#a"/></svg>`},
	{name: "data", css: `#ID { background: url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><!--FILE--></svg>") }`, html: `<i id="ID"></i>`},
	{name: "frame", html: `<iframe id="ID" srcdoc="<style>b { background: url(URL) }</style><b>x</b>"></iframe>`},
	{name: "shadow", html: `<div id="ID"><template shadowrootmode="open"><style>b { background: url(URL) }</style><b>x</b></template></div>`},
	{name: "host", html: `<div id="ID"><template shadowrootmode="open"><style>:host { background: url(URL) }</style>x</template></div>`},
	{name: "slotted", html: `<div id="ID"><template shadowrootmode="open"><style>::slotted(b) { background: url(URL) }</style><slot></slot></template><b>x</b></div>`},
	{name: "part", css: `#ID::part(p)::before { content: ""; background: url(URL) }`, html: `<div id="ID"><template shadowrootmode="open"><b part="p">x</b></template></div>`},
	{name: "adopted", html: `<div id="ID"><template shadowrootmode="open"><b>x</b></template></div>`,
		act: `const s = new CSSStyleSheet(); s.replaceSync("b { background: url(URL) }"); ID.shadowRoot.adoptedStyleSheets = [s]`},

	{name: "class", css: `.ID { background: url(URL) }`, html: `<i id="ID"></i>`, act: `ID.className = "ID"`},
	{name: "inserted", css: `.ID { }`, html: `<i id="ID"></i>`, act: `sheet.insertRule(".ID { background: url(URL) }"); ID.className = "ID"`},
	{name: "late", html: `<i id="ID" class="ID"></i>`, act: `ID.className = "x"; sheet.insertRule(".x#ID { background: url(URL) }")`},
	{name: "edited", css: `#ID { color: red }`, html: `<i id="ID"></i>`, act: `[...sheet.cssRules].find(r => r.selectorText === "#ID").style.backgroundImage = "url(URL)"`},
	{name: "anew", css: `#ID b { background: url(URL) }`, html: `<i id="ID"></i>`, act: `ID.innerHTML = "<b>x</b>"`},
	{name: "media", css: `@media (max-width: 750px) { #ID { background: url(URL) } }`, html: `<i id="ID"></i>`},
	{name: "root", css: `#ID { background: var(--ID) }`, html: `<i id="ID"></i>`, act: `document.documentElement.style.setProperty("--ID", "url(URL)")`},
	{name: "descendant", css: `.ID #ID { background: url(URL) }`, html: `<i id="ID"></i>`, act: `document.body.classList.add("ID")`},
	{name: "attribute", css: `#ID[data-x="1"] { background: url(URL) }`, html: `<i id="ID"></i>`, act: `ID.dataset.x = 1`},
	{name: "checked", css: `#ID:checked { appearance: none; background: url(URL) }`, html: `<input id="ID" type="checkbox">`, act: `ID.click()`},
	{name: "focus", css: `#ID:focus { background: url(URL) }`, html: `<button id="ID">x</button>`, act: `ID.focus()`},
	{name: "has", css: `:has(> #ID.ID) { background: url(URL) }`, html: `<p><i id="ID"></i></p>`, act: `ID.className = "ID"`},
	{name: "style", html: `<i id="ID"></i>`, act: `ID.style.background = "url(URL)"`},
	{name: "animate", html: `<i id="ID"></i>`, act: `ID.animate({ backgroundImage: ["url(URL)", "url(URL)"] }, { duration: 1e5 })`},
	{name: "src", html: `<img id="ID">`, act: `ID.src = "URL"`},
	{name: "transition", css: `#ID { visibility: hidden; transition: visibility .1s } #ID.ID { visibility: visible; background: url(URL) }`, html: `<i id="ID"></i>`, act: `ID.className = "ID"`},
	{name: "opened", css: `#ID b { background: url(URL) }`, html: `<details id="ID"><summary>x</summary><b>x</b></details>`, act: `ID.open = true`},
}

// keeping are ways to keep an element from the agent, or from everybody. What is open comes last, so that it has the focus.
var keeping = []struct{ kind, around string }{
	{"redact", `<div data-qwelp="redact">%s</div>`},
	{"hide", `<div data-qwelp="hide">%s</div>`},
	{"ignore", `<div data-qwelp="ignore">%s</div>`},
	{"none", `<div style="display: none">%s</div>`},
	{"unseen", `<div class="unseen">%s</div>`},
	{"setting", `<div class="private">%s</div>`},
	{"open", `<div>%s</div>`},
}

// files serves files and knows was asked for.
type files struct {
	mu    sync.Mutex
	dests map[string][]string // of requests, by path
}

func (s *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.dests[r.URL.Path] = append(s.dests[r.URL.Path], r.Header.Get("Sec-Fetch-Dest"))
	s.mu.Unlock()
	w.Header().Set("Cache-Control", "max-age=3600")
	switch {
	case strings.HasSuffix(r.URL.Path, ".ttf"):
		w.Header().Set("Content-Type", "font/ttf")
		_, _ = w.Write(slices.Concat(boxFont(), []byte("<!--"+strings.TrimPrefix(r.URL.Path, "/f/")+"-->")))
	case strings.HasPrefix(r.URL.Path, "/f/"):
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><g id="a"/><!--%s--></svg>`, strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/f/"), ".svg"))
	default:
		http.NotFound(w, r)
	}
}

// asked returns the paths that scripts asked for: what the session adds to the page's own requests.
func (s *files) asked() (paths []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, dests := range s.dests {
		if slices.Contains(dests, "empty") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// captured is a page that is captured without a session.
type captured struct {
	*browser.Page
	served  *files
	url     string
	strings wire.Strings
	assets  map[uint32][]byte
	content map[uint32]wire.Content
	failed  map[uint32]string
	text    strings.Builder // all frames
}

// capturedPage opens a page with what captures it, and serves files; more are other handlers.
func capturedPage(t *testing.T, page string, more map[string]http.HandlerFunc) *captured {
	t.Helper()
	c := &captured{served: &files{dests: map[string][]string{}}, assets: map[uint32][]byte{}, content: map[uint32]wire.Content{}, failed: map[uint32]string{}}
	mux := http.NewServeMux()
	mux.Handle("/", c.served)
	script := bundle(t, "internal/e2e/testdata/capture/assets.ts")
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) })
	mux.HandleFunc("/main.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(script))
	})
	for path, handler := range more {
		mux.HandleFunc(path, handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	c.url = server.URL
	c.Page = browser.Open(t, 800, 600)
	c.Go(c.url + "/")
	c.Wait(`window.begin`)
	return c
}

// take reads what has been captured since the last call.
func (c *captured) take(t *testing.T) {
	t.Helper()
	for _, frame := range browser.Eval[[]string](c.Page, `taken()`) {
		data, err := base64.StdEncoding.DecodeString(frame)
		if err != nil {
			t.Fatal(err)
		}
		c.text.Write(data)
		_, ops, err := wire.DecodeFrame(data, &c.strings)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			switch op := op.(type) {
			case wire.Asset:
				c.assets[op.Asset] = append(c.assets[op.Asset], op.Data...)
			case wire.AssetFailed:
				c.failed[op.Asset] = op.Reason
			case wire.Content:
				c.content[op.Asset] = op
			}
		}
	}
	if failure := browser.Eval[string](c.Page, `failure()`); failure != "" {
		t.Fatal(failure)
	}
}

// has tells whether a file has been sent.
func (c *captured) has(file string) bool {
	for _, data := range c.assets {
		if strings.Contains(string(data), "<!--"+file+"-->") {
			return true
		}
	}
	return false
}

// until waits for files.
func (c *captured) until(t *testing.T, files ...string) {
	t.Helper()
	var missing []string
	if !browser.Holds(func() bool {
		c.take(t)
		missing = slices.DeleteFunc(slices.Clone(files), c.has)
		return len(missing) == 0
	}) {
		t.Errorf("%d files have not come: %q", len(missing), missing)
	}
}

// Of files that a page names those come that an open element shows where it can be seen, however it comes to show them. Nothing is read that only
// others show.
func TestWhatIsShownComesAndNothingElse(t *testing.T) {
	t.Parallel()
	var css, body, act strings.Builder
	var open, kept []string
	for _, k := range keeping {
		kind, around := k.kind, k.around
		for _, w := range ways {
			file := w.name + "-" + kind
			fill := strings.NewReplacer("ID", "x-"+file, "URL", "/f/"+file+".svg", "FILE", file).Replace
			css.WriteString(fill(w.css) + "\n")
			fmt.Fprintf(&body, around+"\n", fill(w.html))
			if w.act != "" {
				fmt.Fprintf(&act, "{ const e = document.getElementById(%q); %s }\n", "x-"+file, strings.ReplaceAll(fill(strings.ReplaceAll(w.act, "ID.", "E.")), "E.", "e."))
			}
			// A file field is secret.
			if kind == "open" && w.name != "button" {
				open = append(open, file)
			} else {
				kept = append(kept, file)
			}
		}
		for _, font := range []string{"font", "range"} {
			file := font + "-" + kind + ".ttf"
			limit := map[string]string{"range": "unicode-range: U+41-5a; "}[font]
			fmt.Fprintf(&css, "@font-face { font-family: %s-%s; %ssrc: url(none.eot) format('embedded-opentype'), url(/f/%s), url(/f/never.ttf) }\n", font, kind, limit, file)
			fmt.Fprintf(&body, around+"\n", fmt.Sprintf(`<i style="font-family: %s-%s">XYZ</i>`, font, kind))
			if kind == "open" {
				open = append(open, file)
			} else {
				kept = append(kept, file)
			}
		}
	}
	for _, never := range []string{".never { background: url(URL) }", "@media print { html { background: url(URL) } }", ":root { --never: url(URL) }", "@font-face { font-family: never; src: url(URL) }",
		"#x-rule-open:active { background: url(URL) }", "#x-rule-open { background: url(URL); background: url(/f/rule-open.svg) !important }"} {
		css.WriteString(strings.ReplaceAll(never, "URL", "/f/never.svg") + "\n")
	}
	page := `<!doctype html>` + noIcon + `<title>Shown</title><style>i, b { display: inline-block; width: 20px; height: 20px } .unseen * { visibility: hidden !important }</style><style id="sheet">` + css.String() + `</style>
		<script type="module" src="/main.js"></script><body>` + body.String() + `<script>const { sheet } = document.querySelector("#sheet"); window.act = async () => {
		` + act.String() + `}</script>`
	c := capturedPage(t, page, nil)
	c.served.mu.Lock()
	clear(c.served.dests)
	c.served.mu.Unlock()
	browser.Eval[any](c.Page, `begin({ privacy: { hide: [".private"] } })`)
	first := slices.DeleteFunc(slices.Clone(open), func(file string) bool {
		name := strings.TrimSuffix(file, "-open")
		i := slices.IndexFunc(ways, func(w way) bool { return w.name == name })
		return name == "media" || i >= 0 && ways[i].act != ""
	})
	c.until(t, first...)
	c.ClickAt(790, 590)
	browser.Eval[any](c.Page, `act()`)
	c.until(t, slices.DeleteFunc(slices.Clone(open), func(file string) bool { return file == "media-open" })...)
	c.Resize(740, 600)
	c.until(t, open...)
	browser.Eval[any](c.Page, `document.body.append(Object.assign(new Image(), { src: "/f/end.svg" }))`)
	c.until(t, "end")
	for _, file := range append(kept, "never") {
		if c.has(file) {
			t.Errorf("%s has been sent", file)
		}
	}
	if asked := c.served.asked(); len(asked) > 0 {
		t.Errorf("the session has asked the server for %q", asked)
	}
	if before, _, sent := strings.Cut(c.text.String(), "/f/"); sent {
		t.Errorf("an address has been sent: %q", c.text.String()[max(0, len(before)-100):len(before)+50])
	}
}
