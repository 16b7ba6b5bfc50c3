package middleware

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/assets"
)

// Case 30: pages whose import map stands in the body.
func TestTheClassicLoaderIsNoModule(t *testing.T) {
	m := mustNew(t, Options{ClassicLoader: true})
	src := "/_qwelp/" + assets.Path("classic.js")
	for _, c := range []struct{ name, policy, more string }{
		{"no policy", "", ""},
		{"self", "script-src 'self'", ""},
		{"a nonce", "script-src 'nonce-r4'", ` nonce="r4"`},
		{"strict-dynamic", "script-src 'nonce-r4' 'strict-dynamic'", ` nonce="r4"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := `<script defer src="` + src + `" data-qwelp-settings="{}"` + c.more + `></script>`
			_, wrapped := both(t, m, pageOf(document, "Content-Security-Policy: "+c.policy), "GET /")
			if got := strings.Replace(document, "</head>", want+"</head>", 1); wrapped.body != got {
				t.Errorf("got %q, want %q", wrapped.body, got)
			}
		})
	}
	if got := ask(t, serverOf(t, m.Wrap(http.NotFoundHandler())), "GET "+src); got.status != http.StatusOK {
		t.Errorf("%s: status %d", src, got.status)
	}
}

func TestTheClassicTagIsThereOnceAndStaysOnTheOwnOrigin(t *testing.T) {
	classic, module := mustNew(t, Options{ClassicLoader: true}), mustNew(t, Options{})
	want := ask(t, serverOf(t, classic.Wrap(pageOf(document))), "GET /").body
	for name, h := range map[string]http.Handler{
		"wrapped twice":        classic.Wrap(classic.Wrap(pageOf(document))),
		"wrapped unseen":       classic.Wrap(hidden(classic.Wrap(pageOf(document)))),
		"in a module's":        module.Wrap(hidden(classic.Wrap(pageOf(document)))),
		"the page has the tag": classic.Wrap(pageOf(want)),
	} {
		if got := ask(t, serverOf(t, h), "GET /").body; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	away := strings.Replace(document, "<title>", `<base href="https://cdn.example/"><title>`, 1)
	if got := ask(t, serverOf(t, classic.Wrap(pageOf(away))), "GET /").body; !strings.Contains(got, `<script defer src="http://127.0.0.1:`) {
		t.Errorf("got %q", got)
	}
}
