package middleware

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// placesOf groups the paths of the routes by what agents may see there, for pages that a script turns into one of another route, as
// routers, Turbo and htmx do: they keep their tag then, and another would have said more. Nil when the same holds everywhere.
func placesOf(base sender.Settings, routes []Route) []wire.Place {
	kinds := map[string]int{privacyOf(base): 0}
	found := make(map[string]int)
	differ := false
	for _, r := range routes {
		kind := wire.PlacePrivate
		if !r.Off {
			privacy := privacyOf(base.Overlay(r.Settings))
			if _, known := kinds[privacy]; !known {
				kinds[privacy] = len(kinds)
			}
			kind = kinds[privacy]
		}
		path := pathOf(r.Pattern)
		if other, twice := found[path]; twice && other != kind {
			kind = wire.PlacePrivate // by method or host, which a page cannot tell
		}
		found[path] = kind
		differ = differ || kind != 0
	}
	if !differ {
		return nil
	}
	var places []wire.Place
	for _, path := range slices.Sorted(maps.Keys(found)) {
		places = append(places, wire.Place{Path: path, Kind: found[path]})
	}
	return places
}

var wildcard = regexp.MustCompile(`\{[^{}$]+\}`)

// pathOf returns the path of a pattern of http.ServeMux. "{rest...}" at its end is what a slash there means already.
func pathOf(pattern string) string {
	path := pattern[max(0, strings.IndexByte(pattern, '/')):]
	if i := strings.LastIndexByte(path, '/'); strings.HasSuffix(path, "...}") {
		path = path[:i+1]
	}
	return wildcard.ReplaceAllString(path, "{}")
}

func privacyOf(settings sender.Settings) string {
	if settings.Privacy.Default == "" {
		settings.Privacy.Default = sender.PrivacyOpen
	}
	text, _ := json.Marshal([]any{settings.Privacy, settings.Frames})
	return string(text)
}
