package middleware_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

// tagOf returns what a page's tag says of its settings, for the examples.
func tagOf(app http.Handler, path string) string {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	app.ServeHTTP(w, r)
	page, _ := io.ReadAll(w.Result().Body)
	_, settings, tagged := strings.Cut(string(page), `data-qwelp-settings="`)
	if !tagged {
		return "no tag"
	}
	settings, _, _ = strings.Cut(settings, `"`)
	return strings.ReplaceAll(settings, "&#34;", `"`)
}

// pages is an app with the same page everywhere.
func pages(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1></body></html>")
}

// Some pages have settings of their own, or no button.
func ExampleOptions_routes() {
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{Branding: sender.Branding{DialogTitle: "Help"}},
		Routes: []middleware.Route{
			{Pattern: "/pro/", Settings: sender.Settings{Branding: sender.Branding{DialogTitle: "Help for professionals"}}},
			{Pattern: "/embed/", Off: true},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	app := q.Wrap(http.HandlerFunc(pages))
	for _, path := range []string{"/", "/pro/tools", "/embed/map"} {
		fmt.Println(path, tagOf(app, path))
	}
	// Output:
	// / {"branding":{"dialogTitle":"Help"}}
	// /pro/tools {"branding":{"dialogTitle":"Help for professionals"}}
	// /embed/map no tag
}

// What the agent is to know about the customer comes from the server, which the customer's browser cannot change.
func ExampleOptions_forRequest() {
	type user struct{ Number, Plan string }
	userOf := func(r *http.Request) *user { // however the app knows who is signed in
		if strings.HasPrefix(r.URL.Path, "/account") {
			return &user{"4711", "pro"}
		}
		return nil
	}
	q, err := middleware.New(middleware.Options{
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			if u := userOf(r); u != nil {
				s.MetaData["customer number"], s.MetaData["plan"] = u.Number, u.Plan
			}
			return s, !strings.HasPrefix(r.URL.Path, "/kiosk") // false: no button
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	app := q.Wrap(http.HandlerFunc(pages))
	for _, path := range []string{"/", "/account", "/kiosk"} {
		fmt.Println(path, tagOf(app, path))
	}
	// Output:
	// / {}
	// /account {"metaData":{"customer number":"4711","plan":"pro"}}
	// /kiosk no tag
}

// Outside the hours of the support team the dialog says so, and offers the telephone.
func ExampleOptions_openingHours() {
	open := func() bool { return false } // by the clock
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{Branding: sender.Branding{Phone: "+44 20 7946 0000"}},
		ForRequest: func(_ *http.Request, s sender.Settings) (sender.Settings, bool) {
			if !open() {
				s.Branding.ClosedMessage = "We are here from 9 to 17 o'clock."
			}
			return s, true
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tagOf(q.Wrap(http.HandlerFunc(pages)), "/"))
	// Output: {"branding":{"closedMessage":"We are here from 9 to 17 o&#39;clock.","phone":"+44 20 7946 0000"}}
}

// Passwords, codes and card details never leave the browser. What else the agent is not to see, the app says by CSS selectors,
// here for all pages and for one route, which is private but for its headings.
func ExampleOptions_privacy() {
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{Privacy: sender.Privacy{Redact: []string{".balance"}, Hide: []string{"#inbox"}}},
		Routes: []middleware.Route{
			{Pattern: "/health/", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate, Unredact: []string{"h1", "nav"}}}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	app := q.Wrap(http.HandlerFunc(pages))
	for _, path := range []string{"/", "/health/record"} {
		fmt.Println(path, tagOf(app, path))
	}
	// Output:
	// / {"privacy":{"redact":[".balance"],"hide":["#inbox"]}}
	// /health/record {"privacy":{"default":"private","redact":[".balance"],"unredact":["h1","nav"],"hide":["#inbox"]}}
}
