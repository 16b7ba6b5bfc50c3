package middleware

import (
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"runtime/debug"
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
			err = fmt.Errorf("%v", problem)
		}
	}()
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

// settingsFor returns found, or what the app makes of it for r.
func (m *Middleware) settingsFor(r *http.Request, found *route) *route {
	if m.forRequest == nil {
		return found
	}
	settings, ok, err := m.ask(r, ownSettings(found.settings))
	if !ok {
		return off
	}
	if err == nil {
		err = settings.Validate("settings")
	}
	if err == nil {
		var own *route
		if own, err = m.newRoute(settings, false); err == nil && own.id != found.id {
			return own
		}
	}
	if err != nil {
		m.log.ErrorContext(r.Context(), "middleware: ForRequest returned settings that are not valid; the route's count", "error", err, "path", r.URL.Path)
	}
	return found
}

// ask calls the app. A panic of it does not break the page.
func (m *Middleware) ask(r *http.Request, given sender.Settings) (settings sender.Settings, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			ok, err = true, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	settings, ok = m.forRequest(r, given)
	return settings, ok, nil
}
