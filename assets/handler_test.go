package assets

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// get asks the handler for path with header fields given as name, value, name, …
func get(t *testing.T, handler http.Handler, method, path string, fields ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	var reader io.Reader = response.Body
	switch response.Header.Get("Content-Encoding") {
	case "br":
		reader = brotli.NewReader(reader)
	case "gzip":
		var err error
		if reader, err = gzip.NewReader(reader); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func want(t *testing.T, response *http.Response, status int, fields ...string) {
	t.Helper()
	if response.StatusCode != status {
		t.Errorf("status is %d, want %d", response.StatusCode, status)
	}
	for i := 0; i < len(fields); i += 2 {
		if got := response.Header.Get(fields[i]); got != fields[i+1] {
			t.Errorf("%s is %q, want %q", fields[i], got, fields[i+1])
		}
	}
}

func TestEveryFileIsServedInEveryCodingForever(t *testing.T) {
	for _, file := range sources() {
		if file.name == "console.html" || file.name == "check.html" {
			continue
		}
		// Pages of every origin may have the sender; what agents have is their own.
		whose, anybody := "cross-origin", "*"
		if strings.HasPrefix(file.name, "console") || strings.HasPrefix(file.name, "mirror") || strings.HasPrefix(file.name, "check") {
			whose, anybody = "same-origin", ""
		}
		for _, coding := range []string{"br", "gzip", ""} {
			t.Run(file.name+" "+coding, func(t *testing.T) {
				response := get(t, Handler(), "GET", "/"+Path(file.name), "Accept-Encoding", coding)
				want(t, response, http.StatusOK, "Content-Encoding", coding,
					"Cache-Control", "public, max-age=31536000, immutable",
					"Content-Type", contentType(file.name),
					"Vary", "Accept-Encoding",
					"Accept-Ranges", "none",
					"X-Content-Type-Options", "nosniff",
					"Cross-Origin-Resource-Policy", whose, "Access-Control-Allow-Origin", anybody)
				if got := body(t, response); got != string(file.body()) {
					t.Errorf("%d bytes, want the %d of the file", len(got), len(file.body()))
				}
			})
		}
	}
}

func TestTheHashNamesTheFiles(t *testing.T) {
	if got := Hash(); len(got) != 12 || strings.Trim(got, "0123456789abcdef") != "" {
		t.Errorf("the hash is %q, want 12 hex digits", got)
	}
	if got, want := Path("auto.js"), Hash()+"/auto.js"; got != want {
		t.Errorf("the path is %q, want %q", got, want)
	}
}

func TestTheCurrentIndexLeadsToTheHashedFile(t *testing.T) {
	response := get(t, Handler(), "GET", "/current/index.js")
	want(t, response, http.StatusOK, "Cache-Control", "no-cache", "Content-Type", "text/javascript; charset=utf-8")
	if got, want := body(t, response), "export * from \"../"+Hash()+"/auto.js\";\n"; got != want {
		t.Errorf("the index is %q, want %q", got, want)
	}

	tag := response.Header.Get("ETag")
	if len(tag) < 3 || tag[0] != '"' {
		t.Fatalf("ETag %q is not strong", tag)
	}
	response = get(t, Handler(), "GET", "/current/index.js", "If-None-Match", `"old", W/`+tag)
	want(t, response, http.StatusNotModified, "ETag", tag, "Cache-Control", "no-cache", "Vary", "Accept-Encoding", "Content-Type", "")
	if got := body(t, response); got != "" {
		t.Errorf("not modified, but with body %q", got)
	}
	want(t, get(t, Handler(), "GET", "/current/index.js", "If-None-Match", "*"), http.StatusNotModified)
	want(t, get(t, Handler(), "GET", "/current/index.js", "If-None-Match", `"old"`), http.StatusOK)
	want(t, get(t, Handler(), "GET", "/current/index.js", "If-None-Match", tag, "Accept-Encoding", "br"), http.StatusOK)
}

func TestTheHashedIndexStandsBesideTheFile(t *testing.T) {
	response := get(t, Handler(), "GET", "/"+Path("index.js"))
	want(t, response, http.StatusOK, "Cache-Control", "public, max-age=31536000, immutable")
	if got, want := body(t, response), "export * from \"./auto.js\";\n"; got != want {
		t.Errorf("the index is %q, want %q", got, want)
	}
}

func TestPagesOfOtherVersionsGetThisOne(t *testing.T) {
	for _, name := range []string{"auto.js", "index.js"} {
		response := get(t, Handler(), "GET", "/0123456789ab/"+name)
		want(t, response, http.StatusOK, "Cache-Control", "no-store", "Content-Type", "text/javascript; charset=utf-8")
		if got, want := body(t, response), "export * from \"../"+Hash()+"/auto.js\";\n"; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	response := get(t, Handler(), "GET", "/0123456789ab/classic.js")
	want(t, response, http.StatusOK, "Cache-Control", "no-store")
	if got, want := body(t, response), body(t, get(t, Handler(), "GET", "/"+Path("classic.js"))); got != want {
		t.Errorf("the classic loader is %q, want %q", got, want)
	}
}

func TestTheTypesStandBesideBothIndexes(t *testing.T) {
	want(t, get(t, Handler(), "GET", "/current/index.d.ts"), http.StatusOK, "Cache-Control", "no-cache")
	want(t, get(t, Handler(), "GET", "/"+Path("index.d.ts")), http.StatusOK, "Content-Type", "text/plain; charset=utf-8")
}

func TestTheNamesThatStayAreForPagesOfEveryOrigin(t *testing.T) {
	for _, name := range []string{"index.js", "auto.js", "index.d.ts"} {
		want(t, get(t, Handler(), "GET", "/current/"+name, "Origin", "https://www.example.com"), http.StatusOK,
			"Cache-Control", "no-cache", "Access-Control-Allow-Origin", "*", "Cross-Origin-Resource-Policy", "cross-origin")
	}
	for _, page := range []http.HandlerFunc{Console, Check} {
		want(t, get(t, page, "GET", "/agent/check", "Origin", "https://www.example.com"), http.StatusOK, "Access-Control-Allow-Origin", "", "Cross-Origin-Resource-Policy", "same-origin")
	}
}

func TestEverythingElseIsNotFoundAndNotKept(t *testing.T) {
	for _, path := range []string{"/", "/auto.js", "/0123456789ab/session.js", "/0123456789a/auto.js", "/0123456789AB/auto.js", "/current/session.js", "/current/", "/" + Hash(),
		"/" + Path(""), "/" + Path("dist/auto.js"), "/" + Path("../assets.go"), "/" + Path("console.html"), "/" + Path("check.html"), "//" + Path("auto.js")} {
		t.Run(path, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.Path = path
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			want(t, w.Result(), http.StatusNotFound, "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff")
		})
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	want(t, get(t, Handler(), "POST", "/current/index.js"), http.StatusMethodNotAllowed, "Allow", "GET, HEAD", "Cache-Control", "no-store")
	want(t, get(t, http.HandlerFunc(Console), "OPTIONS", "/"), http.StatusMethodNotAllowed, "Allow", "GET, HEAD")
}

func TestAClientThatAcceptsNothingIsRefused(t *testing.T) {
	want(t, get(t, Handler(), "GET", "/current/index.js", "Accept-Encoding", "*;q=0"), http.StatusNotAcceptable,
		"Cache-Control", "no-store", "Vary", "Accept-Encoding")
}

func TestHeadHasTheHeadersOfGetAndNoBody(t *testing.T) {
	with := get(t, Handler(), "GET", "/"+Path("auto.js"), "Accept-Encoding", "br")
	without := get(t, Handler(), "HEAD", "/"+Path("auto.js"), "Accept-Encoding", "br")
	for name := range with.Header {
		if got, want := without.Header.Get(name), with.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got, _ := io.ReadAll(without.Body); len(got) > 0 {
		t.Errorf("HEAD has a body of %d bytes", len(got))
	}
}

func TestTheMirrorPagesLoadNothingFromElsewhere(t *testing.T) {
	for _, name := range []string{"mirror.html", "mirror-quirks.html"} {
		want(t, get(t, Handler(), "GET", "/"+Path(name)), http.StatusOK,
			"Content-Type", "text/html; charset=utf-8",
			"Referrer-Policy", "no-referrer",
			"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src blob: data:; font-src blob: data:; "+
				"media-src blob: data:; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
			"Document-Isolation-Policy", "isolate-and-require-corp")
	}
}

func TestThePageThatRunsTheMirrorLoadsItsScriptAndNothingElse(t *testing.T) {
	response := get(t, Handler(), "GET", "/"+Path("mirror-runner.html"))
	want(t, response, http.StatusOK,
		"Content-Type", "text/html; charset=utf-8",
		"Referrer-Policy", "no-referrer",
		"Content-Security-Policy", "default-src 'none'; script-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
		"Document-Isolation-Policy", "isolate-and-require-corp")
	if page := body(t, response); !strings.Contains(page, `<script type="module" src="mirror.js"></script>`) {
		t.Error("it does not load the mirror")
	}
}

func TestTheConsoleIsNeverKeptAndNeverFramed(t *testing.T) {
	response := get(t, http.HandlerFunc(Console), "GET", "/agent/")
	want(t, response, http.StatusOK,
		"Content-Type", "text/html; charset=utf-8",
		"Cache-Control", "no-store",
		"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "+
			"connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
		"X-Frame-Options", "DENY",
		"Referrer-Policy", "no-referrer",
		"Cross-Origin-Opener-Policy", "same-origin",
		"Document-Isolation-Policy", "", // else it would be isolated with the mirror
		"X-Content-Type-Options", "nosniff")
	if got := response.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=()") || !strings.Contains(got, "microphone=()") {
		t.Errorf("Permissions-Policy is %q", got)
	}
	page := body(t, response)
	for _, name := range []string{"console.js", "console.css"} {
		if !strings.Contains(page, "../"+Path(name)) {
			t.Errorf("the console does not load %s", name)
		}
	}
	if strings.Contains(page, "{{") {
		t.Error("a place for the hash was left open")
	}
}

// The console's policy has no place for inline code or styles: they would be blocked in silence.
func TestTheConsoleHasNothingInline(t *testing.T) {
	page := body(t, get(t, http.HandlerFunc(Console), "GET", "/agent/")) + body(t, get(t, http.HandlerFunc(Check), "GET", "/agent/check"))
	for _, part := range []string{"<style", " style=", " onclick=", "javascript:"} {
		if strings.Contains(page, part) {
			t.Errorf("the console contains %q", part)
		}
	}
}

// What customers' browsers load, in bytes of brotli. The loader comes with every page of the app and must
// not be noticed; session and capture come when a customer asks for support, motion when the page then has canvases or videos.
var budgets = map[string]int{
	"auto.js": 7 << 10, "aside.js": 2 << 10, "session.js": 20 << 10, "picture.js": 8 << 10, "capture.js": 33 << 10, "names.js": 8 << 10, "shown.js": 7 << 10, "motion.js": 2 << 10, "rare.js": 4 << 10, "styles.js": 3 << 10, "highlights.js": 2 << 10, "frames.js": 3 << 10, "guest.js": 3 << 10,
	"seal.js": 3 << 10, "relay.js": 3 << 10, "compare.js": 1 << 10, "telling.js": 2 << 10, "pointing.js": 4 << 10, "announcer.js": 2 << 10, "languages.js": 12 << 10, "unsupported.js": 3 << 10,
}

func TestTheBundlesStayWithinTheirBudgets(t *testing.T) {
	for name, budget := range budgets {
		res, ok := resources()[Path(name)]
		if !ok {
			t.Errorf("there is no %s", name)
			continue
		}
		size := len(res.bodies[codingBrotli]())
		t.Logf("%s: %d of %d bytes", name, size, budget)
		if size > budget {
			t.Errorf("%s is %d bytes in brotli, its budget is %d", name, size, budget)
		}
	}
}

func BenchmarkHandler(b *testing.B) {
	handler, r := Handler(), httptest.NewRequest("GET", "/"+Path("auto.js"), nil)
	r.Header.Set("Accept-Encoding", "br")
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(discard{io.Discard, http.Header{}}, r)
	}
}

type discard struct {
	io.Writer
	header http.Header
}

func (d discard) Header() http.Header { return d.header }
func (d discard) WriteHeader(int)     {}
