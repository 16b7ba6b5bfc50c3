package middleware

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// cdn serves assets that no script of another origin may read, and other things.
func cdn(t *testing.T, elsewhere string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	serve := func(path, kind string, size int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
				t.Errorf("%s: got headers %v", path, r.Header)
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(bytes.Repeat([]byte("x"), size))
		})
	}
	serve("/tea.png", "image/png", 100)
	serve("/tea.svg", "image/svg+xml; charset=utf-8", 100)
	serve("/text.woff2", "font/woff2", 100)
	serve("/large.png", "image/png", maxAsset+1)
	serve("/page", "text/html", 100)
	serve("/data", "application/json", 100)
	serve("/none", "", 100)
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/tea.png", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere+"/tea.png", http.StatusFound)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestAssetsOfNamedOriginsCanBeRead(t *testing.T) {
	other := cdn(t, "")
	named := cdn(t, other.URL)
	m := mustNew(t, Options{AssetOrigins: []string{named.URL}})
	s := serverOf(t, m.Wrap(http.NotFoundHandler()))
	script := []string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty", "Cookie: a=b", "Referer: " + s.URL}
	for _, c := range []struct {
		name   string
		url    string
		fields []string
		status int
		kind   string
	}{
		{"an image", named.URL + "/tea.png", script, 200, "image/png"},
		{"an SVG image", named.URL + "/tea.svg", script, 200, "image/svg+xml"},
		{"a font", named.URL + "/text.woff2", script, 200, "font/woff2"},
		{"one that has moved", named.URL + "/moved", script, 200, "image/png"},
		{"too large a one", named.URL + "/large.png", script, 502, ""},
		{"a page", named.URL + "/page", script, 502, ""},
		{"data", named.URL + "/data", script, 502, ""},
		{"something without a type", named.URL + "/none", script, 502, ""},
		{"nothing", named.URL + "/nothing", script, 502, ""},
		{"one that moves without end", named.URL + "/loop", script, 502, ""},
		{"one that has moved to another origin", named.URL + "/away", script, 502, ""},
		{"one of another origin", other.URL + "/tea.png", script, 403, ""},
		{"one of an origin with a name in it", strings.Replace(named.URL, "http://", "http://me@", 1) + "/tea.png", script, 403, ""},
		{"a file", "file:///etc/passwd", script, 403, ""},
		{"no URL", "", script, 403, ""},
		{"a long URL", named.URL + "/tea.png?" + strings.Repeat("x", maxAssetURL), script, 403, ""},
		{"shown as a page", named.URL + "/tea.svg", []string{"Sec-Fetch-Site: none", "Sec-Fetch-Dest: document"}, 403, ""},
		{"shown as an image by another site", named.URL + "/tea.png", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image"}, 403, ""},
		{"asked by who does not say who asks", named.URL + "/tea.png", []string{"Sec-Fetch-Dest: "}, 403, ""},
	} {
		got := ask(t, s, "GET /_qwelp/asset?url="+url.QueryEscape(c.url), c.fields...)
		if got.status != c.status {
			t.Errorf("%s: got status %d %q, want %d", c.name, got.status, got.body, c.status)
		}
		if kind := got.header.Get("Content-Type"); c.kind != "" && (kind != c.kind || len(got.body) != 100 || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox")) {
			t.Errorf("%s: got %q, %d bytes, %v", c.name, kind, len(got.body), got.header)
		}
	}
}

func TestWithoutNamedOriginsThereIsNoAssetRoute(t *testing.T) {
	s := serverOf(t, mustNew(t, Options{}).Wrap(http.NotFoundHandler()))
	if got := ask(t, s, "GET /_qwelp/asset?url=x", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty"); got.status != http.StatusNotFound {
		t.Errorf("got status %d", got.status)
	}
}

func TestBadAssetOriginsAreNamed(t *testing.T) {
	_, err := New(Options{AssetOrigins: []string{"https://cdn.example", "cdn.example", "https://cdn.example/", "https://CDN.example", "ftp://cdn.example", "*"}})
	for _, want := range []string{"[1]", "[2]", "[3]", "[4]", "[5]"} {
		if err == nil || !strings.Contains(err.Error(), "assetOrigins"+want) {
			t.Errorf("%s is missing in %v", want, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "[0]") {
		t.Error(err)
	}
}
