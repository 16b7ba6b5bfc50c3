package qwelp_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

const token = "correct-horse-battery-staple-4711"

func Example() {
	app := http.NewServeMux()
	app.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>Shop</title><h1>Welcome</h1>")
	})
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{Branding: sender.Branding{DialogTitle: "Need a hand?"}},
		Signal:   signal.Config{Agents: signal.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	shop := httptest.NewServer(q.Wrap(app)) // in an app: http.ListenAndServe(addr, q.Wrap(app))
	defer shop.Close()

	r, _ := http.NewRequest("GET", shop.URL, nil)
	r.Header.Set("Sec-Fetch-Dest", "document") // as browsers do
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	fmt.Println(regexp.MustCompile(`_qwelp/\w+/`).ReplaceAllString(string(page), "_qwelp/…/"))
	// Output: <!doctype html><title>Shop</title><script type="module" src="/_qwelp/…/auto.js" data-qwelp-settings="{&#34;branding&#34;:{&#34;dialogTitle&#34;:&#34;Need a hand?&#34;}}"></script><h1>Welcome</h1>
}

const page = `<!doctype html><html><head><title>x</title></head><body>hello</body></html>`

func shop() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Trailer", "X-End")
		_, _ = io.WriteString(w, page)
		w.Header().Set("X-End", "end")
	})
	return mux
}

func product(t *testing.T) *middleware.Middleware {
	t.Helper()
	q, err := middleware.New(middleware.Options{
		Routes: []middleware.Route{{Pattern: "/pro/", Settings: sender.Settings{Branding: sender.Branding{PrimaryColor: "#0055ff"}}}, {Pattern: "/admin/", Off: true}},
		Signal: signal.Config{Agents: signal.AgentToken(token)},
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func start(t *testing.T, h http.Handler, protocol string) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	if protocol == "HTTP/2.0" {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, s *httptest.Server, path string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
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

var tag = regexp.MustCompile(`<script type="module" src="(/_qwelp/[0-9a-f]+/auto\.js)" data-qwelp-settings="([^"]*)"></script>`)

func TestAPageHasTheButtonAndTheButtonItsScript(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(protocol, func(t *testing.T) {
			s := start(t, product(t).Wrap(shop()), protocol)
			res, body := get(t, s, "/")
			if res.Proto != protocol {
				t.Fatalf("the protocol is %s", res.Proto)
			}
			found := tag.FindStringSubmatch(body)
			if found == nil || strings.Replace(body, found[0]+"</head>", "</head>", 1) != page || found[2] != "{}" {
				t.Fatalf("got %q", body)
			}
			if got := res.Trailer.Get("X-End"); got != "end" {
				t.Errorf("the trailer is %q", got)
			}
			res, script := get(t, s, found[1])
			if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") || len(script) < 100 {
				t.Errorf("the script: %d, %v", res.StatusCode, res.Header)
			}
		})
	}
}

func TestRoutesHaveTheirOwnSettings(t *testing.T) {
	s := start(t, product(t).Wrap(shop()), "HTTP/1.1")
	for path, want := range map[string]string{"/pro/x": "{&#34;branding&#34;:{&#34;primaryColor&#34;:&#34;#0055ff&#34;}}", "/admin/x": "", "/": "{}"} {
		_, body := get(t, s, path)
		found := tag.FindStringSubmatch(body)
		if got := append(found, "", "", "")[2]; got != want {
			t.Errorf("%s has %q, want %q", path, got, want)
		}
		if want == "" && body != page {
			t.Errorf("%s is %q", path, body)
		}
	}
}

func TestOnlyAgentsGetTheConsole(t *testing.T) {
	s := start(t, product(t).Wrap(shop()), "HTTP/1.1")
	if res, _ := get(t, s, "/_qwelp/agent/"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: %d", res.StatusCode)
	}
	if res, _ := get(t, s, "/_qwelp/agent/?token=wrong"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a wrong token: %d", res.StatusCode)
	}
	res, _ := get(t, s, "/_qwelp/agent?token="+token)
	if got := res.Header.Get("Location"); got != "/_qwelp/agent" || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d, redirected to %q", res.StatusCode, got)
	}
	res, _ = get(t, s, "/_qwelp/agent/?token="+token)
	if res.StatusCode != http.StatusSeeOther || len(res.Cookies()) != 1 {
		t.Fatalf("with the token: %d, %v", res.StatusCode, res.Header)
	}
	for _, c := range []struct {
		path, token, cookie, origin string
		want                        int
	}{
		{"agent/", token, "", s.URL, http.StatusSeeOther},
		{"agent/history", token, "", s.URL, http.StatusSeeOther},
		{"agent/", "wrong", "", s.URL, http.StatusUnauthorized},
		{"agent/", token, "", "https://evil.example", http.StatusForbidden},
		{"agent/", "", res.Cookies()[0].Value, s.URL, http.StatusSeeOther}, // the form of a second tab
	} {
		r, _ := http.NewRequest(http.MethodPost, s.URL+"/_qwelp/"+c.path+"?token=wrong", strings.NewReader(url.Values{"token": {c.token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", c.origin)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "qwelp_agent", Value: c.cookie})
		}
		answer, err := s.Client().Transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		location := map[bool]string{true: "/_qwelp/" + c.path}[c.want == http.StatusSeeOther]
		if answer.StatusCode != c.want || answer.Header.Get("Location") != location || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%+v: %d, %v", c, answer.StatusCode, answer.Header)
		}
	}
}

func TestBehindAReverseProxyPagesAreRewrittenToo(t *testing.T) {
	app := start(t, shop(), "HTTP/1.1")
	target, _ := url.Parse(app.URL)
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		s := start(t, product(t).Wrap(proxy), protocol)
		res, body := get(t, s, "/")
		if got := tag.ReplaceAllString(body, ""); got != page || got == body {
			t.Errorf("%s: got %q", protocol, body)
		}
		if got := res.Trailer.Get("X-End"); got != "end" {
			t.Errorf("%s: the trailer is %q", protocol, got)
		}
	}
}

func TestAnOldClientGetsAWholePage(t *testing.T) {
	s := start(t, product(t).Wrap(shop()), "HTTP/1.1")
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\nSec-Fetch-Dest: document\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(answer), "\r\n\r\n")
	if got := tag.ReplaceAllString(body, ""); got != page || got == body {
		t.Errorf("got %q", answer)
	}
}
