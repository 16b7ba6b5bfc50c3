package middleware

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/assets"
)

// serve answers what is below the prefix. It compares whole paths, so that no trick with dots or slashes leads out of it.
func (m *Middleware) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawPath != "" {
		// Nothing here needs escapes, and what is hidden in them another server may read in another way.
		http.NotFound(w, r)
		return
	}
	switch strings.TrimPrefix(r.URL.Path, m.prefix) {
	case "signal":
		if allow(w, r, http.MethodGet) {
			m.signal.ServeHTTP(w, r)
		}
	case "asset":
		if m.fetcher == nil {
			http.NotFound(w, r)
		} else if allow(w, r, http.MethodGet) {
			m.fetcher.ServeHTTP(w, r)
		}
	case "agent":
		if allow(w, r, http.MethodGet, http.MethodHead) {
			target := m.prefix + "agent/"
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, target, http.StatusTemporaryRedirect)
		}
	case "agent/":
		m.serveConsole(w, r)
	case "healthz":
		if allow(w, r, http.MethodGet, http.MethodHead) {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, "ok\n")
		}
	default:
		m.files.ServeHTTP(w, r)
	}
}

// serveConsole shows the console to agents, and everybody else how to become one.
func (m *Middleware) serveConsole(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	if _, err := m.signal.Authorize(r); err == nil {
		assets.Console(w, r)
		return
	}
	if m.signIn != nil {
		m.signIn.SignIn(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Not signed in</title></head>
<body><h1>Not signed in</h1><p>This page is for support agents. Sign in to the app as one, then open it again.</p></body>
</html>
`)
}

// allow refuses every method but those named (RFC 9110, section 15.5.6).
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}
