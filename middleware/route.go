package middleware

import (
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/qwelp/qwelp-go/internal/metadata"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/sender"
)

// Route changes the settings for some of the app's pages.
type Route struct {
	// Pattern is one of http.ServeMux, such as "/pro/" or "GET shop.example/basket/{id}". Where several match, the most specific wins.
	Pattern string

	// Settings overlay those of Options, field by field. Where Privacy or Frames are others than those of the page that was loaded, a page that
	// a script puts in its place (Turbo, htmx, routers) is private as a whole: it keeps the tag of that page.
	Settings sender.Settings

	// Off leaves the pages as they are. One that a script puts in another's place is private.
	Off bool
}

// route is what is known about the pages of a Route, or of all others.
type route struct {
	off      bool
	settings sender.Settings
	signed   string // proof that its metaData is the server's; empty: there is none
	hour     int64  // of that proof
	tag      []byte // for pages without a nonce
	id       string // stands for the tag in entity tags

	renewed atomic.Pointer[route] // the same of a later hour
}

// ServeHTTP is never called: a route is a handler only so that an http.ServeMux can find it.
func (*route) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// newRoute makes the tag for settings.
func (m *Middleware) newRoute(settings sender.Settings, off bool) (*route, error) {
	now := time.Now()
	found := &route{off: off, settings: settings, hour: vouch.Hour(now)}
	if len(settings.MetaData) > 0 {
		text, err := metadata.Encode(settings.MetaData)
		if err != nil {
			return nil, err
		}
		found.signed = vouch.Sign(m.key, text, now)
	}
	var err error
	found.tag, err = m.tagOf(found, m.plain.Src)
	found.id = fmt.Sprintf("%08x", crc32.ChecksumIEEE(found.tag))
	return found, err
}

// tagOf makes the tag with src, the URL of the loader.
func (m *Middleware) tagOf(found *route, src string) ([]byte, error) {
	t := m.plain
	t.Src, t.Settings, t.Signed = src, found.settings, found.signed
	return t.HTML()
}

// current returns found with a proof that is not older than an hour. Without metaData there is none, and the tag stays the same for ever.
func (m *Middleware) current(found *route) *route {
	hour := vouch.Hour(time.Now())
	if found.signed == "" || found.hour == hour {
		return found
	}
	if next := found.renewed.Load(); next != nil && next.hour == hour {
		return next
	}
	next, err := m.newRoute(found.settings, found.off)
	if err != nil {
		return found // not with settings whose tag could be made before
	}
	found.renewed.Store(next)
	return next
}

// addRoutes compiles the routes. The error joins one error for every bad field.
func (m *Middleware) addRoutes(base sender.Settings, routes []Route) error {
	var errs []error
	var err error
	if m.all, err = m.newRoute(base, false); err != nil {
		errs = append(errs, err)
	}
	mux := http.NewServeMux()
	for i, r := range routes {
		path := fmt.Sprintf("routes[%d]", i)
		errs = append(errs, r.Settings.Validate(path+".settings"))
		settings := base.Overlay(r.Settings)
		if r.Settings.Validate("") == nil && base.Validate("") == nil {
			// Two valid halves of metaData can be too large together.
			errs = append(errs, settings.Validate(path+".settings"))
		}
		compiled, err := m.newRoute(settings, r.Off)
		if err != nil {
			continue // Validate has said why
		}
		if err := handle(mux, r.Pattern, compiled); err != nil {
			errs = append(errs, fmt.Errorf("%s.pattern: %w", path, err))
		}
	}
	if len(routes) > 0 {
		m.routes = mux
	}
	return errors.Join(errs...)
}

// handle registers a pattern. http.ServeMux panics when it is malformed or in conflict with another.
func handle(mux *http.ServeMux, pattern string, r *route) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = patternProblem(problem)
		}
	}()
	if err := checkPattern(pattern); err != nil {
		return err
	}
	mux.Handle(pattern, r)
	return nil
}

// routeOf returns what is known about the pages at r's URL.
func (m *Middleware) routeOf(r *http.Request) *route {
	if m.routes == nil {
		return m.all
	}
	// For some paths the mux has a redirect, and a refusal for some methods: those are the app's affair.
	handler, _ := m.routes.Handler(r)
	if found, ok := handler.(*route); ok {
		return found
	}
	return m.all
}

var off = &route{off: true}

// maxNamed is how many mistakes of one page are named.
const maxNamed = 20

// settingsFor returns found, or what the app makes of it for r. What goes wrong there makes the page more private, never less.
func (m *Middleware) settingsFor(r *http.Request, found *route) *route {
	if m.forRequest == nil {
		return found
	}
	settings, ok := m.ask(r, found.settings)
	if !ok {
		return off
	}
	settings, ok, errs := settings.Repair(found.settings)
	if !ok {
		m.warn(r.Context(), slog.LevelError, errs[0].Error(), "middleware: ForRequest returned settings that are not valid; pages with them stay without the sender",
			"error", errs[0], "path", r.URL.Path)
		return off
	}
	for _, err := range errs[:min(len(errs), maxNamed)] {
		message := "middleware: ForRequest returned settings that are not valid; this part of them is left out"
		if strings.HasPrefix(err.Error(), "settings.privacy.") {
			message = "middleware: ForRequest returned settings that are not valid; pages with them are private as a whole"
		}
		m.warn(r.Context(), slog.LevelError, err.Error(), message, "error", err, "path", r.URL.Path)
	}
	own, err := m.newRoute(settings, false)
	if err != nil {
		return off // Repair leaves nothing of which no tag can be made
	}
	if own.id == found.id {
		return found
	}
	return own
}

// ask calls the app with a copy of given. After a panic of it nobody knows what it wanted to hide on the page, so all of it is hidden.
func (m *Middleware) ask(r *http.Request, given sender.Settings) (settings sender.Settings, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			m.panicked(r.Context(), "ForRequest", "the page is private as a whole", p, r.URL.Path)
			settings, ok = given.Closed(), true
		}
	}()
	return m.forRequest(r, ownSettings(given))
}
