package middleware

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/qwelp/qwelp-go/sender"
)

// place is what the pages of a Route let agents see, and where they are.
type place struct {
	path    string // of the pattern, without method, host and the names of wildcards
	off     bool
	privacy string // as JSON
}

func newPlace(r Route, base sender.Settings) place {
	return place{path: pathOf(r.Pattern), off: r.Off, privacy: privacyOf(base.Overlay(r.Settings))}
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

// elsewhere tells a page with settings which of the app's paths are private when a script turns the page into one of them, as routers,
// Turbo and htmx do: the page keeps its tag then, and another would have said more. All are where another privacy holds. As JSON, by
// place.path; empty when the same holds everywhere.
func elsewhere(settings, base sender.Settings, places []place) string {
	here := privacyOf(settings)
	private := map[string]bool{"/": privacyOf(base) != here}
	for _, p := range places {
		private[p.path] = false
	}
	some := private["/"]
	for _, p := range places {
		if p.off || p.privacy != here {
			private[p.path], some = true, true
		}
	}
	if !some {
		return ""
	}
	text, _ := json.Marshal(private)
	return string(text)
}
