package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
)

// resource is one thing to be served: a body in every content coding, and the headers of its response.
type resource struct {
	header http.Header
	bodies map[string]func() []byte // by content coding; the coded ones are made when first asked for
	tag    string                   // entity tag without its quotes, for identity
	ready  func() bool              // whether the body in brotli is made, or takes no time worth mentioning; else starts to make it
}

// quick is the size of a body in bytes that brotli makes small in some ten milliseconds: the loader's, which every page has.
const quick = 20 << 10

// newResource returns a resource with body and the header fields that are given as name, value, name, …
func newResource(body []byte, fields ...string) *resource {
	sum := sha256.Sum256(body)
	header := http.Header{}
	header.Set("Vary", "Accept-Encoding")
	header.Set("Accept-Ranges", "none")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	for i := 0; i < len(fields); i += 2 {
		header.Set(fields[i], fields[i+1])
	}
	best := sync.OnceValue(func() []byte { return compress(body, newBrotli) })
	var made atomic.Bool
	begin := sync.OnceFunc(func() {
		go func() {
			best()
			made.Store(true)
		}()
	})
	return &resource{
		header: header,
		ready: func() bool {
			if len(body) <= quick {
				return true
			}
			begin()
			return made.Load()
		},
		tag: hex.EncodeToString(sum[:8]),
		bodies: map[string]func() []byte{
			codingBrotli:   best,
			codingGzip:     sync.OnceValue(func() []byte { return compress(body, newGzip) }),
			codingIdentity: func() []byte { return body },
		},
	}
}

// preference is the order in which codings of equal weight are chosen.
var preference = []string{codingBrotli, codingGzip, codingIdentity}

// ServeHTTP answers GET and HEAD, conditional or not. Ranges are not supported: they would have to be
// ranges of a coded body, and the bodies are small.
func (res *resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	coding, ok := choose(r.Header.Values("Accept-Encoding"), preference)
	if !ok {
		w.Header().Set("Vary", "Accept-Encoding")
		refuse(w, http.StatusNotAcceptable)
		return
	}
	header := w.Header()
	maps.Copy(header, res.header.Clone())
	header.Set("ETag", res.tagOf(coding))
	if matches(r.Header.Values("If-None-Match"), res.tagOf(coding)) {
		header.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	// Brotli at its best takes a tenth of a second and more for a large file. Nobody waits for that who takes gzip as well.
	if second, _ := choose(r.Header.Values("Accept-Encoding"), preference[1:]); coding == codingBrotli && second == codingGzip && !res.ready() {
		coding = codingGzip
		header.Set("ETag", res.tagOf(coding))
	}
	body := res.bodies[coding]()
	if coding != codingIdentity {
		header.Set("Content-Encoding", coding)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a client that went away is nobody's error
	}
}

// tagOf returns the strong entity tag of the body in a coding: such a tag stands for exact bytes, so each coding has its own (RFC 9110, section 8.8.3.3).
func (res *resource) tagOf(coding string) string {
	if coding == codingIdentity {
		return `"` + res.tag + `"`
	}
	return `"` + res.tag + "-" + coding + `"`
}

// refuse answers with a fixed text that no cache keeps.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}

// matches reports whether the If-None-Match fields name tag, by weak comparison (RFC 9110, section 13.1.2).
func matches(fields []string, tag string) bool {
	for element := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		element = trim(element)
		if element == "*" || strings.TrimPrefix(element, "W/") == tag {
			return true
		}
	}
	return false
}

// compress returns body in the coding of the writer that newWriter makes.
func compress(body []byte, newWriter func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := newWriter(&out)
	if _, err := w.Write(body); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func newBrotli(w io.Writer) io.WriteCloser {
	return brotli.NewWriterLevel(w, brotli.BestCompression)
}

func newGzip(w io.Writer) io.WriteCloser {
	gz, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is valid
	}
	return gz
}
