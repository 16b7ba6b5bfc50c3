package middleware

import (
	"fmt"
	"net/http"

	"github.com/qwelp/qwelp-go/sender"
)

// Route sets the settings of some requests.
type Route struct {
	// Pattern is one of http.ServeMux ("/pro/", "GET shop.example/pro/{id}"). Of several that match, the most specific counts.
	Pattern string

	// Settings are laid over Options.Settings, field by field.
	Settings sender.Settings

	// Off keeps the tag out.
	Off bool
}

// route is a Route with what can be prepared for it. It stands in a private ServeMux, which is only asked what matches.
type route struct {
	settings sender.Settings
	off      bool
	tag      []byte // without a nonce
	version  string // of tag
}

// ServeHTTP makes a route a handler; it is never called.
func (*route) ServeHTTP(http.ResponseWriter, *http.Request) {}

// addRoute adds a route, whose pattern may be one that ServeMux refuses by a panic.
func addRoute(mux *http.ServeMux, pattern string, r *route) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	mux.Handle(pattern, r)
	return nil
}

// routeOf is the route of a request. The mux may answer with a handler of its own, such as a redirect, which is none of ours.
func (m *Middleware) routeOf(r *http.Request) *route {
	h, _ := m.routes.Handler(r)
	if found, ok := h.(*route); ok {
		return found
	}
	return m.base
}
