package middleware

import (
	"hash/fnv"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/qwelp/qwelp-go/sender"
)

// exchange is one request with what is decided about its response.
type exchange struct {
	m     *Middleware
	r     *http.Request
	route *route

	why  string // the request is no navigation
	sure bool   // the browser itself said what it is

	settings *sender.Settings // of this request; nil: not asked for yet
	off      bool             // no tag on this request
	policies []string         // Content-Security-Policy of the response

	confirmed bool // the client has a page with this very tag
}

// mayRewrite tells whether the request and the status leave the chance of a tag.
func (x *exchange) mayRewrite(status int) bool {
	why, _ := notRewritable(status, http.Header{"Content-Type": {"text/html"}})
	return x.why == "" && why == ""
}

// rewrite decides about a response by its status and header, and fits the header to the rewritten document.
func (x *exchange) rewrite(status int, h http.Header) (c *coding, ok bool) {
	if status == http.StatusNotModified {
		x.confirm(h)
	}
	why, plain := notRewritable(status, h)
	if why == "" && (x.sure || x.why == "") {
		// Which requests get the tag depends on a header that caches must know of.
		addVary(h, "Sec-Fetch-Dest")
	}
	if why == "" {
		why, plain = x.why, true
	}
	if why != "" {
		if !plain {
			x.log(slog.LevelInfo, why)
		}
		return nil, false
	}
	c, _, known := codingOf(h["Content-Encoding"])
	if !known {
		x.log(slog.LevelInfo, "its content coding is not known")
		return nil, false
	}
	x.policies = h["Content-Security-Policy"]
	if _, problem := scriptNonce(x.policies, nil, x.page()); problem != "" {
		x.log(slog.LevelWarn, problem)
		return nil, false
	}
	if x.resolve(); x.off {
		return nil, false
	}
	fit(h, x.version())
	return c, x.r.Method != http.MethodHead
}

// fit takes out of the header what the tag makes untrue (RFC 9110 sections 8.6, 8.8, 14.3, RFC 9530).
func fit(h http.Header, version string) {
	for _, name := range []string{"Content-Length", "Accept-Ranges", "Last-Modified", "Content-Md5", "Digest", "Content-Digest", "Repr-Digest"} {
		delete(h, name)
	}
	if tag := h.Get("ETag"); tag != "" {
		h.Set("ETag", versioned(tag, version))
	}
}

// resolve asks for the settings of this request, once.
func (x *exchange) resolve() {
	if x.settings != nil || x.off {
		return
	}
	x.settings = &x.route.settings
	if x.off = x.route.off; x.off || x.m.options.ForRequest == nil {
		return
	}
	s, on := x.m.options.ForRequest(x.r, x.route.settings)
	if !on {
		x.off = true
		return
	}
	if err := s.Validate("settings"); err != nil {
		x.m.logger.Error("qwelp: ForRequest returned settings that cannot be used; those of the route are", "error", err, "path", x.r.URL.Path)
		return
	}
	x.settings = &s
}

// version changes whenever the tag does.
func (x *exchange) version() string {
	if x.resolve(); x.off {
		return ""
	}
	if x.settings == &x.route.settings {
		return x.route.version
	}
	return versionOf(x.build("", x.m.src))
}

func versionOf(tag []byte) string {
	sum := fnv.New64a()
	sum.Write(tag)
	return strconv.FormatUint(sum.Sum64(), 36)
}

// tag returns the tag for a document of which the scanner has told what it knows, or nil when there must be none.
func (x *exchange) tag(f facts) []byte {
	switch {
	case f.refused == alreadyThere:
		return nil
	case f.refused != "":
		x.log(slog.LevelInfo, f.refused)
		return nil
	case !x.sure && !f.document:
		return nil // a fragment, for a client that does not say what it wants it for
	}
	nonce, problem := scriptNonce(x.policies, f.policies, x.page())
	if problem != "" {
		x.log(slog.LevelWarn, problem)
		return nil
	}
	if f.base {
		src := x.origin() + x.m.src
		if src == x.m.src {
			x.log(slog.LevelInfo, "it has a base element, and the request's Host is not one")
			return nil
		}
		return x.build(nonce, src)
	}
	if nonce == "" && x.settings == &x.route.settings {
		return x.route.tag
	}
	return x.build(nonce, x.m.src)
}

func (x *exchange) build(nonce, src string) []byte {
	tag, err := sender.Tag{Src: src, SenderURL: x.m.options.SenderURL, Settings: *x.settings, Nonce: nonce}.HTML()
	if err != nil { // settings that were validated are JSON
		x.m.logger.Error("qwelp: no tag", "error", err)
	}
	return tag
}

func (x *exchange) page() page { return page{host: x.r.Host, src: x.m.src} }

var hostname = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// origin is the page's own, needed only where a base element changes what a path means. It goes nowhere but into the answer to this very
// request.
func (x *exchange) origin() string {
	if !hostname.MatchString(x.r.Host) {
		return ""
	}
	if x.r.TLS != nil || strings.EqualFold(x.r.Header.Get("X-Forwarded-Proto"), "https") {
		return "https://" + x.r.Host
	}
	return "http://" + x.r.Host
}

func (x *exchange) log(level slog.Level, why string) {
	x.m.logger.Log(x.r.Context(), level, "qwelp: a page passes without the support button", "reason", why, "path", x.r.URL.Path)
}

func addVary(h http.Header, name string) {
	if !hasToken(h["Vary"], name) && !hasToken(h["Vary"], "*") {
		h.Add("Vary", name)
	}
}
