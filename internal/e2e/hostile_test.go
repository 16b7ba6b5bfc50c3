package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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
	}{
		{"evil pages under the policies of the console", "evil", true},
		{"evil pages without any policy", "evil", false},
		{"pages that break things", "breaking", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hostilePages(t, c.cases, c.policies)
		})
	}
}

func hostilePages(t *testing.T, cases string, policies bool) {
	server := httptest.NewServer(console(bundle(t, "agent/src/mirror/testdata/page.ts"), policies))
	defer server.Close()
	empty := func(name string) string { return server.URL + "/" + assets.Path(name) }
	own := []string{server.URL + "/", server.URL + "/hostile.js", empty("mirror.html"), empty("mirror-quirks.html")}
	mirrors := fmt.Sprintf(`{standards: %q, quirks: %q}`, empty("mirror.html"), empty("mirror-quirks.html"))

	p := browser.Open(t, 1000, 700)
	p.CountRequests()
	p.Go(server.URL + "/")
	foreign := func() []string {
		return slices.DeleteFunc(p.Requests(), func(u string) bool {
			return slices.Contains(own, u) || strings.HasPrefix(u, "data:") || strings.HasPrefix(u, "blob:")
		})
	}
	type hostile struct{ Name, Outcome string }
	for _, c := range browser.Eval[[]hostile](p, cases+`()`) {
		t.Run(c.Name, func(t *testing.T) {
			outcome := browser.Eval[struct {
				Did  string
				Harm []string
			}](p, fmt.Sprintf(`run(%q, %s)`, c.Name, mirrors))
			if outcome.Did != c.Outcome {
				t.Errorf("the page was %s, want %s", outcome.Did, c.Outcome)
			}
			for _, harm := range append(outcome.Harm, p.Errors()...) {
				t.Error(harm)
			}
			if requests := foreign(); len(requests) > 0 {
				t.Errorf("there were requests for %q", requests)
			}
		})
	}
	browser.Eval[any](p, fmt.Sprintf(`control(%q)`, empty("mirror.html")))
	p.Until("the request that the page makes itself", func() bool {
		return slices.ContainsFunc(foreign(), func(u string) bool { return strings.HasSuffix(u, "/stolen/control") })
	})
}

// console serves a page with a script where the console would be, and the pages that are filled with mirrored ones.
func console(script string, policies bool) http.Handler {
	serve := func(kind, text string, from http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			real := httptest.NewRecorder()
			from(real, r)
			if policy := real.Header()["Content-Security-Policy"]; policies {
				w.Header()["Content-Security-Policy"] = policy
			}
			w.Header().Set("Content-Type", kind)
			if text == "" {
				_, _ = real.Body.WriteTo(w)
			}
			_, _ = io.WriteString(w, text)
		}
	}
	files := http.NewServeMux()
	files.HandleFunc("GET /{$}", serve("text/html", `<!doctype html>`+noIcon+`<title>Console</title><script type="module" src="hostile.js"></script><body>`, assets.Console))
	files.HandleFunc("GET /hostile.js", serve("text/javascript", script, http.NotFound))
	empty := serve("text/html", "", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		http.StripPrefix("/", assets.Handler()).ServeHTTP(w, r)
	})
	for _, name := range []string{"mirror.html", "mirror-quirks.html"} {
		files.HandleFunc("GET /"+assets.Path(name), empty)
	}
	return files
}
