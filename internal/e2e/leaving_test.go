package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// What has become private in the same task as it was to leave does not leave, however late that is; nor when an agent asks for it.
func TestWhatBecomesPrivateDoesNotLeaveAnyMore(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("<!-- so that it is known by its content -->", 40)
	var body strings.Builder
	// Each of the ways in which an image that was open becomes something else.
	ends := []struct{ name, act string }{
		{"redacted", `e.dataset.qwelp = "redact"`}, {"around", `e.parentNode.dataset.qwelp = "hide"`},
		{"wrapped", `const w = document.createElement("div"); w.dataset.qwelp = "redact"; e.replaceWith(w); w.append(e)`},
		{"moved", `document.querySelector("#private").append(e)`}, {"setting", `e.className = "private"`}, {"removed", `e.remove()`},
		{"hidden", `e.style.display = "none"`}, {"unseen", `e.parentNode.style.visibility = "hidden"`}, {"other", `e.src = "/f/other.svg"`},
	}
	var act strings.Builder
	var private []string
	for _, end := range ends {
		file := "becomes-" + end.name
		private = append(private, file)
		fmt.Fprintf(&body, `<p><img id="%s" src="/s/%s"></p>`, file, file)
		fmt.Fprintf(&act, "{ const e = document.querySelector('#%s'); %s }\n", file, end.act)
	}
	c := capturedPage(t, `<!doctype html>`+noIcon+`<title>Becoming</title><script type="module" src="/main.js"></script><div id="private" data-qwelp="ignore"></div>`+body.String()+
		`<img src="/s/stays"><script>window.act = () => {`+act.String()+`}; window.agent = {};</script>`, map[string]http.HandlerFunc{
		"/s/": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/svg+xml")
			w.Header().Set("Cache-Control", "max-age=3600")
			fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><!--%s-->%s</svg>`, strings.TrimPrefix(r.URL.Path, "/s/"), filler)
		},
	})
	c.Wait(`[...document.images].every(i => i.complete)`)
	setting := `{ privacy: { redact: [".private"] } }`

	// They wait for the line to be free when it happens.
	browser.Eval[any](c.Page, `(fill(true), begin(`+setting+`, []), new Promise(r => setTimeout(r, 500)))`)
	browser.Eval[any](c.Page, `(act(), fill(false))`)
	c.until(t, "stays", "other")
	for _, file := range private {
		if c.has(file) {
			t.Errorf("%s has been sent", file)
		}
	}

	// Sent while they were open, told by their content only in the next snapshot, and then asked for.
	c.Go(c.url + "/")
	c.Wait(`window.begin && [...document.images].every(i => i.complete)`)
	c.forget()
	browser.Eval[any](c.Page, `begin(`+setting+`, [])`)
	c.until(t, append(private, "stays")...)
	c.forget()
	browser.Eval[any](c.Page, `again()`)
	c.Until("all contents", func() bool { c.take(t); return len(c.content) == len(private)+1 })
	ask := func() {
		browser.Eval[any](c.Page, `(() => { for (let i = 0; i < 100; i++) lack([...Array(40).keys()], agent) })()`)
	}
	browser.Eval[any](c.Page, `act()`)
	ask()
	c.until(t, "stays")
	for range 10 {
		ask()
	}
	browser.Eval[any](c.Page, `document.body.append(Object.assign(new Image(), { src: "/f/end.svg" }))`)
	c.until(t, "end")
	for _, file := range private {
		if c.has(file) {
			t.Errorf("%s has been sent", file)
		}
	}
	if data := c.text.String(); strings.Count(data, "<!--stays-->") > 1 {
		t.Errorf("an agent that asks again and again gets an image %d times", strings.Count(data, "<!--stays-->"))
	}
}

// forget forgets what was taken.
func (c *captured) forget() {
	clear(c.assets)
	clear(c.content)
	c.text.Reset()
}

// Files that do not end, are too large, or are not there take nothing away from the page, nor from other files.
func TestFilesThatDoNotEndTakeNothingFromThePage(t *testing.T) {
	t.Parallel()
	open := make(chan int, 1)
	open <- 0
	count := func(by int) (now int) {
		now = <-open + by
		open <- now
		return now
	}
	most := 0
	hold := func(w http.ResponseWriter, r *http.Request, begin func()) {
		if now := count(1); r.Header.Get("Sec-Fetch-Dest") == "empty" {
			most = max(most, now)
		}
		defer count(-1)
		begin()
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	page := `<!doctype html>` + noIcon + `<title>Streams</title><style id="sheet">#stall { background: url(/stall) } #gone { background: url(/gone.svg) } div { width: 20px; height: 20px }</style>
		<script type="module" src="/main.js"></script><div id="gone"></div><img src="/gone.png"><img src="/cam/1"><img src="/cam/2"><img src="/cam/3"><img src="/f/a.svg"><div id="box"></div>`
	c := capturedPage(t, page, map[string]http.HandlerFunc{
		"/cam/": func(w http.ResponseWriter, r *http.Request) {
			hold(w, r, func() {
				w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=f")
				const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="10" height="10"/></svg>`
				for range 5 {
					fmt.Fprintf(w, "--f\r\nContent-Type: image/svg+xml\r\nContent-Length: %d\r\n\r\n%s\r\n", len(svg), svg)
				}
			})
		},
		"/stall": func(w http.ResponseWriter, r *http.Request) {
			hold(w, r, func() { w.Header().Set("Content-Type", "image/png") })
		},
	})
	c.Wait(`[...document.images].every(i => i.complete)`)
	browser.Eval[any](c.Page, `begin({ privacy: { redact: [".none"] } })`)
	c.until(t, "a")
	c.Until("pictures of the cameras", func() bool {
		c.take(t)
		pictures := 0
		for _, data := range c.assets {
			if strings.HasPrefix(string(data), "\x89PNG") {
				pictures++
			}
		}
		return pictures == 3
	})
	// Something that stalls takes one connection of ours, and the page has the others.
	browser.Eval[any](c.Page, `document.querySelector("#box").id = "stall"`)
	c.Until("a request that stalls", func() bool { n := count(0); return n >= 4 })
	browser.Eval[any](c.Page, `document.body.append(Object.assign(new Image(), { src: "/f/b.svg" }))`)
	c.until(t, "b")
	if got := browser.Eval[string](c.Page, `fetch("/f/c.svg").then(r => r.text())`); !strings.Contains(got, "<!--c-->") {
		t.Errorf("the page got %q", got)
	}
	if now := count(0); most > 0 && now > 5 || slices.Contains(c.served.asked(), "/gone.svg") || slices.Contains(c.served.asked(), "/gone.png") {
		t.Errorf("%d requests that do not end, and %q", now, c.served.asked())
	}
}
