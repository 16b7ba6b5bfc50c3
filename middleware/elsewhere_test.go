package middleware

import (
	"testing"

	"github.com/qwelp/qwelp-go/sender"
)

func TestPathsOfPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		"/account/": "/account/", "GET /account/": "/account/", "shop.example/basket/{id}": "/basket/{}", "POST shop.example/{$}": "/{$}",
		"/files/{rest...}": "/files/", "/{a}/x/{b}": "/{}/x/{}", "/": "/", "": "",
	} {
		if got := pathOf(pattern); got != want {
			t.Errorf("%q: got %q, want %q", pattern, got, want)
		}
	}
}

// Turbo, htmx and routers put a page in another's place without its tag.
func TestATagTellsWhichOtherPathsArePrivate(t *testing.T) {
	open := sender.Settings{}
	private := sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate}}
	hiding := sender.Settings{Privacy: sender.Privacy{Hide: []string{".balance"}}}
	branded := sender.Settings{Branding: sender.Branding{DialogTitle: "Help"}}
	routes := []Route{{Pattern: "/account/", Settings: private}, {Pattern: "/account/help", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyOpen}}},
		{Pattern: "/admin/", Off: true}, {Pattern: "/pro/", Settings: branded}, {Pattern: "GET /money/{id}", Settings: hiding}}
	for _, c := range []struct {
		name       string
		here, base sender.Settings
		routes     []Route
		want       string
	}{
		{"no routes", open, open, nil, ""},
		{"the same privacy everywhere", open, open, routes[3:4], ""},
		{"an open page", open, open, append(routes[:1:1], routes[2:]...), `{"/":false,"/account/":true,"/admin/":true,"/money/{}":true,"/pro/":false}`},
		{"a page that is more open than most", open.Overlay(routes[1].Settings), private, routes[1:2], `{"/":true,"/account/help":false}`},
		{"a route for all", open, open, []Route{{Pattern: "/", Settings: private}}, `{"/":true}`},
		{"one path for two hosts", open, open, []Route{{Pattern: "a.example/x", Settings: private}, {Pattern: "b.example/x"}}, `{"/":false,"/x":true}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var places []place
			for _, r := range c.routes {
				places = append(places, newPlace(r, c.base))
			}
			if got := elsewhere(c.here, c.base, places); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
