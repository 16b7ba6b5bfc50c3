package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// The operator's page names what is wrong in front of the app, and what to add.
func TestTheCheckNamesWhatIsWrongInFrontOfTheApp(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1></html>`
	_, s, _ := served(t, middleware.Options{}, pages{"/": page})
	app, err := url.Parse(s.customer)
	if err != nil {
		t.Fatal(err)
	}
	through := func(change func(*httputil.ProxyRequest)) string {
		proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(app)
			r.Out.Host = r.In.Host
			change(r)
		}})
		t.Cleanup(proxy.Close)
		return proxy.URL
	}
	operator := browser.Open(t, 1000, 900)
	_, query, _ := strings.Cut(s.agent, "?")
	check := func(origin string, says ...string) {
		t.Helper()
		operator.Go(origin + "/_qwelp/agent/?" + query)
		operator.Go(origin + "/_qwelp/agent/check")
		for _, text := range says {
			operator.Until(text, func() bool { return strings.Contains(operator.Text(), text) })
		}
	}
	check(s.customer, "Everything is as it should be.", "/ has the tag.", "It opens.")
	operator.Screenshot("good")
	check(through(func(r *httputil.ProxyRequest) { r.Out.Header.Del("Upgrade"); r.Out.Header.Del("Connection") }), "1 wrong", "no WebSocket upgrades", "proxy_set_header Upgrade $http_upgrade;", "upgrade=websocket")
	operator.Screenshot("no-upgrades")
	check(through(func(r *httputil.ProxyRequest) { r.Out.Host = app.Host }), "2 wrong", "a proxy rewrites Host", "ProxyPreserveHost On", "AllowedOrigins")
	operator.Dark()
	operator.Screenshot("host")

	// Whoever is no agent learns nothing.
	stranger := operator.Private()
	stranger.Go(s.customer + "/")
	if status := browser.Eval[int](stranger, `fetch("/_qwelp/agent/check.json").then(({status}) => status)`); status != http.StatusUnauthorized {
		t.Errorf("the facts are answered to a stranger with %d", status)
	}
}
