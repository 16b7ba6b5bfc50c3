package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// website is a site of somebody else's, with what sites have.
func website() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<!doctype html><title>Site</title><p>%s %s", r.Header.Get("X-Forwarded-Host"), r.Header.Get("X-Forwarded-Proto"))
	})
	mux.HandleFunc("GET /old", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/?from=old#top", http.StatusFound)
	})
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "id=7; Domain=127.0.0.1; Path=/; Secure; HttpOnly")
	})
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: one\n\n")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) {
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		kind, data, _ := conn.ReadMessage()
		conn.WriteMessage(kind, data)
	})
	return mux
}

// start runs the proxy in front of the website and returns its address.
func start(t *testing.T, more ...string) string {
	t.Helper()
	site := httptest.NewServer(website())
	t.Cleanup(site.Close)
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	args := append([]string{"-addr", "127.0.0.1:0", "-target", site.URL, "-agent-token", "0123456789abcdef"}, more...)
	go func() { done <- run(ctx, args, in, io.Discard) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewReader(out)
	customer, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, lines)
	return strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(customer, "Customer:")), "/")
}

func get(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestASiteBehindTheProxyHasTheButtonAndWorksAsBefore(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(settings, []byte(`{"branding": {"dialogTitle": "Ask us"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	origin := start(t, "-settings", settings)
	client := http.DefaultClient
	_, page := get(t, client, origin+"/")
	host := strings.TrimPrefix(origin, "http://")
	for _, want := range []string{`/auto.js" data-qwelp-settings="`, "Ask us", "<p>" + host + " http"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if response, _ := get(t, client, origin+"/old"); response.Request.URL.String() != origin+"/?from=old#top" {
		t.Errorf("the redirect leads to %s", response.Request.URL)
	}
	response, _ := get(t, client, origin+"/login")
	if got, want := response.Header.Get("Set-Cookie"), "id=7; Path=/; Secure; HttpOnly"; got != want {
		t.Errorf("got the cookie %q, want %q", got, want)
	}
}

func TestStreamsAndSocketsPassThrough(t *testing.T) {
	origin := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if line, err := bufio.NewReader(response.Body).ReadString('\n'); line != "data: one\n" {
		t.Errorf("got %q, %v", line, err)
	}
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(origin, "http")+"/socket", http.Header{"Origin": {origin}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.WriteMessage(websocket.TextMessage, []byte("hello"))
	if _, data, err := conn.ReadMessage(); string(data) != "hello" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestTheAddressItPrintsIsThisMachines(t *testing.T) {
	if origin := start(t, "-addr", ":0"); !strings.HasPrefix(origin, "http://127.0.0.1:") {
		t.Errorf("listening everywhere, it prints %s", origin)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	bad := file("{\n\"brandings\": {}}")
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "-target"},
		{[]string{"-target", "localhost:3000"}, "-target"},
		{[]string{"-target", "http://x/app"}, "-target"},
		{[]string{"-target", "http://x", "-host", "http://y"}, "-host"},
		{[]string{"-target", "http://x", "-trust", "10.0.0.1"}, "-trust"},
		{[]string{"-target", "http://x", "-settings", bad}, `-settings: ` + bad + `, line 2: json: unknown field "brandings"`},
		{[]string{"-target", "http://x", "-settings", file("{}\n{}")}, "line 2: more than one JSON value"},
		{[]string{"-target", "http://x", "-settings", file("{\n\n")}, "line 3: the JSON ends too early"},
		{[]string{"-target", "http://x", "-settings", file("")}, "line 1: the JSON ends too early"},
		{[]string{"-target", "http://x", "-settings", file("{\n\"branding\": 1}")}, "line 2: json: cannot unmarshal number"},
		{[]string{"-target", "http://x", "-settings", file("{\n\"metaData\": }")}, "line 2: invalid character '}'"},
		{[]string{"-target", "http://x", "-settings", file(`{"branding": {"primaryColor": "red;"}}`)}, "-settings: settings.branding.primaryColor"},
		{[]string{"-target", "http://x", "-settings", bad + "x"}, "-settings"},
	} {
		if err := run(t.Context(), c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.args, err, c.want)
		}
	}
}
