package middleware

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const agentToken = "0123456789abcdef"

var tagSource = regexp.MustCompile(`<script type="module" src="([^"]*)"`)

// visit follows what a page of the app leads a browser to: the loader, the console with its sign-in, the socket.
func visit(t *testing.T, origin, page string) {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	get := func(address string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Dest", "document")
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
	res, body := get(origin + page)
	found := tagSource.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("%s has no tag: %s", page, body)
	}
	loader, err := res.Request.URL.Parse(found[1])
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := get(loader.String()); res.StatusCode != http.StatusOK {
		t.Fatalf("%s: the loader at %s is %d", page, loader, res.StatusCode)
	}
	base := loader.String()[:strings.Index(loader.String(), "/_qwelp/")] + "/_qwelp/"
	for _, console := range []string{"agent", "agent/"} {
		jar, _ = cookiejar.New(nil)
		client.Jar = jar
		res, body := get(base + console)
		if res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, `<form method="post" action="?">`) {
			t.Fatalf("%s: got %d, %s", console, res.StatusCode, body)
		}
		r, err := http.NewRequestWithContext(t.Context(), "POST", res.Request.URL.String(), strings.NewReader(url.Values{"token": {agentToken}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		if res, err = client.Do(r); err != nil {
			t.Fatal(err)
		}
		read, _ := io.ReadAll(res.Body)
		res.Body.Close()
		script := regexp.MustCompile(`src="([^"]*console\.js)"`).FindSubmatch(read)
		if res.StatusCode != http.StatusOK || script == nil {
			t.Fatalf("%s, signed in: got %d at %s: %s", console, res.StatusCode, res.Request.URL, read)
		}
		address, _ := res.Request.URL.Parse(string(script[1]))
		if res, _ := get(address.String()); res.StatusCode != http.StatusOK {
			t.Errorf("%s: its script at %s is %d", console, address, res.StatusCode)
		}
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, Jar: jar}
	socket, _, err := dialer.Dial("ws"+strings.TrimPrefix(base, "http")+"signal", http.Header{"Origin": {origin}})
	if err != nil {
		t.Fatalf("%s: the socket at %ssignal: %v", page, base, err)
	}
	defer socket.Close()
	hello, _ := wire.Encode(wire.Hello{Versions: []int{1}, Role: wire.RoleAgent})
	if err := socket.WriteMessage(websocket.TextMessage, hello); err != nil {
		t.Fatal(err)
	}
	if _, answer, err := socket.ReadMessage(); err != nil || !strings.Contains(string(answer), `"welcome"`) {
		t.Errorf("%s: an agent who has signed in is told %s, %v", page, answer, err)
	}
}

// redirectSlashes and stripSlashes do what those of chi do.
func redirectSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) > 1 && strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, "//"+r.Host+strings.TrimSuffix(r.URL.Path, "/"), http.StatusMovedPermanently)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func stripSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) > 1 {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		}
		next.ServeHTTP(w, r)
	})
}

// appendSlashes is the other way round.
func appendSlashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if last := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; last != "" && last != "signal" && !strings.Contains(last, ".") && r.Method == "GET" {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// chiMount passes on what is at path and below it as chi's Mount does.
func chiMount(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.TrimSuffix(r.URL.Path, "/") == path:
			r.Pattern = path
		case strings.HasPrefix(r.URL.Path, path+"/"):
			r.Pattern = path + "/*"
		default:
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// muxOf has one pattern.
func muxOf(pattern string, h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(pattern, h)
	return mux
}

func TestItWorksWhereverItIsMounted(t *testing.T) {
	for name, c := range map[string]struct {
		mount  func(wrapped http.Handler) http.Handler
		page   string
		public string
	}{
		"at the root":                         {func(h http.Handler) http.Handler { return h }, "/", ""},
		"below StripPrefix":                   {func(h http.Handler) http.Handler { return http.StripPrefix("/app", h) }, "/app/orders/7?x=1", ""},
		"below StripPrefix with a slash":      {func(h http.Handler) http.Handler { return http.StripPrefix("/app/", h) }, "/app/orders", ""},
		"below two":                           {func(h http.Handler) http.Handler { return http.StripPrefix("/a", http.StripPrefix("/b", h)) }, "/a/b/", ""},
		"below a pattern":                     {func(h http.Handler) http.Handler { return muxOf("/app/", h) }, "/app/", ""},
		"below a pattern with a wildcard":     {func(h http.Handler) http.Handler { return muxOf("/{tenant}/shop/", h) }, "/acme/shop/x", ""},
		"below a pattern of all that is left": {func(h http.Handler) http.Handler { return muxOf("/app/{rest...}", h) }, "/app/x/y", ""},
		"below both":                          {func(h http.Handler) http.Handler { return muxOf("/app/", http.StripPrefix("/app", h)) }, "/app/x", ""},
		"below a mux below StripPrefix":       {func(h http.Handler) http.Handler { return http.StripPrefix("/v1", muxOf("/app/", h)) }, "/v1/app/x", ""},
		"below a pattern, and a page like it": {func(h http.Handler) http.Handler { return muxOf("/app/", http.StripPrefix("/app", h)) }, "/app/app/x", ""},
		"below chi's Mount":                   {func(h http.Handler) http.Handler { return chiMount("/app", h) }, "/app/x", ""},
		"within RedirectSlashes":              {redirectSlashes, "/", ""},
		"within StripSlashes":                 {stripSlashes, "/", ""},
		"within AppendSlashes":                {appendSlashes, "/", ""},
		"below a path within RedirectSlashes": {func(h http.Handler) http.Handler { return redirectSlashes(http.StripPrefix("/app", h)) }, "/app/x", ""},
		"behind a proxy that strips": {func(h http.Handler) http.Handler {
			backend := serverOf(t, h)
			target, _ := url.Parse(backend.URL)
			return http.StripPrefix("/app", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host
			}})
		}, "/app/orders/7", "/app/_qwelp/"},
	} {
		t.Run(name, func(t *testing.T) {
			m := mustNew(t, Options{PublicPrefix: c.public, Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
			visit(t, serverOf(t, c.mount(m.Wrap(pageOf(document)))).URL, c.page)
		})
	}
}

func TestTheRootOfAMountedRouterIsKnownFromItsOtherPages(t *testing.T) {
	m := mustNew(t, Options{Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	s := serverOf(t, chiMount("/app", m.Wrap(pageOf(document))))
	ask(t, s, "GET /app/other")
	visit(t, s.URL, "/app")
	visit(t, s.URL, "/app/")

	m = mustNew(t, Options{Signal: signal.Config{Agents: signal.AgentToken(agentToken)}})
	wrapped := m.Wrap(pageOf(document))
	s = serverOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // chi's Mount("/{tenant}", …)
		r.Pattern = "/{tenant}"
		if strings.Count(strings.TrimSuffix(r.URL.Path, "/"), "/") > 1 {
			r.Pattern = "/{tenant}/*"
		}
		wrapped.ServeHTTP(w, r)
	}))
	ask(t, s, "GET /acme/other")
	visit(t, s.URL, "/umbrella")
	for i := range 50 { // what clients ask for is not remembered
		ask(t, s, fmt.Sprintf("GET /tenant%d/x", i))
	}
	known := 0
	m.mounts.known.Range(func(any, any) bool { known++; return true })
	if known != 1 {
		t.Errorf("%d mounts are remembered", known)
	}
}

// TestNoPathOfAClientGetsAnywhereElse has paths that look like another host, or lead out.
func TestNoPathOfAClientGetsAnywhereElse(t *testing.T) {
	m := mustNew(t, Options{})
	clean := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // strips whatever is before the last segment
		r.URL.Path = r.URL.Path[strings.LastIndexByte(r.URL.Path, '/'):]
		m.Wrap(pageOf(document)).ServeHTTP(w, r)
	})
	s := serverOf(t, clean)
	for _, path := range []string{"//evil.example/x", "/a//x", `/\evil.example/x`, "/../x", "/%22%3E/x", "/;a/x", "/%2f/evil.example/x", "/a/./x", "///x"} {
		if got := ask(t, s, "GET "+path); !strings.Contains(got.body, `src="/_qwelp/`) {
			t.Errorf("%s: got %s", path, got.body)
		}
	}
}

func TestPlacesAreThoseOfTheBrowserWhereThePathIsStripped(t *testing.T) {
	m := mustNew(t, Options{Routes: []Route{{Pattern: "/admin/", Off: true}, {Pattern: "/pay/", Settings: sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate}}}}})
	s := serverOf(t, http.StripPrefix("/app", m.Wrap(pageOf(document))))
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	socket, _, err := dialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/app/_qwelp/signal", http.Header{"Origin": {s.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, message := range []wire.Message{wire.Hello{Versions: []int{1}, Role: wire.RoleSender}, wire.Start{}} {
		text, _ := wire.Encode(message)
		if err := socket.WriteMessage(websocket.TextMessage, text); err != nil {
			t.Fatal(err)
		}
	}
	for {
		_, text, err := socket.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		message, _ := wire.Decode(text)
		if started, ok := message.(wire.Started); ok {
			kinds := map[string]int{}
			for _, p := range started.Places {
				kinds[p.Path] = p.Kind
			}
			if kinds["/app/admin/"] != wire.PlacePrivate || kinds["/app/pay/"] != 1 {
				t.Errorf("the places are %v", started.Places)
			}
			return
		}
	}
}
