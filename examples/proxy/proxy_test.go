package main

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// pass sends a request through a proxy to a website, and returns the website's view of it and the customer's of the answer.
func pass(t *testing.T, p proxy, answer http.Header, from string, fields ...string) (seen *http.Request, got *http.Response) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		maps.Copy(w.Header(), answer)
	}))
	defer site.Close()
	var err error
	if p.site, err = url.Parse(site.URL); err != nil {
		t.Fatal(err)
	}
	p.log = slog.New(slog.DiscardHandler)
	r := httptest.NewRequest("POST", "http://help.example/form", nil)
	r.RemoteAddr = from
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	p.handler().ServeHTTP(w, r)
	return seen, w.Result()
}

func TestTheWebsiteIsToldWhoAsked(t *testing.T) {
	lies := []string{"X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Port: 1", "X-Real-Ip: 6.6.6.6",
		"Forwarded: for=6.6.6.6"}
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ name, from, want string }{
		{"a customer", "192.0.2.7:1234", "192.0.2.7 help.example http"},
		{"a trusted proxy", "10.1.2.3:1234", "6.6.6.6, 10.1.2.3 help.example https"},
		{"a trusted proxy in IPv6", "[::ffff:10.1.2.3]:1234", "6.6.6.6, ::ffff:10.1.2.3 help.example https"},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen, _ := pass(t, proxy{trusted: trusted}, nil, c.from, lies...)
			h := seen.Header
			if got := fmt.Sprint(h.Get("X-Forwarded-For"), " ", h.Get("X-Forwarded-Host"), " ", h.Get("X-Forwarded-Proto")); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := h.Get("X-Forwarded-Port") + h.Get("X-Real-Ip") + h.Get("Forwarded"); got != "" {
				t.Errorf("got %q besides", got)
			}
		})
	}
}

func TestHostAndOriginGoTogether(t *testing.T) {
	own := []string{"Origin: http://help.example", "Referer: http://help.example/form?a=b"}
	for _, c := range []struct {
		name, host string
		fields     []string
		want       string
	}{
		{"a website with the customer's host", "", own, "help.example help.example http://help.example http://help.example/form?a=b"},
		{"a website with its own host", "shop.example", own, "shop.example  http://shop.example http://shop.example/form?a=b"},
		{"a form of somebody else's", "shop.example", []string{"Origin: http://evil.example", "Referer: http://evil.example/"},
			"shop.example  http://evil.example http://evil.example/"},
		{"a form of nobody's", "shop.example", []string{"Origin: null"}, "shop.example  null "},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen, _ := pass(t, proxy{host: c.host}, nil, "192.0.2.7:1234", c.fields...)
			h := seen.Header
			if got := strings.Join([]string{seen.Host, h.Get("X-Forwarded-Host"), h.Get("Origin"), h.Get("Referer")}, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if err := http.NewCrossOriginProtection().Check(seen); (err == nil) != slices.Equal(c.fields, own) {
				t.Errorf("a check for forgery says %v", err)
			}
		})
	}
}

func TestTheCustomerStaysWithTheProxy(t *testing.T) {
	for _, c := range []struct{ field, value, want string }{
		{"Location", "https://shop.example/cart?a=b#c", "/cart?a=b#c"},
		{"Location", "http://SHOP.example", "/"},
		{"Location", "http://shop.example?a=b", "/?a=b"},
		{"Location", "//shop.example/cart", "/cart"},
		{"Location", "http://shop.example//evil.example/", "/.//evil.example/"},
		{"Location", "http://shop.example/a%2Fb", "/a%2Fb"},
		{"Location", "https://login.example/", "https://login.example/"},
		{"Location", "/cart", "/cart"},
		{"Location", "cart", "cart"},
		{"Content-Location", "http://shop.example/cart", "/cart"},
		{"Set-Cookie", "id=7; Domain=.shop.example; Path=/; Secure", "id=7; Path=/; Secure"},
		{"Set-Cookie", "id=7; domain=Example; HttpOnly", "id=7; HttpOnly"},
		{"Set-Cookie", "id=7; Domain=login.example", "id=7; Domain=login.example"},
		{"Set-Cookie", "id=7", "id=7"},
	} {
		_, got := pass(t, proxy{host: "shop.example"}, http.Header{c.field: {c.value}}, "192.0.2.7:1234")
		if got := got.Header.Get(c.field); got != c.want {
			t.Errorf("%s: %s: got %s, want %s", c.field, c.value, got, c.want)
		}
	}
}

func TestTheHostIsTheDomainsOrTheCustomers(t *testing.T) {
	for host, want := range map[string]bool{"shop.example": true, "www.shop.example": true, "localhost": false, "web": false, "127.0.0.1": false, "::1": false} {
		if got := isDomain(host); got != want {
			t.Errorf("%s: got %v, want %v", host, got, want)
		}
	}
}

func TestAWebsiteThatIsDownIsNamedInTheLogOnly(t *testing.T) {
	site := httptest.NewServer(http.NotFoundHandler())
	site.Close()
	u, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("me", "secret")
	var log strings.Builder
	p := proxy{site: u, log: slog.New(slog.NewTextHandler(&log, nil))}
	w := httptest.NewRecorder()
	p.handler().ServeHTTP(w, httptest.NewRequest("GET", "/cart?code=secret", nil))
	if w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "This website does not answer") || strings.Contains(w.Body.String(), u.Host) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	for _, want := range []string{"level=ERROR", "does not answer", u.Host, "path=/cart", "connection refused"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, &log)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log says too much: %s", &log)
	}
}
