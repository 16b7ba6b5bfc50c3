package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// startProxy puts examples/proxy in front of a website, with further flags.
func startProxy(t testing.TB, target string, flags ...string) *shop {
	t.Helper()
	binary, err := proxyBinary()
	if err != nil {
		t.Fatal(err)
	}
	return run(t, binary, "", append([]string{"-target", target}, flags...)...)
}

// startSite serves a website and puts examples/proxy in front of it.
func startSite(t testing.TB, website http.Handler, flags ...string) *shop {
	t.Helper()
	server := httptest.NewServer(website)
	t.Cleanup(server.Close)
	return startProxy(t, server.URL, flags...)
}

// pages serves HTML and scripts by path, and files of node_modules below /npm/.
type pages map[string]string

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if file, ok := strings.CutPrefix(r.URL.Path, "/npm/"); ok {
		http.ServeFileFS(w, r, os.DirFS(filepath.Join("..", "..", "node_modules")), file)
		return
	}
	text, ok := p[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	switch path.Ext(r.URL.Path) {
	case ".js":
		w.Header().Set("Content-Type", "text/javascript")
	case ".svg":
		w.Header().Set("Content-Type", "image/svg+xml")
	}
	_, _ = w.Write([]byte(text))
}

// noIcon keeps browsers from asking for an icon, and from complaining that there is none.
const noIcon = `<link rel="icon" href="data:,">`

// unharmed checks that the console of a page shows no error.
func unharmed(t *testing.T, p *browser.Page) {
	t.Helper()
	if complaints := p.Complaints(); len(complaints) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(complaints, "\n"))
	}
}
