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

	"github.com/andybalholm/brotli"
)

// resource is one thing to be served: a body in every content coding, and the headers of its response.
type resource struct {
	header http.Header
	bodies map[string]func() []byte // by content coding; what is not there yet is made when first asked for
	tag    string                   // entity tag without its quotes, for identity
}

// newFile returns a resource with the body of an embedded file and the header fields that are given as name, value, name, …
func newFile(file source, fields ...string) *resource {
	if !file.coded {
		return newResource(file.bytes, fields...)
	}
	identity := sync.OnceValue(file.body)
	return &resource{
		header: headerOf(fields),
		tag:    entityTag(file.bytes),
		bodies: map[string]func() []byte{
			codingBrotli:   func() []byte { return file.bytes },
			codingGzip:     sync.OnceValue(func() []byte { return compress(identity(), newGzip) }),
			codingIdentity: identity,
		},
	}
}

// newResource is newFile for a body that the program itself has made.
func newResource(body []byte, fields ...string) *resource {
	return &resource{
		header: headerOf(fields),
		tag:    entityTag(body),
		bodies: map[string]func() []byte{
			codingBrotli:   sync.OnceValue(func() []byte { return compress(body, newBrotli) }),
			codingGzip:     sync.OnceValue(func() []byte { return compress(body, newGzip) }),
			codingIdentity: func() []byte { return body },
		},
	}
}

func entityTag(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:8])
}

func headerOf(fields []string) http.Header {
	header := http.Header{}
	header.Set("Vary", "Accept-Encoding")
	header.Set("Accept-Ranges", "none")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	for i := 0; i < len(fields); i += 2 {
		header.Set(fields[i], fields[i+1])
	}
	return header
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

// newBrotli compresses what is made when it is asked for, which is small.
func newBrotli(w io.Writer) io.WriteCloser {
	return brotli.NewWriterLevel(w, brotli.DefaultCompression)
}

// decompress returns what a body in brotli stands for. Errors are impossible: it is in the program.
func decompress(coded []byte) []byte {
	body, err := io.ReadAll(brotli.NewReader(bytes.NewReader(coded)))
	if err != nil {
		panic(err)
	}
	return body
}

func newGzip(w io.Writer) io.WriteCloser {
	gz, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is valid
	}
	return gz
}
