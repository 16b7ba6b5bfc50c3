// Package middleware puts co-browsing support on every HTML page an http.Handler serves, in one line:
//
//	q, err := middleware.New(middleware.Options{
//		Signal: signal.Config{Agents: signal.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
//	})
//	...
//	http.ListenAndServe(addr, q.Wrap(mux))
//
// Pages get one external script tag at the end of their head, and stay as they are otherwise, byte for byte. What is not understood passes
// unchanged, and a log line says why. Everything the browsers need is served below Options.Prefix.
package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// Options configure a Middleware. The zero value works: every page gets the support button, and every agent is refused.
type Options struct {
	// Settings are told to the sender on every page.
	Settings sender.Settings

	// Routes change the settings of some requests.
	Routes []Route

	// ForRequest has the last word on the settings of a request, s being those of its route; false keeps the tag out. It is called once for
	// every page that can carry the tag, and must be safe for concurrent use. Settings that are not valid are logged, and s is used.
	ForRequest func(r *http.Request, s sender.Settings) (sender.Settings, bool)

	// Signal configures the signalling server.
	Signal signal.Config

	// Prefix is the path everything of ours is served below. Default: "/_qwelp/".
	Prefix string

	// SenderURL is another sender module to import than the embedded one: an https URL, or a path. Default: the embedded one.
	SenderURL string

	// Logger receives what an operator should know; it serves Signal too when that has none. Default: slog.Default().
	Logger *slog.Logger
}

// Middleware wraps handlers. It is safe for concurrent use.
type Middleware struct {
	options Options
	logger  *slog.Logger
	server  *signal.Server
	routes  *http.ServeMux
	base    *route // where no route matches
	src     string // of the tag
	own     http.Handler
}

// New checks the options and returns a Middleware. The error names every field that is wrong, joined by errors.Join.
func New(o Options) (*Middleware, error) {
	var errs []error
	if o.Prefix == "" {
		o.Prefix = "/_qwelp/"
	}
	if !prefixShape.MatchString(o.Prefix) || strings.Contains(o.Prefix, "/../") || strings.Contains(o.Prefix, "/./") {
		errs = append(errs, errors.New(`Prefix: not a path such as "/_qwelp/"`))
	}
	if err := checkSenderURL(o.SenderURL); err != nil {
		errs = append(errs, fmt.Errorf("SenderURL: %w", err))
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Signal.Logger == nil {
		o.Signal.Logger = o.Logger
	}
	m := &Middleware{options: o, logger: o.Logger, routes: http.NewServeMux(), src: o.Prefix + assets.Path("auto.js")}
	errs = append(errs, o.Settings.Validate("Settings"))
	m.base = m.prepare(o.Settings, false)
	for i, r := range o.Routes {
		path := fmt.Sprintf("Routes[%d]", i)
		errs = append(errs, r.Settings.Validate(path+".Settings"))
		if err := addRoute(m.routes, r.Pattern, m.prepare(o.Settings.Overlay(r.Settings), r.Off)); err != nil {
			errs = append(errs, fmt.Errorf("%s.Pattern: %w", path, err))
		}
	}
	server, err := signal.New(o.Signal)
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("middleware: %w", err)
	}
	m.server = server
	m.own = m.serve()
	return m, nil
}

var prefixShape = regexp.MustCompile(`^(/[A-Za-z0-9_.~-]+)+/$`)

func checkSenderURL(text string) error {
	u, err := url.Parse(text)
	if err == nil && (text == "" || u.Scheme == "https" && u.Host != "" || u.Scheme == "" && u.Host == "" && strings.HasPrefix(text, "/")) {
		return nil
	}
	return errors.New("neither an https URL nor a path")
}

// prepare makes a route's tag once, for all requests that need no nonce.
func (m *Middleware) prepare(s sender.Settings, off bool) *route {
	r := &route{settings: s, off: off}
	r.tag, _ = sender.Tag{Src: m.src, SenderURL: m.options.SenderURL, Settings: s}.HTML() // Validate reports what fails here
	r.version = versionOf(r.tag)
	return r
}

// Wrap returns a handler that serves what next serves, with the tag in its pages, and everything of ours below the prefix. Applied twice to the
// same request, the outer one counts.
func (m *Middleware) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, m.options.Prefix) || r.URL.Path+"/" == m.options.Prefix:
			m.own.ServeHTTP(w, r)
		case r.Header.Get("Upgrade") != "" || r.Method == http.MethodConnect || wrapped(w):
			next.ServeHTTP(w, r)
		default:
			m.rewriting(next, w, r)
		}
	})
}

// rewriting serves a request whose response may be a page.
func (m *Middleware) rewriting(next http.Handler, rw http.ResponseWriter, r *http.Request) {
	x := &exchange{m: m, r: r, route: m.routeOf(r)}
	if x.why, x.sure = notNavigating(r.Method, r.Header); x.route.off {
		x.why = "its route is off"
	}
	x.ownValidators()
	w := &response{rw: rw, ex: x}
	defer w.abandon()
	next.ServeHTTP(visible(w, rw), x.r)
	w.finish()
}

// Shutdown tells connected clients that this server goes, waits until they have left or ctx is done, and refuses new ones. Sessions go on
// from browser to browser, and resume with the server's successor.
func (m *Middleware) Shutdown(ctx context.Context) error { return m.server.Shutdown(ctx) }
