package assets

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
)

// Handler returns the handler for everything below the prefix that is the same for all clients; the
// prefix must be stripped from the request's path already. It serves
//
//	/<hash>/…            the files of dist and index.js, which may be cached forever
//	/current/index.js    the sender's API, imported from wherever it is today; revalidated each time
//	/current/index.d.ts  its types
//	/current/auto.js     for the one tag of a page on another site: <script type="module" src="…/current/auto.js" data-qwelp-settings="{}">
//
// in br, gzip or identity, as the client prefers. Pages of another version, which a cache, a service worker or a replica has kept, get
// the sender of this one: auto.js, index.js and classic.js of any hash lead to it and are not cached. Everything else, other files
// of another hash too, is 404 and not cached, so that no page mixes two versions. The console's page is not among them: see [Console].
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/")
		res := resources()[path]
		if res == nil {
			res = fromOtherVersions(path)
		}
		if res == nil {
			refuse(w, http.StatusNotFound)
			return
		}
		res.ServeHTTP(w, r)
	})
}

// Console serves the agent's page of an agent of whom nothing is known: that of the zero [ConsolePage].
func Console(w http.ResponseWriter, r *http.Request) { ConsolePage{}.ServeHTTP(w, r) }

// ConsolePage is the agent's page, with what the server knows of the agent who opens it. The zero value knows nothing. It expects to live in a directory beside those of the hashed files, as
// in "/_qwelp/agent/", or beside them itself, as in "/_qwelp/agent": what counts is the path that the browser asked for. It does not ask who is there: the caller lets only agents through.
type ConsolePage struct {
	Agent   string `json:"agent,omitempty"`   // the name that customers are shown; empty: the agent may type one
	SignOut bool   `json:"signOut,omitempty"` // a POST to "signout" beside the page signs the agent out
	Notes   bool   `json:"notes,omitempty"`   // a POST to "note" beside the page keeps a note about a session
}

// ServeHTTP answers GET and HEAD.
func (c ConsolePage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	known, err := json.Marshal(c)
	if err != nil {
		panic(err) // it has nothing that JSON has not
	}
	up := "./"
	if strings.HasSuffix(askedPath(r), "/") {
		up = "../"
	}
	serveAgentPage(w, r, "console.html", up, html.EscapeString(string(known)))
}

// Check serves the page by which an operator sees from a browser what is wrong with a deployment, below a directory beside those of the hashed files, as in "/_qwelp/agent/check".
// It does not ask who is there, either.
func Check(w http.ResponseWriter, r *http.Request) { serveAgentPage(w, r, "check.html", "../", "") }

// askedPath is the path that the browser asked for, whatever was stripped from it since.
func askedPath(r *http.Request) string {
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		return u.Path
	}
	return r.URL.Path
}

// serveAgentPage serves a page of dist; up leads from there to the directory of the hashed files, and known is what the page is told.
func serveAgentPage(w http.ResponseWriter, r *http.Request, name, up, known string) {
	page := agentPages()[name]
	if page == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	page = bytes.ReplaceAll(page, []byte("../{{hash}}"), []byte(up+Hash()))
	page = bytes.Replace(page, []byte("{{console}}"), []byte(known), 1)
	newResource(page, "Content-Type", contentType(name), "Cache-Control", "no-store",
		"Content-Security-Policy", consolePolicy, "Referrer-Policy", "no-referrer", "X-Frame-Options", "DENY",
		"Permissions-Policy", consolePermissions, "Cross-Origin-Opener-Policy", "same-origin").ServeHTTP(w, r)
}

const (
	immutable   = "public, max-age=31536000, immutable"
	revalidated = "no-cache"
)

// mirrorPolicy is for the pages that show the customer's page to the agent. What is written into them
// comes from elsewhere: it brings styles along, and images and fonts as blobs, but loads nothing itself.
const mirrorPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src blob: data:; font-src blob: data:; " +
	"media-src blob: data:; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// runnerPolicy is for the page that runs the mirror's script, which shows nothing and loads nothing else.
const runnerPolicy = "default-src 'none'; script-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// isolation has browsers run these pages in a process that the console's page, which does not ask for it, has no part in: what a customer's
// page costs there does not keep the console from answering. They stay of one origin among each other.
const isolation = "isolate-and-require-corp"

const consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// consolePermissions turns off what the console has no use for.
const consolePermissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

// resources returns all that [Handler] serves, by path without the leading slash.
var resources = sync.OnceValue(func() map[string]*resource {
	all := make(map[string]*resource)
	for _, file := range sources() {
		switch file.name {
		case "console.html", "check.html":
			continue
		case "mirror.html", "mirror-quirks.html":
			all[Path(file.name)] = newFile(file, "Content-Type", contentType(file.name), "Cache-Control", immutable,
				"Content-Security-Policy", mirrorPolicy, "Referrer-Policy", "no-referrer", "Document-Isolation-Policy", isolation)
			continue
		case "mirror-runner.html":
			all[Path(file.name)] = newFile(file, "Content-Type", contentType(file.name), "Cache-Control", immutable,
				"Content-Security-Policy", runnerPolicy, "Referrer-Policy", "no-referrer", "Document-Isolation-Policy", isolation)
			continue
		case "index.d.ts":
			all["current/index.d.ts"] = newFile(file, append(fields(file.name), "Content-Type", contentType(file.name), "Cache-Control", revalidated)...)
		}
		all[Path(file.name)] = newFile(file, append(fields(file.name), "Content-Type", contentType(file.name), "Cache-Control", immutable)...)
	}
	script := contentType("index.js")
	whole := []byte("export * from \"../" + Path("auto.js") + "\";\n")
	all[Path("index.js")] = newResource([]byte("export * from \"./auto.js\";\n"), append(fields("index.js"), "Content-Type", script, "Cache-Control", immutable)...)
	for _, name := range []string{"index.js", "auto.js"} {
		all["current/"+name] = newResource(whole, append(fields(name), "Content-Type", script, "Cache-Control", revalidated)...)
	}
	return all
})

// fields returns the header fields that say whose pages may have a file: the sender's is for pages of every origin, those of agents are for their own.
func fields(name string) []string {
	if agentFile.MatchString(name) {
		return []string{"Cross-Origin-Resource-Policy", "same-origin"}
	}
	return []string{"Cross-Origin-Resource-Policy", "cross-origin", "Access-Control-Allow-Origin", "*"}
}

var agentFile = regexp.MustCompile(`^(console|check|mirror)`)

// entries are the files by which a page begins, for pages of other versions.
var entries = sync.OnceValue(func() map[string]*resource {
	all := make(map[string]*resource)
	for name, body := range map[string][]byte{
		"auto.js": []byte("export * from \"../" + Path("auto.js") + "\";\n"), "index.js": []byte("export * from \"../" + Path("auto.js") + "\";\n"), "classic.js": nil,
	} {
		for _, file := range sources() {
			if body == nil && file.name == name { // it imports auto.js from beside it
				body = file.body()
			}
		}
		all[name] = newResource(body, append(fields(name), "Content-Type", contentType(name), "Cache-Control", "no-store")...)
	}
	return all
})

// fromOtherVersions returns what a page of another version gets, nil for nothing.
func fromOtherVersions(path string) *resource {
	hash, name, _ := strings.Cut(path, "/")
	if len(hash) != len(Hash()) || strings.Trim(hash, "0123456789abcdef") != "" || hash == Hash() {
		return nil
	}
	return entries()[name]
}

// agentPages has the templates of the agents' pages by name; none that dist does not have.
var agentPages = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, file := range sources() {
		if file.name == "console.html" || file.name == "check.html" {
			all[file.name] = file.body()
		}
	}
	return all
})

// contentType knows the files of dist. The tables of package mime are not used because the operating
// system can change them.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	default:
		return "text/plain; charset=utf-8"
	}
}
