package middleware

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// foreign is a framework's writer: not all that net/http's own has.
type foreign struct{ http.ResponseWriter }

func (f foreign) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// late is what Echo's WrapMiddleware and error handler do: next leaves an error, and the error page is written to the writer that it got,
// after the middleware has returned.
func late(m *Middleware, panics bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var inner http.ResponseWriter
		func() {
			defer func() { _ = recover() }()
			m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				inner = w
				if panics {
					panic("oh")
				}
			})).ServeHTTP(foreign{w}, r)
		}()
		inner.Header().Set("Content-Type", "text/html; charset=utf-8")
		inner.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(inner, "<p>not found")
		_ = http.NewResponseController(inner).Flush()
	})
}

func TestErrorPagesThatAreWrittenLateArrive(t *testing.T) {
	for _, panics := range []bool{false, true} {
		s := serverOf(t, late(mustNew(t, Options{}), panics))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/nowhere", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Dest", "document")
		response, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound || string(body) != "<p>not found" || err != nil {
			t.Errorf("panics %t: got %d, %q, %v", panics, response.StatusCode, body, err)
		}
	}
}

func TestWhatIsWrittenLateGoesToNobodyElse(t *testing.T) {
	m, r := mustNew(t, Options{}), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	page := func(seen func(http.ResponseWriter)) http.Handler {
		return m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, document)
			seen(w)
		}))
	}
	var held []http.ResponseWriter
	for range 100 { // the race detector makes sync.Pool forget things on purpose
		page(func(w http.ResponseWriter) { held = append(held, w) }).ServeHTTP(foreign{httptest.NewRecorder()}, r)
	}
	other := httptest.NewRecorder()
	page(func(http.ResponseWriter) {
		for _, w := range held {
			w.Header().Set("X-Late", "yes")
			_, _ = io.WriteString(w, "late")
		}
	}).ServeHTTP(foreign{other}, r)
	if got := other.Body.String(); strings.Contains(got, "late") || other.Header().Get("X-Late") != "" {
		t.Errorf("got %q, %v", got, other.Header())
	}
}

func TestStreamsLearnThatTheClientIsGone(t *testing.T) {
	for name, wrap := range map[string]func(http.ResponseWriter) http.ResponseWriter{
		"net/http's own writer": func(w http.ResponseWriter) http.ResponseWriter { return w },
		"a framework's":         func(w http.ResponseWriter) http.ResponseWriter { return foreign{w} },
	} {
		t.Run(name, func(t *testing.T) {
			m, told := mustNew(t, Options{}), make(chan bool, 1)
			s := serverOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					//lint:ignore SA1019 it is what is tested
					gone := w.(http.CloseNotifier).CloseNotify()
					_ = http.NewResponseController(w).Flush()
					told <- <-gone
				})).ServeHTTP(wrap(w), r)
			}))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Dest", "document")
			response, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if !<-told {
				t.Error("got false")
			}
		})
	}
}
