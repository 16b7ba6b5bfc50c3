package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// browser is a visitor of a running shop, with cookies, following no redirects.
type browser struct {
	t    *testing.T
	http *http.Client
	base string
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t, &http.Client{Jar: jar, CheckRedirect: stay}, base}
}

// visit starts a shop and comes to it.
func visit(t *testing.T) *browser {
	t.Helper()
	server := httptest.NewServer(newShop())
	t.Cleanup(server.Close)
	return newBrowser(t, server.URL)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.read(b.http.Get(b.base + path))
}

// post submits a form; fields come as name, value, name, value.
func (b *browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.read(b.http.PostForm(b.base+path, form))
}

func (b *browser) read(res *http.Response, err error) answer {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b *browser) addMugs(quantity string) answer {
	b.t.Helper()
	return b.post("/cart/add", "product", "ridge-mug", "size", "350 ml", "colour", "Ink", "quantity", quantity)
}

func (b *browser) logIn() {
	b.t.Helper()
	b.goesTo(b.post("/login", "name", "Ada Lovelace", "password", demoPassword), "/account")
}

func (b *browser) goesTo(a answer, path string) {
	b.t.Helper()
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		b.t.Fatalf("got %d to %q, want 303 to %q", a.status, a.header.Get("Location"), path)
	}
}

func (b *browser) has(a answer, status int, texts ...string) {
	b.t.Helper()
	if a.status != status {
		b.t.Fatalf("got status %d, want %d", a.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			b.t.Errorf("%q is not on the page", text)
		}
	}
}

// elements parses a page and walks through its elements.
func elements(t *testing.T, page string) []*html.Node {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range document.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}
