package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// Two walls keep hostile pages from the agent's browser: what the mirror makes of them, and the policies of the pages it makes it in. Each
// has to hold alone; that the second does is for TestTheMirrorPagesLoadNothingFromElsewhere in assets to show.
func TestHostilePagesDoNoHarm(t *testing.T) {
	for _, c := range []struct {
		name     string
		cases    string
		policies bool
		atOnce   int // cases
	}{
		{"evil pages under the policies of the console", "evil", true, 1},
		{"evil pages without any policy", "evil", false, 1},
		{"pages that make no sense", "broken", true, 16},
		{"pages that are too much", "large", true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hostilePages(t, c.cases, c.policies, c.atOnce)
		})
	}
}

// The same in browsers that do not isolate documents, whose parsers and layouts are others: all pages in one page of the browser, which has no second wall
// to hide behind. The server hears what would be stolen.
func TestHostilePagesDoNoHarmInEachBrowser(t *testing.T) {
	t.Parallel()
	inBrowsers(t, func(t *testing.T, name string) {
		var stolen requests
		handler := console(bundle(t, "agent/src/mirror/testdata/page.ts"), false)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stolen.add(r.URL.Path)
			handler.ServeHTTP(w, r)
		}))
		defer server.Close()
		empty := func(name string) string { return server.URL + "/" + assets.Path(name) }
		mirrors := fmt.Sprintf(`{standards: %q, quirks: %q}`, empty("mirror.html"), empty("mirror-quirks.html"))
		p := openIn(t, name, 1000, 700)
		p.Go(server.URL + "/")
		p.Wait(`"run" in window`)
		type outcome struct {
			Name, Want, Did string
			Harm            []string
		}
		// A driver waits for no answer as long as all of them take.
		evaluate[any](t, p, fmt.Sprintf(`void (async () => {
			window.outcomes = [];
			for (const {name, outcome} of [...evil(), ...broken()]) outcomes.push({name, want: outcome, ...await run(name, %s)});
			await control(%q);
			window.done = true;
		})()`, mirrors, empty("mirror.html")))
		seen := -1
		for !browser.Holds(func() bool { return evaluate[bool](t, p, `window.done === true`) }) {
			if now := evaluate[int](t, p, `outcomes.length`); now == seen {
				t.Fatalf("no more than %d pages are done", now)
			} else {
				seen = now
			}
		}
		for _, o := range evaluate[[]outcome](t, p, `outcomes`) {
			if o.Did != o.Want || len(o.Harm) > 0 {
				t.Errorf("%s: the page was %s, want %s; %q", o.Name, o.Did, o.Want, o.Harm)
			}
		}
		if !evaluate[bool](t, p, `Object.assign(document.createElement("a"), {href: "http://"}).matches(":link")`) {
			t.Error("links with an address that cannot be read are not shown as links")
		}
		p.Until("the request that the page makes itself", func() bool { return slices.Contains(stolen.all(), "/stolen/control") })
		for _, path := range stolen.all() {
			if strings.HasPrefix(path, "/stolen") && path != "/stolen/control" {
				t.Errorf("there was a request for %s", path)
			}
		}
	}, "firefox", "webkit")
}

// requests are the paths that a server is asked for.
type requests struct {
	sync.Mutex
	paths []string
}

func (r *requests) add(path string) {
	r.Lock()
	defer r.Unlock()
	r.paths = append(r.paths, path)
}

func (r *requests) all() []string {
	r.Lock()
	defer r.Unlock()
	return slices.Clone(r.paths)
}

func hostilePages(t *testing.T, cases string, policies bool, atOnce int) {
	server := httptest.NewServer(console(bundle(t, "agent/src/mirror/testdata/page.ts"), policies))
	defer server.Close()
	empty := func(name string) string { return server.URL + "/" + assets.Path(name) }
	own := []string{server.URL + "/", server.URL + "/main.js", empty("mirror.html"), empty("mirror-quirks.html")}
	mirrors := fmt.Sprintf(`{standards: %q, quirks: %q}`, empty("mirror.html"), empty("mirror-quirks.html"))

	p := browser.OpenAlone(t, 1000, 700)
	p.CountRequests()
	p.Go(server.URL + "/")
	foreign := func() []string {
		return slices.DeleteFunc(p.Requests(), func(u string) bool {
			u, _, _ = strings.Cut(u, "?") // frames within frames have addresses of their own
			return slices.Contains(own, u) || strings.HasPrefix(u, "data:") || strings.HasPrefix(u, "blob:")
		})
	}
	type hostile struct{ Name, Outcome string }
	for some := range slices.Chunk(browser.Eval[[]hostile](p, cases+`()`), atOnce) {
		names, err := json.Marshal(some)
		if err != nil {
			t.Fatal(err)
		}
		// Pages that are too much take as long as the machine is slow: what hangs ends with the suite.
		browser.Eval[any](p, fmt.Sprintf(`void Promise.all(%s.map(c => run(c.Name, %s))).then(all => window.outcomes = all)`, names, mirrors))
		for done := false; !done; done, _ = browser.TryEval[bool](p, `"outcomes" in window`) {
		}
		outcomes := browser.Eval[[]struct {
			Did  string
			Harm []string
		}](p, `(all => (delete window.outcomes, all))(window.outcomes)`)
		for i, c := range some {
			t.Run(c.Name, func(t *testing.T) {
				if outcomes[i].Did != c.Outcome {
					t.Errorf("the page was %s, want %s", outcomes[i].Did, c.Outcome)
				}
				for _, harm := range append(outcomes[i].Harm, p.Errors()...) {
					t.Error(harm)
				}
				if requests := foreign(); len(requests) > 0 {
					t.Errorf("there were requests for %q", requests)
				}
			})
		}
	}
	browser.Eval[any](p, fmt.Sprintf(`control(%q)`, empty("mirror.html")))
	var last []string
	p.Until("the request that the page makes itself", func() bool {
		last = append(last, foreign()...)
		return slices.Contains(last, server.URL+"/stolen/control")
	})
	if len(last) > 1 {
		t.Errorf("there were late requests: %q", last)
	}
}

// console serves a page with a script where the console would be, and the pages that are filled with mirrored ones.
func console(script string, policies bool) http.Handler {
	page := `<!doctype html>` + noIcon + `<title>Console</title><script type="module" src="main.js"></script><body>`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/main.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, script)
			return
		}
		r.Header.Del("Accept-Encoding")
		real := httptest.NewRecorder()
		if r.URL.Path == "/" {
			assets.Console(real, r)
			real.Header().Set("Document-Isolation-Policy", "isolate-and-require-corp") // as the mirror's pages are, so that it reaches into them
			real.Body.Reset()
			real.Body.WriteString(page)
		} else {
			assets.Handler().ServeHTTP(real, r)
		}
		maps.Copy(w.Header(), real.Header())
		w.Header().Del("Content-Length")
		if !policies {
			w.Header().Del("Content-Security-Policy")
		}
		w.WriteHeader(real.Code)
		_, _ = real.Body.WriteTo(w)
	})
}
