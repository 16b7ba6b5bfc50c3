package middleware

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

const document = `<!doctype html><html><head><title>x</title></head><body>hello</body></html>`

// logged collects log lines.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func mustNew(t testing.TB, o Options) *Middleware {
	t.Helper()
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	m, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// serverOf starts a server for h, which ends with the test.
func serverOf(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

type answer struct {
	status int
	header http.Header
	body   string // as it came, not decoded
	err    error
	length int64
	extra  http.Header // trailers
}

// ask sends a navigation, or what the header fields "Name: value" make of it; an empty value takes a field out.
func ask(t testing.TB, s *httptest.Server, request string, fields ...string) answer {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		if r.Header.Del(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(body), err, res.ContentLength, res.Trailer}
}

// both asks the handler alone and wrapped.
func both(t testing.TB, m *Middleware, h http.HandlerFunc, request string, fields ...string) (bare, wrapped answer) {
	t.Helper()
	return ask(t, serverOf(t, h), request, fields...), ask(t, serverOf(t, m.Wrap(h)), request, fields...)
}

func plainTag(m *Middleware) string { return string(m.all.tag) }

func checkUnchanged(t *testing.T, bare, wrapped answer) {
	t.Helper()
	if wrapped.status != bare.status || wrapped.body != bare.body || wrapped.length != bare.length || (wrapped.err == nil) != (bare.err == nil) {
		t.Errorf("got %d, %d bytes %q, want %d, %d bytes %q", wrapped.status, wrapped.length, wrapped.body, bare.status, bare.length, bare.body)
	}
	bare.header.Del("Date")
	wrapped.header.Del("Date")
	if got, want := fmt.Sprint(wrapped.header), fmt.Sprint(bare.header); got != want {
		t.Errorf("headers are %s, want %s", got, want)
	}
}

func checkOnce(t *testing.T, m *Middleware, bare, wrapped string) {
	t.Helper()
	if strings.Count(wrapped, plainTag(m)) != 1 || strings.Replace(wrapped, plainTag(m), "", 1) != bare {
		t.Errorf("got %q, want the tag once in %q", wrapped, bare)
	}
}

// page answers with a body and header fields "Name: value".
func pageOf(body string, fields ...string) http.HandlerFunc {
	return statusOf(http.StatusOK, body, fields...)
}

func statusOf(status int, body string, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for _, field := range fields {
			name, value, _ := strings.Cut(field, ": ")
			if w.Header().Del(name); value != "" {
				w.Header().Add(name, value)
			}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hidden keeps a writer from being recognised.
func hidden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	})
}
