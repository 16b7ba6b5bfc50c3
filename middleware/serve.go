package middleware

import (
	"html"
	"io"
	"net/http"
	"strings"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/signal"
)

// serve answers everything below the prefix; none of it reaches the wrapped handler. Paths are compared as they came: one that only means
// something after cleaning is not found.
func (m *Middleware) serve() http.Handler {
	files := http.StripPrefix(strings.TrimSuffix(m.options.Prefix, "/"), assets.Handler())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, m.options.Prefix)
		first, _, deeper := strings.Cut(path, "/")
		switch {
		case r.URL.EscapedPath() != r.URL.Path || strings.Contains(path, "//"):
			notFound(w)
		case path == "signal":
			m.server.ServeHTTP(w, r)
		case path == "agent/", path == "agent", path == "healthz":
			m.page(w, r, path)
		case deeper && (first == "current" || strings.HasPrefix(assets.Path("auto.js"), first+"/")):
			files.ServeHTTP(w, r)
		default:
			notFound(w)
		}
	})
}

// page serves what is asked for by GET and HEAD only.
func (m *Middleware) page(w http.ResponseWriter, r *http.Request, path string) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	switch path {
	case "healthz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "ok\n")
	case "agent":
		target := m.options.Prefix + "agent/"
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, target, http.StatusMovedPermanently)
	case "agent/":
		m.console(w, r)
	}
}

// console shows the console to agents only.
func (m *Middleware) console(w http.ResponseWriter, r *http.Request) {
	signIn, own := m.options.Signal.Agents.(signal.SignInner)
	_, err := m.server.Authorize(r)
	switch {
	case own && (err != nil || r.URL.Query().Has("token")):
		signIn.SignIn(w, r)
	case err != nil:
		refuse(w)
	default:
		assets.Console(w, r)
	}
}

// refuse answers who is not an agent, where the app has a sign-in of its own.
func refuse(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusUnauthorized)
	const text = "This is the support console. It is for agents only: sign in to the app as an agent, then open it again."
	io.WriteString(w, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Agents only</title><h1>Agents only</h1><p>`+html.EscapeString(text)+"</p></html>\n")
}

func notFound(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "404 page not found", http.StatusNotFound)
}
