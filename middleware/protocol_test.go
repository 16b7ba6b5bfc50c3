package middleware

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/leaktest"
)

// servers starts one server for h per protocol.
func servers(t *testing.T, h http.Handler) map[string]*httptest.Server {
	t.Helper()
	second := httptest.NewUnstartedServer(h)
	second.EnableHTTP2 = true
	second.StartTLS()
	t.Cleanup(second.Close)
	return map[string]*httptest.Server{"HTTP/1.1": serverOf(t, h), "HTTP/2.0": second}
}

func TestCase68ALengthThatTheHandlerSetBreaksNoProtocol(t *testing.T) {
	m := mustNew(t, Options{})
	h := m.Wrap(pageOf(document, "Content-Length: "+strconv.Itoa(len(document))))
	for protocol, s := range servers(t, h) {
		// Twice, over the same connection.
		for range 2 {
			got := ask(t, s, "GET /")
			if got.err != nil || got.length >= 0 && got.length != int64(len(got.body)) {
				t.Errorf("%s: %d bytes, %v", protocol, got.length, got.err)
			}
			checkOnce(t, m, document, got.body)
		}
	}
	t.Run("HTTP/1.0", func(t *testing.T) {
		conn, err := net.Dial("tcp", serverOf(t, h).Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\nSec-Fetch-Dest: document\r\n\r\n")
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || len(res.TransferEncoding) > 0 {
			t.Errorf("got %v, %v", res.TransferEncoding, err)
		}
		checkOnce(t, m, document, string(body))
	})
}

func TestCase116TrailersArriveAfterTheBody(t *testing.T) {
	m := mustNew(t, Options{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Trailer", "X-Sum, X-Unset")
		_, _ = io.WriteString(w, document)
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-More", "2")
	})
	bare, wrapped := servers(t, h), servers(t, m.Wrap(h))
	for protocol := range bare {
		want, got := ask(t, bare[protocol], "GET /"), ask(t, wrapped[protocol], "GET /")
		checkOnce(t, m, want.body, got.body)
		if want, got := fmt.Sprint(want.extra), fmt.Sprint(got.extra); got != want || got == "map[]" {
			t.Errorf("%s: trailers are %s, want %s", protocol, got, want)
		}
	}
}

func TestCase106OverEachProtocolAWriterCanDoTheSame(t *testing.T) {
	m := mustNew(t, Options{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, flushes := w.(http.Flusher)
		_, hijacks := w.(http.Hijacker)
		_, pushes := w.(http.Pusher)
		_, reads := w.(io.ReaderFrom)
		_, writesStrings := w.(io.StringWriter)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(w, flushes, hijacks, pushes, reads, writesStrings)
	})
	bare, wrapped := servers(t, h), servers(t, m.Wrap(h))
	for protocol := range bare {
		if got, want := ask(t, wrapped[protocol], "GET /").body, ask(t, bare[protocol], "GET /").body; got != want || got == "" {
			t.Errorf("%s: got %s, want %s", protocol, got, want)
		}
	}
}

func TestCase108EventsArriveOneByOne(t *testing.T) {
	m := mustNew(t, Options{})
	next := make(chan struct{})
	for protocol, s := range servers(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 3 {
			_, _ = io.WriteString(w, "data: </head>\n\n")
			w.(http.Flusher).Flush()
			select {
			case <-next:
			case <-r.Context().Done():
				return
			}
		}
	}))) {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
		r.Header.Set("Accept", "text/event-stream")
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			event := make([]byte, len("data: </head>\n\n"))
			if _, err := io.ReadFull(res.Body, event); err != nil || string(event) != "data: </head>\n\n" {
				t.Errorf("%s: got %q, %v", protocol, event, err)
			}
			next <- struct{}{} // the handler waits for the client to have read it
		}
		if rest, err := io.ReadAll(res.Body); len(rest) > 0 || err != nil {
			t.Errorf("%s: then %q, %v", protocol, rest, err)
		}
		_ = res.Body.Close()
	}
}

// counting counts the files that are read by the connection itself, as by sendfile(2).
type counting struct {
	*net.TCPConn
	files *atomic.Int64
}

func (c counting) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok {
		r = l.R
	}
	if _, ok := r.(syscall.Conn); ok {
		c.files.Add(1)
	}
	return c.TCPConn.ReadFrom(r)
}

type countingListener struct {
	net.Listener
	files *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		conn = counting{tcp, l.files}
	}
	return conn, err
}

func TestCase101AFileThatIsNoPageTakesTheShortWay(t *testing.T) {
	m := mustNew(t, Options{})
	dir := t.TempDir()
	image := strings.Repeat("x", 100<<10)
	if err := os.WriteFile(filepath.Join(dir, "x.png"), []byte(image), 0o600); err != nil {
		t.Fatal(err)
	}
	copied := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f, err := os.Open(filepath.Join(dir, "x.png"))
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", strconv.Itoa(len(image)))
		_, _ = io.Copy(w, f)
	})
	for name, h := range map[string]http.Handler{"http.FileServer": http.FileServer(http.Dir(dir)), "io.Copy": copied} {
		var files atomic.Int64
		s := httptest.NewUnstartedServer(m.Wrap(h))
		s.Listener = countingListener{s.Listener, &files}
		s.Start()
		t.Cleanup(s.Close)
		if got := ask(t, s, "GET /x.png"); got.body != image || got.err != nil {
			t.Errorf("%s: %d bytes, %v", name, len(got.body), got.err)
		}
		if files.Load() != 1 {
			t.Errorf("%s: the connection read %d files itself, want 1", name, files.Load())
		}
	}
}

func TestCase110TheFirstStatusCounts(t *testing.T) {
	m := mustNew(t, Options{})
	for _, contentType := range []string{"text/html", "text/plain", ""} {
		h := func(w http.ResponseWriter, _ *http.Request) {
			if contentType != "" {
				w.Header().Set("Content-Type", contentType)
			}
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, document)
			w.WriteHeader(http.StatusOK)
		}
		var lines logged
		s := httptest.NewUnstartedServer(m.Wrap(http.HandlerFunc(h)))
		s.Config.ErrorLog = log.New(&lines, "", 0)
		s.Start()
		t.Cleanup(s.Close)
		if got := ask(t, s, "GET /"); got.status != http.StatusTeapot || got.err != nil {
			t.Errorf("%q: got %d, %v", contentType, got.status, got.err)
		}
		if got := strings.Count(lines.String(), "superfluous"); got > 2 {
			t.Errorf("%q: %d lines for two calls: %s", contentType, got, lines.String())
		}
	}
}

func TestCase112AfterHijackNothingCanBeWritten(t *testing.T) {
	m := mustNew(t, Options{})
	ask(t, serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, err = w.Write([]byte(document))
		_, err2 := io.WriteString(w, document)
		_, err3 := w.(io.ReaderFrom).ReadFrom(strings.NewReader(document))
		for _, err := range []error{err, err2, err3} {
			if !errors.Is(err, http.ErrHijacked) {
				t.Errorf("got %v, want %v", err, http.ErrHijacked)
			}
		}
	}))), "GET /")
}

func TestCase118NoGoroutineStaysBehind(t *testing.T) {
	m := mustNew(t, Options{})
	long := strings.Replace(document, "hello", strings.Repeat("hello ", 100_000), 1)
	bodies := map[string]string{"": long, "gzip": gzipped(long), "br": brotlied(long)}
	s := serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if coding := r.URL.Query().Get("coding"); coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		body := bodies[r.URL.Query().Get("coding")]
		_, _ = io.WriteString(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		switch r.URL.Query().Get("end") {
		case "panic":
			panic(http.ErrAbortHandler)
		case "gone":
			<-r.Context().Done()
		}
		_, _ = io.WriteString(w, body[len(body)/2:])
	})))
	before := leaktest.Running()
	for coding := range bodies {
		for _, end := range []string{"", "panic", "gone"} {
			ctx, cancel := context.WithCancel(t.Context())
			r, _ := http.NewRequestWithContext(ctx, "GET", s.URL+"?coding="+coding+"&end="+end, nil)
			r.Header.Set("Sec-Fetch-Dest", "document")
			r.Header.Set("Accept-Encoding", "x")
			res, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if end == "gone" {
				cancel()
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			cancel()
		}
	}
	s.CloseClientConnections()
	s.Client().CloseIdleConnections()
	if left := leaktest.Since(before, "/middleware."); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

func TestCase119AFlushByAnotherGoroutineIsSafe(t *testing.T) {
	m := mustNew(t, Options{})
	const lines = 500
	app := serverOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><head>")
		for i := range lines {
			_, _ = fmt.Fprintf(w, "<link href=%d>\n", i)
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, "</head>x")
	}))
	target, _ := url.Parse(app.URL)
	// With an interval the proxy flushes from a goroutine of its own, under a lock that it also writes under.
	proxy := &httputil.ReverseProxy{FlushInterval: 50 * time.Microsecond, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	got := ask(t, serverOf(t, m.Wrap(proxy)), "GET /")
	if tag := plainTag(m); strings.Count(got.body, tag) != 1 || !strings.HasSuffix(got.body, tag+"</head>x") || strings.Count(got.body, "<link") != lines {
		t.Errorf("got %d bytes, %v", len(got.body), got.err)
	}
}
