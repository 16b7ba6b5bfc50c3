package middleware

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
)

// FuzzInject: the output without the tag is the input, for any split of the writes, and the tag is a child of the head.
func FuzzInject(f *testing.F) {
	for _, c := range places {
		f.Add(strings.Replace(c.doc, "|", "", 1), uint64(1))
	}
	f.Fuzz(func(t *testing.T, doc string, seed uint64) {
		if strings.Contains(doc, mark) {
			return
		}
		got := inject(doc, whole)
		if strings.Count(got, mark) > 1 || strings.Replace(got, mark, "", 1) != doc {
			t.Errorf("%q became %q", doc, got)
		}
		for _, next := range []func() int{single, randomly(rand.New(rand.NewPCG(seed, 0)))} {
			if again := inject(doc, next); again != got {
				t.Errorf("in pieces: got %q, want %q", again, got)
			}
		}
		checkTree(t, doc)
	})
}

// FuzzPrefix looks for paths that reach something under the prefix by another name than its own.
func FuzzPrefix(f *testing.F) {
	for _, seed := range []string{
		"/_qwelp/healthz", "//_qwelp/healthz", "/_qwelp//healthz", "/x/../_qwelp/healthz", "/_qwelp/x/../healthz", "/_qwelp/..;/healthz", "/_qwelp/%68ealthz", "/_qwelp/healthz%00",
		"/_qwelp/agent%2f", "/_qwelp/healthz.", "/_qwelp/current/index.js", `/_qwelp\healthz`, "http://evil.example/_qwelp/healthz", "http://evil.example//_qwelp/agent/", "/_qwelp/agent/history",
	} {
		f.Add(seed)
	}
	m := mustNew(f, Options{})
	app := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	f.Fuzz(func(t *testing.T, target string) {
		at, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := navigation()
		r.URL, r.RequestURI = at, target
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		ours := strings.HasPrefix(at.Path, "/_qwelp/")
		if (w.Code == http.StatusTeapot) == ours {
			t.Errorf("%q: %d", target, w.Code)
		}
		if clean := path.Clean(at.Path); ours && w.Code != http.StatusNotFound && (at.RawPath != "" || clean != at.Path && clean+"/" != at.Path) {
			t.Errorf("%q is %d, which is %q", target, w.Code, clean)
		}
	})
}

// kept is a response whose body is kept, with the abilities of HTTP/1.
type kept struct {
	sink
	body bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error)         { return k.body.Write(p) }
func (k *kept) ReadFrom(r io.Reader) (int64, error) { return k.body.ReadFrom(r) }
func (k *kept) WriteString(s string) (int, error)   { return k.body.WriteString(s) }

// FuzzWrap: in whatever way a handler writes its page, the response is the same.
func FuzzWrap(f *testing.F) {
	for _, c := range places {
		f.Add(strings.Replace(c.doc, "|", "", 1), []byte("\x00\x41\x82\xc3"))
	}
	m := mustNew(f, Options{})
	f.Fuzz(func(t *testing.T, doc string, ways []byte) {
		answer := func(h http.HandlerFunc) string {
			w := &kept{sink: sink{h: http.Header{"Content-Type": {"text/html"}}}}
			m.Wrap(h).ServeHTTP(w, navigation())
			return w.body.String()
		}
		want := answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(doc)) })
		if strings.Replace(want, plainTag(m), "", 1) != doc && !strings.Contains(doc, plainTag(m)) {
			t.Errorf("%q became %q", doc, want)
		}
		got := answer(func(w http.ResponseWriter, _ *http.Request) {
			rest := doc
			for _, way := range ways {
				piece := rest[:min(int(way&63), len(rest))]
				rest = rest[len(piece):]
				switch way >> 6 {
				case 0:
					_, _ = w.Write([]byte(piece))
				case 1:
					_, _ = io.WriteString(w, piece)
				case 2:
					_, _ = w.(io.ReaderFrom).ReadFrom(strings.NewReader(piece))
				case 3:
					_, _ = w.Write([]byte(piece))
					w.(http.Flusher).Flush()
				}
			}
			_, _ = io.WriteString(w, rest)
		})
		if got != want {
			t.Errorf("%q, written %v: got %q, want %q", doc, ways, got, want)
		}
	})
}
