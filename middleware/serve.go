package middleware

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/internal/request"
	"github.com/qwelp/qwelp-go/signal"
)

// serve answers what is below the prefix. It compares whole paths, so that no trick with dots or slashes leads out of it.
func (m *Middleware) serve(w http.ResponseWriter, r *http.Request) {
	request.BoundBody(w, r)
	if r.URL.RawPath != "" {
		// Nothing here needs escapes, and what is hidden in them another server may read in another way.
		notFound(w, r)
		return
	}
	if name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; name == "signal" || name == "auto.js" || name == "classic.js" || name == "index.js" {
		m.check.reached.Store(true)
	}
	switch name := strings.TrimPrefix(r.URL.Path, m.prefix); name {
	case "signal":
		if allow(w, r, http.MethodGet) {
			m.signal.ServeHTTP(w, r)
		}
	case "asset":
		if m.fetcher == nil {
			notFound(w, r)
		} else if allow(w, r, http.MethodGet) {
			m.fetcher.ServeHTTP(w, r)
		}
	case "agent", "agent/": // whichever of them others redirect to
		m.forAgents(w, r, func(agent signal.Agent) http.Handler { return m.console(agent) })
	case "agent/history":
		m.forAgents(w, r, func(agent signal.Agent) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				m.history.ServeHTTP(w, r.WithContext(signal.WithAgent(r.Context(), agent)))
			})
		})
	case "agent/note":
		if m.notes == nil {
			notFound(w, r)
		} else if allow(w, r, http.MethodPost) {
			m.note(w, r)
		}
	case "agent/signout":
		if !m.signal.CanSignOut() {
			notFound(w, r)
		} else if allow(w, r, http.MethodPost) {
			m.signal.SignOut(w, r)
		}
	case "agent/check":
		m.forAgents(w, r, func(signal.Agent) http.Handler { return http.HandlerFunc(assets.Check) })
	case "agent/check.json":
		if _, err := m.signal.Authorize(r); err != nil {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
		} else if allow(w, r, http.MethodGet) {
			m.checkFacts(w, r)
		}
	case "metrics":
		if m.mayRead(r) {
			if allow(w, r, http.MethodGet, http.MethodHead) {
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("Content-Type", signal.MetricsType)
				_ = m.signal.WriteMetrics(w) // a client that went away is nobody's error
			}
		} else {
			notFound(w, r)
		}
	case "healthz":
		if allow(w, r, http.MethodGet, http.MethodHead) {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, "ok\n")
		}
	case "readyz":
		if allow(w, r, http.MethodGet, http.MethodHead) {
			m.ready(w)
		}
	default:
		if m.prefix != defaultPrefix && !ownFile.MatchString(name) {
			m.warn(r.Context(), slog.LevelWarn, "hidden",
				"middleware: nothing of qwelp's is at this path. If it is the app's, Options.Prefix hides it: take one below which the app has nothing", "path", r.URL.Path, "prefix", m.prefix)
		}
		m.files.ServeHTTP(w, r)
	}
}

// ready answers whether a balancer should send this replica clients, by the status; the body is for people.
func (m *Middleware) ready(w http.ResponseWriter) {
	readiness := m.signal.Readiness()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	if !readiness.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(readiness)
}

// defaultPrefix is what no app has paths below.
const defaultPrefix = "/_qwelp/"

// ownFile is what names of files of ours look like, of this version or another.
var ownFile = regexp.MustCompile(`^([0-9a-f]{12}|current)/[a-z.-]+$`)

// notFound answers what is not there, which a later version may have.
func notFound(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	http.NotFound(w, r)
}

// console is the page of an agent. Its name for customers is that of package signal.
func (m *Middleware) console(agent signal.Agent) assets.ConsolePage {
	return assets.ConsolePage{Agent: signal.VisibleName(agent), SignOut: m.signal.CanSignOut(), Notes: m.notes != nil}
}

// forAgents shows agents their page, and everybody else how to become one.
func (m *Middleware) forAgents(w http.ResponseWriter, r *http.Request, page func(signal.Agent) http.Handler) {
	methods := []string{http.MethodGet, http.MethodHead}
	if m.signIn != nil {
		methods = append(methods, http.MethodPost)
	}
	if !allow(w, r, methods...) {
		return
	}
	agent, err := m.signal.Authorize(r)
	if errors.Is(err, signal.ErrNoAgents) {
		plainPage(w, http.StatusUnauthorized, "No agents yet", "This app does not say who is an agent, so nobody is. Its developer has to set <code>Signal.Agents</code>, such as to <code>signal.AgentToken(os.Getenv(&quot;QWELP_AGENT_TOKEN&quot;))</code>.")
		return
	}
	if err == nil {
		if r.Method == http.MethodPost { // the form of another tab, meanwhile signed in
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Location", askedPath(r))
			w.WriteHeader(http.StatusSeeOther)
			return
		}
		page(agent).ServeHTTP(w, r)
		return
	}
	if errors.Is(err, signal.ErrAskLater) {
		w.Header().Set("Retry-After", "5")
		plainPage(w, http.StatusServiceUnavailable, "Try again in a moment", "The app cannot say now who is an agent.")
		return
	}
	if m.signIn != nil {
		m.signIn.SignIn(w, r)
		return
	}
	if errors.Is(err, signal.ErrNotAgent) {
		plainPage(w, http.StatusForbidden, "Not for this account", "You are signed in, but this account is not one of a support agent.")
		return
	}
	plainPage(w, http.StatusUnauthorized, "Not signed in", "This page is for support agents. Sign in to the app as one, then open it again.")
}

// askedPath returns the path that the browser asked for, whatever was stripped from it since. It never names another host.
func askedPath(r *http.Request) string {
	path := r.URL.EscapedPath()
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		path = u.EscapedPath()
	}
	return "/" + strings.TrimLeft(path, `/\`)
}

// noHistory is what agents are shown of sessions that were, when the app keeps none.
func noHistory(w http.ResponseWriter, _ *http.Request) {
	plainPage(w, http.StatusOK, "No session history", "This app keeps no history of sessions.")
}

// plainPage says one thing. title is text; text is HTML.
func plainPage(w http.ResponseWriter, status int, title, text string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>`+title+`</title></head>
<body><main><h1>`+title+`</h1><p>`+text+`</p></main></body>
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
