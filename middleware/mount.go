package middleware

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// An app, and its middleware with it, may be mounted below a path: by http.StripPrefix, by a pattern such as "/app/" of a router, by both. What is served
// below the prefix then lies there too, since no other requests get here.

// mount is where the middleware lies for a request.
type mount struct {
	outer string // what browsers have before the prefix, such as "/app"
	inner string // the part of it that r.URL.Path has too: the end of outer, or all of it
}

// mounts remembers below which patterns routers have mounted the middleware: of the root of a mounted router, chi says no more than of a page.
type mounts struct{ known sync.Map }

// of returns where the middleware lies for r. alone says that the route of r is a single page's, so that nothing below it need get here.
func (m *mounts) of(r *http.Request) (at mount, alone bool) {
	path := rooted(r.URL.Path)
	if r.Pattern == "" && strings.HasPrefix(r.RequestURI, path) && (len(r.RequestURI) == len(path) || r.RequestURI[len(path)] == '?') {
		return mount{}, false // as almost always
	}
	full := path
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		full = u.Path
	}
	stripped, ok := strings.CutSuffix(full, path)
	if !ok || stripped != "" && !mountShape.MatchString(stripped) {
		stripped, full = "", path // somebody has rewritten the path
	}
	at.outer = stripped
	if r.Pattern == "" {
		return at, false
	}
	below, subtree := subtreeOf(r.Pattern)
	if !subtree {
		root := strings.TrimSuffix(path, "/")
		if _, known := m.known.Load(below); !known || root == "" || !mountShape.MatchString(root) {
			return at, true
		}
		return mount{stripped + root, root}, false
	}
	if inner, ok := matched(below, path); ok {
		at = mount{stripped + inner, inner}
	} else if whole, ok := matched(below, full); ok && len(whole) > len(stripped) {
		at = mount{whole, whole[len(stripped):]}
	}
	if at.outer != "" && !mountShape.MatchString(at.outer) {
		return mount{}, false
	}
	if at.inner != "" {
		m.known.LoadOrStore(below, true)
	}
	return at, false
}

// rooted returns a path with the slash that http.StripPrefix takes away when its prefix ends in one.
func rooted(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + path
}

// mountShape is what a path before the prefix may be: nothing that leads to another host, or out of it.
var mountShape = regexp.MustCompile(`^(/([A-Za-z0-9_~-][A-Za-z0-9._~-]*))+$`)

// subtreeOf returns the path of a pattern, of http.ServeMux or a router like chi, without what says that it matches all below; ok: it does.
func subtreeOf(pattern string) (path string, ok bool) {
	i := strings.IndexByte(pattern, '/')
	if i < 0 {
		return "", false
	}
	path = pattern[i:]
	end := strings.LastIndexByte(path, '/')
	if last := path[end+1:]; last != "" && !strings.HasSuffix(last, "...}") && !strings.HasPrefix(last, "*") {
		return path, false
	}
	return path[:end], true
}

// matched returns the start of path that the pattern below matches, segment by segment; those of wildcards match any.
func matched(below, path string) (start string, ok bool) {
	rest := path
	for below != "" {
		var segment, given string
		segment, below = cutSegment(below)
		given, rest = cutSegment(rest)
		if given == "" || segment != given && !strings.HasPrefix(segment, "{") && !strings.HasPrefix(segment, ":") {
			return "", false
		}
	}
	if !strings.HasPrefix(rest, "/") {
		return "", false
	}
	return path[:len(path)-len(rest)], true
}

// cutSegment takes "/a" off "/a/b".
func cutSegment(path string) (segment, rest string) {
	path, ok := strings.CutPrefix(path, "/")
	if !ok {
		return "", ""
	}
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// under returns what r asks for below the prefix, as a request to the middleware that is mounted nowhere.
func (m *Middleware) under(r *http.Request, at mount) (_ *http.Request, ok bool) {
	path := rooted(r.URL.Path)
	if !strings.HasPrefix(path, m.prefix) {
		if path, ok = strings.CutPrefix(path, at.inner); !ok || at.inner == "" || !strings.HasPrefix(path, m.prefix) {
			return nil, false
		}
	}
	if len(path) == len(r.URL.Path) && m.public == m.prefix {
		return r, true
	}
	copied, address := *r, *r.URL
	address.Path = path
	if address.RawPath != "" {
		address.RawPath = strings.TrimPrefix(address.RawPath, at.inner)
	}
	copied.URL = &address
	if m.public != m.prefix { // what browsers ask for, for cookies and redirects
		outside := address
		outside.Path, outside.RawPath = m.public+strings.TrimPrefix(path, m.prefix), ""
		copied.RequestURI = outside.RequestURI()
	}
	return &copied, true
}

// mounted returns a tag for pages of the middleware that lies below outer.
func mounted(tag []byte, outer string) []byte {
	if outer == "" {
		return tag
	}
	const before = ` src="`
	return []byte(strings.Replace(string(tag), before, before+outer, 1))
}
