package middleware

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCase117FilesAreServedAsAlways(t *testing.T) {
	m := mustNew(t, Options{})
	dir := t.TempDir()
	for name, body := range map[string]string{"index.html": document, "x.css": "a{}", "sub/index.html": document} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(body), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	h := http.FileServer(http.Dir(dir)).ServeHTTP
	for _, path := range []string{"/", "/sub/"} {
		bare, wrapped := both(t, m, h, "GET "+path)
		checkOnce(t, m, bare.body, wrapped.body)
	}
	for _, c := range []struct{ request, field string }{
		{"GET /x.css", ""}, {"HEAD /x.css", ""}, {"GET /sub", ""}, {"GET /none", ""}, {"GET /index.html", ""}, {"GET /x.css", "Range: bytes=1-"},
		{"GET /index.html/", ""}, {"GET /", "Range: bytes=5-9"}, {"GET /", "Range: bytes=900-"},
	} {
		bare, wrapped := both(t, m, h, c.request, c.field)
		checkUnchanged(t, bare, wrapped)
	}
}

// http.MaxBytesReader has the connection closed by a method that only net/http's own writer can have, and does not unwrap others. So
// behind any middleware with a writer the server decides by what is left of the body: up to 256 KiB it reads, over more it closes.
func TestCase117ABodyThatIsTooLongIsNotReadToItsEnd(t *testing.T) {
	m := mustNew(t, Options{})
	form := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var tooLong *http.MaxBytesError
		if _, err := io.ReadAll(r.Body); errors.As(err, &tooLong) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		_, _ = io.WriteString(w, document)
	})
	for name, h := range map[string]http.Handler{
		"bare":    http.MaxBytesHandler(form, 10),
		"outside": http.MaxBytesHandler(m.Wrap(form), 10),
		"inside":  m.Wrap(http.MaxBytesHandler(form, 10)),
	} {
		for _, c := range []struct {
			size, want int
			closed     bool
		}{
			{10, http.StatusOK, false},
			{11, http.StatusRequestEntityTooLarge, name != "inside"},
			{1 << 20, http.StatusRequestEntityTooLarge, true},
		} {
			conn, err := net.Dial("tcp", serverOf(t, h).Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() {
				_, _ = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nSec-Fetch-Dest: document\r\nContent-Length: %d\r\n\r\n", c.size)
				_, _ = io.WriteString(conn, strings.Repeat("x", c.size))
			}()
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(name, c.size, err)
			}
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != c.want || err != nil || res.Close != c.closed {
				t.Errorf("%s, %d bytes: got %d, %v, closed %t", name, c.size, res.StatusCode, err, res.Close)
			}
			if name != "bare" {
				checkOnce(t, m, document, string(body))
			}
		}
	}
}

func TestCase117AReverseProxyWorksAsAlways(t *testing.T) {
	m := mustNew(t, Options{})
	app := serverOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/upgrade" {
			conn, both, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			line, _ := both.ReadString('\n')
			_, _ = io.WriteString(conn, line)
			return
		}
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Trailer", "X-End")
		_, _ = io.WriteString(w, document)
		w.Header().Set("X-End", "end")
	}))
	target, _ := url.Parse(app.URL)
	for _, interval := range []time.Duration{0, -1, time.Millisecond} {
		proxy := &httputil.ReverseProxy{FlushInterval: interval, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
		for protocol, s := range servers(t, m.Wrap(proxy)) {
			var hints []string
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(_ int, h textproto.MIMEHeader) error {
				hints = append(hints, h.Get("Link"))
				return nil
			}})
			r, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
			r.Header.Set("Sec-Fetch-Dest", "document")
			res, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			checkOnce(t, m, document, string(body))
			if err != nil || res.StatusCode != 200 || res.Trailer.Get("X-End") != "end" || fmt.Sprint(hints) != "[</x>; rel=preload]" {
				t.Errorf("%s: %d, trailers %v, hints %v, %v", protocol, res.StatusCode, res.Trailer, hints, err)
			}
		}
		conn, err := net.Dial("tcp", serverOf(t, m.Wrap(proxy)).Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "GET /upgrade HTTP/1.1\r\nHost: x\r\nSec-Fetch-Dest: document\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		in := bufio.NewReader(conn)
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
			t.Fatal(res, err)
		}
		_, _ = io.WriteString(conn, "hello\n")
		if line, err := in.ReadString('\n'); line != "hello\n" {
			t.Errorf("got %q, %v", line, err)
		}
	}
}
