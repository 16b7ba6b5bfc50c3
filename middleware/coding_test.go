package middleware

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzhttp"
)

var long = strings.Replace(document, "hello", strings.Repeat("hello world ", 20_000), 1)

func TestCases83To85And88CompressedPagesGetTheTag(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range codings {
		for _, doc := range []string{document, long, strings.Replace(document, "x", strings.Repeat("x ", 30_000), 1), "hello", "<title>x</title>"} {
			for _, size := range []int{1, 7, 4096, 1 << 20} {
				t.Run(fmt.Sprint(c.name, " ", len(doc), " in pieces of ", size), func(t *testing.T) {
					body := encodedIn(c.name, doc)
					wrapped := ask(t, serverOf(t, m.Wrap(codedPage(t, c.name, body, size))), "GET /")
					if wrapped.err != nil || wrapped.header.Get("Content-Encoding") != c.name {
						t.Fatal(wrapped.err, wrapped.header)
					}
					got, err := decoded(t, c.name, wrapped.body)
					if err != nil {
						t.Fatal(err)
					}
					checkOnce(t, m, doc, got)
				})
			}
		}
	}
}

// codedPage writes body in pieces, and says how long it is when they have 4096 bytes.
func codedPage(t *testing.T, coding, body string, size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", coding)
		if size == 4096 {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		for rest := body; rest != ""; {
			n := min(size, len(rest))
			if got, err := w.Write([]byte(rest[:n])); got != n || err != nil {
				t.Errorf("Write returned %d, %v for %d bytes", got, err, n)
			}
			rest = rest[n:]
		}
	}
}

func TestCase93OfSeveralMembersAllArrive(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range []struct{ doc, body string }{
		{document + long, gzipped(document) + gzipped(long)},
		{long + document, gzipped(long) + gzipped(document)},
		{document + long, gzipped(document[:20]) + gzipped(document[20:]) + gzipped(long)},
		{long, gzipped("") + gzipped(long)},
	} {
		for _, size := range []int{1, 1 << 20} {
			wrapped := ask(t, serverOf(t, m.Wrap(codedPage(t, "gzip", c.body, size))), "GET /")
			got, err := decoded(t, "gzip", wrapped.body)
			if err := errors.Join(err, wrapped.err); err != nil {
				t.Fatal(err)
			}
			checkOnce(t, m, c.doc, got)
		}
	}
}

func TestWhatFollowsABodyIsNoFault(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"gzip", "deflate", "br"} {
		for _, doc := range []string{document, long} {
			wrapped := ask(t, serverOf(t, m.Wrap(codedPage(t, coding, encodedIn(coding, doc)+"\r\n", 4096))), "GET /")
			body := strings.TrimSuffix(wrapped.body, "\r\n")
			got, err := decoded(t, coding, body)
			if err := errors.Join(err, wrapped.err); err != nil {
				t.Errorf("%s, %d bytes: %v", coding, len(doc), err)
				continue
			}
			checkOnce(t, m, doc, got)
		}
	}
}

func TestCase92TheHeaderOfGzipIsKept(t *testing.T) {
	m := mustNew(t, Options{})
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Header = gzip.Header{Name: "page.html", Comment: strings.Repeat("x", 77), Extra: []byte("y"), OS: 255}
	_, _ = io.WriteString(w, document)
	_ = w.Close()
	wrapped := ask(t, serverOf(t, m.Wrap(pageOf(b.String(), "Content-Encoding: gzip"))), "GET /")
	r, err := gzip.NewReader(strings.NewReader(wrapped.body))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header; got.Name != w.Name || got.Comment != w.Comment || string(got.Extra) != "y" {
		t.Errorf("got %+v", got)
	}
}

func TestCase94ThePageGrowsByLittle(t *testing.T) {
	m := mustNew(t, Options{})
	doc := generated(200 << 10)
	var b bytes.Buffer
	w := must(gzip.NewWriterLevel(&b, gzip.BestCompression))
	_, _ = io.WriteString(w, doc)
	_ = w.Close()
	wrapped := ask(t, serverOf(t, m.Wrap(pageOf(b.String(), "Content-Encoding: gzip"))), "GET /")
	if got, most := len(wrapped.body)-b.Len(), 300; got > most {
		t.Errorf("%d bytes more, want at most %d", got, most)
	}
}

func TestCase98TheCodingIsNotChanged(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range codings {
		for _, accepted := range []string{"", "Accept-Encoding: identity", "Accept-Encoding: gzip;q=0"} {
			wrapped := ask(t, serverOf(t, m.Wrap(pageOf(encodedIn(c.name, document), "Content-Encoding: "+c.name))), "GET /", accepted)
			got, err := decoded(t, c.name, wrapped.body)
			if err != nil || wrapped.header.Get("Content-Encoding") != c.name {
				t.Fatal(err, wrapped.header)
			}
			checkOnce(t, m, document, got)
		}
	}
}

// negotiated answers in the first of br and gzip that is accepted, as compressing middlewares do.
func negotiated(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	for _, coding := range []string{"br", "gzip"} {
		if strings.Contains(r.Header.Get("Accept-Encoding"), coding) {
			h.Set("Content-Encoding", coding)
			_, _ = io.WriteString(w, encodedIn(coding, document))
			return
		}
	}
	_, _ = io.WriteString(w, document)
}

func TestAppsThatAnswerInBrotliAreAskedForGzipFromThenOn(t *testing.T) {
	m := mustNew(t, Options{})
	s := serverOf(t, m.Wrap(http.HandlerFunc(negotiated)))
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{[]string{"Sec-Fetch-Dest: empty"}, "br"},
		{[]string{"Accept-Encoding: br"}, "br"},
		{nil, "br"}, // and this one tells
		{nil, "gzip"},
		{[]string{"Accept-Encoding: br"}, "br"},
		{[]string{"Accept-Encoding: br, gzip;q=0"}, "br"},
		{[]string{"Accept-Encoding: br, gzip;q=0.1"}, "gzip"},
		{[]string{"Accept-Encoding: identity"}, ""},
		{[]string{"Sec-Fetch-Dest: empty"}, "br"},
		{[]string{"Sec-Fetch-Dest: style"}, "br"},
	} {
		got := ask(t, s, "GET /", c.fields...)
		if coding := got.header.Get("Content-Encoding"); coding != c.want {
			t.Errorf("%v: the coding is %q, want %q", c.fields, coding, c.want)
		}
		if vary := got.header.Values("Vary"); !hasToken(vary, "Accept-Encoding") || len(vary) > 2 {
			t.Errorf("%v: Vary is %q", c.fields, vary)
		}
	}
}

func TestCase80TheResponseVariesByTheCodingThatWasAskedFor(t *testing.T) {
	m := mustNew(t, Options{})
	forgetful := serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		negotiated(withoutVary{w}, r)
	})))
	ask(t, forgetful, "GET /")
	if got := ask(t, forgetful, "GET /").header.Values("Vary"); !hasToken(got, "Accept-Encoding") || !hasToken(got, "Sec-Fetch-Dest") {
		t.Errorf("Vary is %q", got)
	}
}

// withoutVary is for handlers that forget to say what they go by.
type withoutVary struct{ http.ResponseWriter }

func (w withoutVary) Write(p []byte) (int, error) {
	w.Header().Del("Vary")
	return w.ResponseWriter.Write(p)
}

func TestCase99InsideAndOutsideOfACompressorThePageIsTheSame(t *testing.T) {
	m := mustNew(t, Options{})
	compress := must(gzhttp.NewWrapper(gzhttp.MinSize(0)))
	for name, h := range map[string]http.Handler{
		"outside": m.Wrap(compress(pageOf(long))),
		"inside":  compress(m.Wrap(pageOf(long))),
		"both":    m.Wrap(compress(m.Wrap(pageOf(long)))),
	} {
		wrapped := ask(t, serverOf(t, h), "GET /", "Accept-Encoding: gzip")
		got, err := decoded(t, "gzip", wrapped.body)
		if err != nil || wrapped.header.Get("Content-Encoding") != "gzip" {
			t.Fatal(name, err, wrapped.header)
		}
		checkOnce(t, m, long, got)
	}
}

func TestCase89ABodyThatIsNotInItsCodingStaysAsItIs(t *testing.T) {
	for _, c := range codings {
		coding := c.name
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
	for _, c := range codings {
		for _, doc := range []string{document, long} {
			body := encodedIn(c.name, doc)
			wrapped := ask(t, serverOf(t, m.Wrap(pageOf(body[:len(body)-20], "Content-Encoding: "+c.name))), "GET /")
			if _, err := decoded(t, c.name, wrapped.body); err == nil || wrapped.status != http.StatusOK {
				t.Errorf("%s, %d bytes: got %d and no error", c.name, len(doc), wrapped.status)
			}
		}
	}
}

func TestCase90TheConnectionBreaksWithTheBody(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} { // of deflate without a trailer nobody can tell
		body := encodedIn(coding, long)
		if wrapped := ask(t, serverOf(t, m.Wrap(pageOf(body[:len(body)-20], "Content-Encoding: "+coding))), "GET /"); wrapped.err == nil {
			t.Errorf("%s: got no error", coding)
		}
	}
}

func TestCase91ADamagedBodyIsNotMadeWhole(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"gzip", "deflate", "zstd"} { // the others have no checksum
		for _, doc := range []string{document, long} {
			for _, from := range []int{1, 5, 30} {
				body := []byte(encodedIn(coding, doc))
				body[len(body)-from] ^= 1
				wrapped := ask(t, serverOf(t, m.Wrap(pageOf(string(body), "Content-Encoding: "+coding))), "GET /")
				if _, err := decoded(t, coding, wrapped.body); err == nil && wrapped.err == nil {
					t.Errorf("%s, %d bytes: damage %d bytes before the end is not seen", coding, len(doc), from)
				}
			}
		}
	}
}

func TestCase95And103AFlushReachesTheClient(t *testing.T) {
	m := mustNew(t, Options{})
	for _, coding := range []string{"", "gzip", "deflate", "Deflate", "br", "zstd"} {
		t.Run("coding "+coding, func(t *testing.T) {
			seen := make(chan struct{})
			h := func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				var out io.Writer = w
				flush := func() error { return http.NewResponseController(w).Flush() }
				for _, c := range codings {
					if c.name == coding {
						w.Header().Set("Content-Encoding", coding)
						encoder := c.encode(w)
						defer encoder.Close()
						out, flush = encoder, func() error { return errors.Join(encoder.Flush(), http.NewResponseController(w).Flush()) }
					}
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
			for _, c := range codings {
				if c.name == coding {
					if in, err = c.decode(res.Body); err != nil {
						t.Fatal(err)
					}
				}
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
	size := 64
	if raceEnabled {
		size = 8 // encoding it takes long then
	}
	for _, c := range codings {
		var bomb bytes.Buffer
		w := c.encode(&bomb)
		_, _ = io.WriteString(w, "<title></title></head>")
		spaces := bytes.Repeat([]byte(" "), 1<<20)
		for range size {
			_, _ = w.Write(spaces)
		}
		_ = w.Close()
		out, r := &sink{h: http.Header{}}, navigation()
		h := m.Wrap(pageOf(bomb.String(), "Content-Encoding: "+c.name))
		h.ServeHTTP(out, r)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		clear(out.h)
		h.ServeHTTP(out, r)
		runtime.ReadMemStats(&after)
		// Encoder and decoder may have left their pools meanwhile, and have to be made anew.
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 48<<20 {
			t.Errorf("%s: %d bytes were allocated for %d MiB", c.name, grown, size)
		}
	}
}
