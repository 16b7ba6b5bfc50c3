package middleware

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal"
)

// compressing is a handler around others that compresses as gorilla's CompressHandler does: it names the coding before anything is written.
type compressing struct {
	http.ResponseWriter
	to *gzip.Writer
}

func (c compressing) Write(p []byte) (int, error) {
	h := c.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", http.DetectContentType(p))
	}
	h.Del("Content-Length")
	return c.to.Write(p)
}

func (c compressing) WriteHeader(status int) {
	c.Header().Del("Content-Length")
	c.ResponseWriter.WriteHeader(status)
}

func (c compressing) Flush() {
	_ = c.to.Flush()
	_ = http.NewResponseController(c.ResponseWriter).Flush()
}

func compressEarly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		r.Header.Del("Accept-Encoding")
		to := gzip.NewWriter(w)
		defer to.Close()
		next.ServeHTTP(compressing{w, to}, r)
	})
}

func unzip(t *testing.T, body string) string {
	t.Helper()
	from, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAHandlerAroundItMayCompress(t *testing.T) {
	var log logged
	m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	long := strings.Replace(document, "hello", strings.Repeat("hello ", 5000), 1)
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"typed":             {pageOf(document), document},
		"long":              {pageOf(long), long},
		"with a length":     {pageOf(document, "Content-Length: "+fmt.Sprint(len(document))), document},
		"an error page":     {statusOf(404, document), document},
		"after white space": {pageOf("\ufeff\n  " + document), "\ufeff\n  " + document},
		"not typed":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document) }, document},
		"in pieces that are flushed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, document[:40])
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, document[40:])
		}, document},
	} {
		got := ask(t, serverOf(t, compressEarly(m.Wrap(c.handler))), "GET /")
		if got.err != nil || got.header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %v, %v", name, got.err, got.header)
		}
		text := unzip(t, got.body)
		if strings.Count(text, plainTag(m)) != 1 || strings.Replace(text, plainTag(m), "", 1) != c.want {
			t.Errorf("%s: got %.300q", name, text)
		}
	}
	if text := log.String(); text != "" {
		t.Errorf("the log is %s", text)
	}
	for name, h := range map[string]http.HandlerFunc{
		"an image": pageOf("\x89PNG\r\n\x1a\n", "Content-Type: image/png"),
		"a text":   pageOf("<!doctype html> in a text", "Content-Type: text/plain"),
	} {
		if got := ask(t, serverOf(t, compressEarly(m.Wrap(h))), "GET /"); got.err != nil || strings.Contains(unzip(t, got.body), "qwelp") {
			t.Errorf("%s: got %q", name, got.body)
		}
	}
}

func TestABodyThatIsNotInItsCodingIsLoggedWithTheOrderOfHandlers(t *testing.T) {
	var log logged
	m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	h := pageOf("\x00\x01\x02 of no coding at all, and no page", "Content-Encoding: gzip")
	bare, wrapped := both(t, m, h, "GET /")
	checkUnchanged(t, bare, wrapped)
	if text := log.String(); !strings.Contains(text, "around the handlers that compress") {
		t.Errorf("the log is %s", text)
	}
}

func TestNoTransformIsLoggedOnceForEachRoute(t *testing.T) {
	var log logged
	m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	mux := http.NewServeMux()
	for _, pattern := range []string{"/", "/orders/{id}", "GET /search/"} {
		mux.Handle(pattern, pageOf(document, "Cache-Control: no-cache, no-store, no-transform, must-revalidate"))
	}
	mux.Handle("/style", pageOf("a{}", "Content-Type: text/css", "Cache-Control: no-transform"))
	s := serverOf(t, m.Wrap(mux))
	for _, path := range []string{"/", "/", "/orders/1", "/orders/2", "/search/a", "/search/a", "/style"} {
		if got := ask(t, s, "GET "+path); strings.Contains(got.body, "qwelp") {
			t.Errorf("%s was changed", path)
		}
	}
	before := log.String()
	for i := range 3 * maxRoutes { // paths that a client makes up
		ask(t, s, "GET /"+strings.Repeat("a", i%26+1)+"/"+strings.Repeat("b", i/26+1))
	}
	if lines := strings.Count(log.String(), "level=WARN"); lines > maxRoutes {
		t.Errorf("%d lines", lines)
	}
	if text := before; strings.Count(text, "no-transform") != 3 || strings.Count(text, "NoCache") != 3 || strings.Count(text, "level=WARN") != 3 {
		t.Errorf("the log is %s", text)
	}
}
