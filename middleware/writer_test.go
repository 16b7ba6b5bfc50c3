package middleware

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func TestCase113AnAbortedPageLooksAborted(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"", "gzip"} {
		h := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			body := document
			if coding != "" {
				w.Header().Set("Content-Encoding", coding)
				body = gzipped(document)
			}
			_, _ = io.WriteString(w, body)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		if wrapped := ask(t, serverOf(t, m.Wrap(http.HandlerFunc(h))), "GET /"); wrapped.err == nil {
			t.Errorf("got %q", wrapped.body)
		}
	}
}

func TestCase114AfterAPanicBeforeTheBodyAnOuterHandlerCanStillAnswer(t *testing.T) {
	m := mustNew(t, Options{})
	h := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { panic("oops") }))
	outer := func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				http.Error(w, "sorry", http.StatusInternalServerError)
			}
		}()
		h.ServeHTTP(w, r)
	}
	if got := ask(t, serverOf(t, http.HandlerFunc(outer)), "GET /"); got.status != 500 || got.body != "sorry\n" {
		t.Errorf("got %d %q", got.status, got.body)
	}
}

func TestCase106TheWriterCanDoWhatTheServersCan(t *testing.T) {
	m := mustNew(t, Options{})
	what := func(w http.ResponseWriter) string {
		_, f := w.(http.Flusher)
		_, h := w.(http.Hijacker)
		_, p := w.(http.Pusher)
		_, r := w.(io.ReaderFrom)
		return fmt.Sprint(f, h, p, r)
	}
	type all struct {
		http.ResponseWriter
		http.Flusher
		http.Hijacker
		http.Pusher
		io.ReaderFrom
	}
	rec := httptest.NewRecorder()
	for _, bare := range []http.ResponseWriter{
		rec, struct{ http.ResponseWriter }{rec}, all{ResponseWriter: rec},
		struct {
			http.ResponseWriter
			http.Hijacker
			io.ReaderFrom
		}{ResponseWriter: rec},
		struct {
			http.ResponseWriter
			http.Flusher
			http.Hijacker
		}{ResponseWriter: rec},
		struct {
			http.ResponseWriter
			http.Pusher
		}{ResponseWriter: rec},
	} {
		m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if got, want := what(w), what(bare); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})).ServeHTTP(bare, httptest.NewRequest("GET", "/", nil))
	}
}

func TestCase105TheResponseControllerReachesTheServer(t *testing.T) {
	m := mustNew(t, Options{})
	h := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		if err := errors.Join(rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Time{}), rc.EnableFullDuplex(), rc.Flush()); err != nil {
			t.Error(err)
		}
		conn, _, err := rc.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := w.Write([]byte("x")); !errors.Is(err, http.ErrHijacked) {
			t.Errorf("Write after Hijack: %v", err)
		}
		_ = conn.Close()
	}))
	ask(t, serverOf(t, h), "GET /")
}

func TestCase107UpgradesAreNotTouched(t *testing.T) {
	m := mustNew(t, Options{})
	s := serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi")
		_ = conn.Close()
	})))
	r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
	r.Header.Set("Connection", "keep-alive, Upgrade")
	r.Header.Set("Upgrade", "echo")
	res, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, _ := io.ReadAll(bufio.NewReader(res.Body)); res.StatusCode != 101 || string(got) != "hi" {
		t.Errorf("got %d %q", res.StatusCode, got)
	}
}

func TestCase117InformationalResponsesPassAndDecideNothing(t *testing.T) {
	m := mustNew(t, Options{})
	h := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, document)
	}
	bare, wrapped := both(t, m, h, "GET /")
	checkOnce(t, m, bare.body, wrapped.body)
	if wrapped.status != http.StatusNotFound {
		t.Errorf("status is %d", wrapped.status)
	}
}

func TestCase117TimeoutsWorkInsideAndOutside(t *testing.T) {
	m := mustNew(t, Options{})
	late := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, wrap := range map[string]func(http.Handler, time.Duration) http.Handler{
		"inside":  func(h http.Handler, d time.Duration) http.Handler { return m.Wrap(http.TimeoutHandler(h, d, "")) },
		"outside": func(h http.Handler, d time.Duration) http.Handler { return http.TimeoutHandler(m.Wrap(h), d, "") },
	} {
		checkOnce(t, m, document, ask(t, serverOf(t, wrap(pageOf(document), time.Minute)), "GET /").body)
		got := ask(t, serverOf(t, wrap(late, time.Millisecond)), "GET /")
		if got.status != http.StatusServiceUnavailable || got.err != nil {
			t.Errorf("%s: got %d, %v", name, got.status, got.err)
		}
	}
}

func TestCase118ErrorsOfTheConnectionReachTheHandler(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"", "gzip", "br"} {
		failed := make(chan error, 1)
		h := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			var out io.Writer = w
			switch coding {
			case "gzip":
				out, _ = gzip.NewWriterLevel(w, gzip.HuffmanOnly)
			case "br":
				out = brotli.NewWriterLevel(w, brotli.BestSpeed)
			}
			if coding != "" {
				w.Header().Set("Content-Encoding", coding)
			}
			noise, piece := rand.NewChaCha8([32]byte{}), make([]byte, 64<<10)
			for {
				_, _ = noise.Read(piece) // what repeats would be compressed to nothing
				if _, err := out.Write(piece); err != nil {
					failed <- err
					return
				}
			}
		}
		s := serverOf(t, m.Wrap(http.HandlerFunc(h)))
		r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
		r.Header.Set("Sec-Fetch-Dest", "document")
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		<-failed
	}
}
