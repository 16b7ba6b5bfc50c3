package sendertest

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/secrets.html
var secretsPage string

//go:embed testdata/odd.ttf
var oddFont []byte

// secretsSite serves a page with a style sheet and a font of its own, in which all letters look alike.
func secretsSite(page string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dots.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write([]byte(".linked { -webkit-text-security: disc }"))
	})
	mux.HandleFunc("GET /odd.ttf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "font/ttf")
		_, _ = w.Write(oddFont)
	})
	mux.Handle("/", site(page))
	return mux
}

// What secret fields hold, what the screen masks, and what is called like a secret: about 120 canaries, each in a kind of place of its own,
// none of which may arrive. Of each, the first four characters count.
func TestNothingSecretReachesTheAgent(t *testing.T) {
	secrets := []string{"4929", "9034", "739164", "802953", "vjqx", "zk83", "zk84"}
	for i := range 100 {
		secrets = append(secrets, fmt.Sprintf("Zk%02d", i), fmt.Sprintf("Zm%02d", i))
	}
	Check{
		Handler: secretsSite(secretsPage),
		Secrets: secrets,
		Paths:   []string{"/"},
		Shown: []string{
			"Shown heading", "Shown output", "Shown text", "Shown button", "Shown link", "Shown option", "Shown svg", "Shown summary", "Shown user", "Your password is", "You typed", "Shown matrix",
			"Shown gradient", "Shown sharp", "Shown later", "Shown floating",
			"plain-author", "plain-session", "plain-shipping", "plain-footprint", "plain-promo_code", "plain-zip_code", "plain-pinterest", "plain-amount",
		},
		Act: func(ctx context.Context, _ string) error {
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](`act()`, chromedp.EvalAwaitPromise)); err != nil {
				return err
			}
			if err := do(ctx, `document.querySelector("#typed").focus()`); err != nil {
				return err
			}
			return chromedp.Do(ctx, chromedp.KeyEvent("Zk99Qwtyped"))
		},
	}.Run(t)
}
