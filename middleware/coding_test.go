package middleware

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func gzipped(body string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Comment = "x"
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return b.String()
}

func brotlied(body string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return b.String()
}

func decoded(t *testing.T, coding, body string) (string, error) {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	switch coding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		gz, err := gzip.NewReader(r)
		if err != nil {
			return "", err
		}
		r = gz
	}
	plain, err := io.ReadAll(r)
	return string(plain), err
}

func TestCompressedPagesGetTheTag(t *testing.T) {
	m := mustNew(t, Options{})
	long := strings.Replace(document, "hello", strings.Repeat("hello world ", 20_000), 1)
	for _, c := range []struct{ coding, doc, body string }{
		{"gzip", document, gzipped(document)},
		{"gzip", long, gzipped(long)},
		{"gzip", document + long, gzipped(document) + gzipped(long)},
		{"gzip", document, gzipped(document) + "junk after the end"},
		{"gzip", document, gzipped(document) + "junk"},
		{"br", document, brotlied(document) + "junk"},
		{"br", document, brotlied(document)},
		{"br", long, brotlied(long)},
	} {
		for _, size := range []int{1, 7, 4096, 1 << 20} {
			t.Run(fmt.Sprint(c.coding, " ", len(c.doc), " in pieces of ", size), func(t *testing.T) {
				h := func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/html")
					w.Header().Set("Content-Encoding", c.coding)
					if size == 4096 {
						w.Header().Set("Content-Length", strconv.Itoa(len(c.body)))
					}
					for rest := c.body; rest != ""; {
						n := min(size, len(rest))
						if got, err := w.Write([]byte(rest[:n])); got != n || err != nil {
							t.Errorf("Write returned %d, %v for %d bytes", got, err, n)
						}
						rest = rest[n:]
					}
				}
				wrapped := ask(t, serverOf(t, m.Wrap(http.HandlerFunc(h))), "GET /")
				if wrapped.err != nil || wrapped.header.Get("Content-Encoding") != c.coding {
					t.Fatal(wrapped.err, wrapped.header)
				}
				got, err := decoded(t, c.coding, wrapped.body)
				if err != nil {
					t.Fatal(err)
				}
				checkOnce(t, m, c.doc, got)
			})
		}
	}
}

func TestCase89ABodyThatIsNotInItsCodingStaysAsItIs(t *testing.T) {
	for _, coding := range []string{"gzip", "br"} {
		var log logged
		m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		bare, wrapped := both(t, m, pageOf(document, "Content-Encoding: "+coding), "GET /")
		if wrapped.body != bare.body || wrapped.err != nil {
			t.Errorf("%s: got %q, %v", coding, wrapped.body, wrapped.err)
		}
		if !strings.Contains(log.String(), "coding is broken") {
			t.Errorf("the log is %q", log.String())
		}
	}
}

func TestCase90AnUnfinishedBodyIsNotFinishedForIt(t *testing.T) {
	m := mustNew(t, Options{})
	long := strings.Replace(document, "hello", strings.Repeat("hello world ", 20_000), 1)
	for coding, body := range map[string]string{"gzip": gzipped(long), "br": brotlied(long)} {
		wrapped := ask(t, serverOf(t, m.Wrap(pageOf(body[:len(body)-20], "Content-Encoding: "+coding))), "GET /")
		if _, err := decoded(t, coding, wrapped.body); err == nil || wrapped.status != http.StatusOK {
			t.Errorf("%s: got %d and no error", coding, wrapped.status)
		}
	}
}

func TestCase91ADamagedBodyIsNotMadeWhole(t *testing.T) {
	m := mustNew(t, Options{})
	body := []byte(gzipped(document))
	body[len(body)-8] ^= 1 // CRC
	wrapped := ask(t, serverOf(t, m.Wrap(pageOf(string(body), "Content-Encoding: gzip"))), "GET /")
	if wrapped.err == nil {
		t.Errorf("got %q", wrapped.body)
	}
}

func TestCase95And103AFlushReachesTheClient(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"", "gzip", "br"} {
		t.Run("coding "+coding, func(t *testing.T) {
			seen := make(chan struct{})
			h := func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				var out io.Writer = w
				flush := func() error { return http.NewResponseController(w).Flush() }
				switch coding {
				case "gzip":
					gz := gzip.NewWriter(w)
					defer gz.Close()
					out, flush = gz, func() error { return errors.Join(gz.Flush(), http.NewResponseController(w).Flush()) }
				case "br":
					br := brotli.NewWriter(w)
					defer br.Close()
					out, flush = br, func() error { return errors.Join(br.Flush(), http.NewResponseController(w).Flush()) }
				}
				if coding != "" {
					w.Header().Set("Content-Encoding", coding)
				}
				_, _ = io.WriteString(out, `<title>x</title></head><body>first`)
				if err := flush(); err != nil {
					t.Error(err)
				}
				select {
				case <-seen:
				case <-r.Context().Done():
				}
				_, _ = io.WriteString(out, `second`)
			}
			s := serverOf(t, m.Wrap(http.HandlerFunc(h)))
			r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
			r.Header.Set("Sec-Fetch-Dest", "document")
			r.Header.Set("Accept-Encoding", "x")
			res, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			var in io.Reader = res.Body
			switch coding {
			case "gzip":
				if in, err = gzip.NewReader(res.Body); err != nil {
					t.Fatal(err)
				}
			case "br":
				in = brotli.NewReader(res.Body)
			}
			want := `<title>x</title>` + plainTag(m) + `</head><body>first`
			got := make([]byte, len(want))
			if _, err := io.ReadFull(in, got); err != nil || string(got) != want {
				t.Fatalf("got %q, %v", got, err)
			}
			close(seen)
			rest, err := io.ReadAll(in)
			if string(rest) != "second" || err != nil {
				t.Errorf("then %q, %v", rest, err)
			}
		})
	}
}

func TestCase96ABombIsNeitherKeptNorCounted(t *testing.T) {
	m := mustNew(t, Options{})
	var bomb bytes.Buffer
	gz := gzip.NewWriter(&bomb)
	_, _ = io.WriteString(gz, "<title></title></head>")
	for range 16 {
		_, _ = gz.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	_ = gz.Close()
	w := &sink{h: http.Header{}}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	h := m.Wrap(pageOf(bomb.String(), "Content-Encoding: gzip"))
	h.ServeHTTP(w, r)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	clear(w.h)
	h.ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	// Encoder and decoder may have left their pools meanwhile, and have to be made anew.
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allocated for 16 MiB", grown)
	}
}
