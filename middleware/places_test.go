package middleware

import (
	"slices"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal/wire"
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

// Turbo, htmx and routers put a page in another's place, which keeps its tag.
func TestRoutesAreGroupedByWhatAgentsMaySee(t *testing.T) {
	open := sender.Settings{}
	private := sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate}}
	hiding := sender.Settings{Privacy: sender.Privacy{Hide: []string{".balance"}}}
	opened := sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyOpen}}
	branded := sender.Settings{Branding: sender.Branding{DialogTitle: "Help"}}
	for _, c := range []struct {
		name   string
		base   sender.Settings
		routes []Route
		want   []wire.Place
	}{
		{"no routes", open, nil, nil},
		{"the same privacy everywhere", open, []Route{{Pattern: "/pro/", Settings: branded}, {Pattern: "/free/", Settings: opened}}, nil},
		{"all kinds", open, []Route{
			{Pattern: "/account/", Settings: private}, {Pattern: "/account/help", Settings: opened}, {Pattern: "/admin/", Off: true},
			{Pattern: "/bank/", Settings: private}, {Pattern: "GET /money/{id}", Settings: hiding}, {Pattern: "/pro/", Settings: branded},
		}, []wire.Place{{Path: "/account/", Kind: 1}, {Path: "/account/help"}, {Path: "/admin/", Kind: -1}, {Path: "/bank/", Kind: 1}, {Path: "/money/{}", Kind: 2}, {Path: "/pro/"}}},
		{"a route that is more open than all others", private, []Route{{Pattern: "/public/", Settings: opened}}, []wire.Place{{Path: "/public/", Kind: 1}}},
		{"one path for two hosts", open, []Route{{Pattern: "a.example/x", Settings: private}, {Pattern: "b.example/x"}}, []wire.Place{{Path: "/x", Kind: -1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := placesOf(c.base, c.routes); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
