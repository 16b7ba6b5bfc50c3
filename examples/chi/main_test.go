package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

// start serves the app and returns its origin.
func start(t *testing.T) string {
	t.Helper()
	q, err := middleware.New(middleware.Options{Signal: signal.Config{Agents: signal.AgentToken("0123456789abcdef")}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app(q))
	t.Cleanup(server.Close)
	return server.URL
}

// get asks as a browser does that navigates. It returns the body without its gzip coding.
func get(t *testing.T, url, coding string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Accept-Encoding", coding)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body io.Reader = response.Body
	if response.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

var tag = regexp.MustCompile(`<script type="module" src="(/_qwelp/[0-9a-f]+/auto\.js)" data-qwelp-settings="{}"></script></head>`)

func TestPagesHaveTheTagOnce(t *testing.T) {
	origin := start(t)
	for _, coding := range []string{"identity", "gzip"} {
		response, page := get(t, origin+"/?name=Ada+%26+Bob", coding)
		if got := response.Header.Get("Content-Encoding"); response.StatusCode != http.StatusOK || got != strings.TrimPrefix(coding, "identity") {
			t.Errorf("%s: got status %d in coding %q", coding, response.StatusCode, got)
		}
		if len(tag.FindAllString(page, -1)) != 1 || strings.Count(page, "<script") != 1 || !strings.Contains(page, "Hello, Ada &amp; Bob") {
			t.Errorf("%s: got %s", coding, page)
		}
	}
}

func TestTheAPIStaysAsItIs(t *testing.T) {
	origin := start(t)
	for _, coding := range []string{"identity", "gzip"} {
		if _, body := get(t, origin+"/api/hello?name=</head>", coding); strings.TrimSpace(body) != `{"hello":"\u003c/head\u003e"}` {
			t.Errorf("%s: got %s", coding, body)
		}
	}
	if response, body := get(t, origin+"/nowhere", "identity"); response.StatusCode != http.StatusNotFound || body == "" {
		t.Errorf("a path without a route: got status %d, %q", response.StatusCode, body)
	}
}

func TestTheAppServesWhatTheTagNeeds(t *testing.T) {
	origin := start(t)
	_, page := get(t, origin+"/", "identity")
	src := tag.FindStringSubmatch(page)
	if src == nil {
		t.Fatalf("no tag in %s", page)
	}
	_, plain := get(t, origin+src[1], "identity")
	response, coded := get(t, origin+src[1], "gzip")
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Encoding") != "gzip" || plain == "" || coded != plain {
		t.Errorf("auto.js: got %d, %v, %d bytes, without a coding %d", response.StatusCode, response.Header, len(coded), len(plain))
	}
	for path, want := range map[string]int{"healthz": http.StatusOK, "agent/": http.StatusUnauthorized, "nothing": http.StatusNotFound} {
		if response, _ := get(t, origin+"/_qwelp/"+path, "gzip"); response.StatusCode != want {
			t.Errorf("%s: got status %d, want %d", path, response.StatusCode, want)
		}
	}
}

func TestSignallingReachesItsSocket(t *testing.T) {
	origin := start(t)
	dialer := websocket.Dialer{Subprotocols: []string{"qwelp.v1"}}
	headers := http.Header{"Origin": {origin}, "Accept-Encoding": {"gzip, deflate, br, zstd"}}
	conn, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(origin, "http")+"/_qwelp/signal", headers)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if conn.Subprotocol() != "qwelp.v1" {
		t.Errorf("got subprotocol %q", conn.Subprotocol())
	}
}
