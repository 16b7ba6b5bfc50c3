package middleware

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCase71AnUnchangedPageIsNotSentAgain(t *testing.T) {
	m := mustNew(t, Options{})
	h := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"abc"`)
		http.ServeContent(w, r, "x.html", time.Unix(1, 0), strings.NewReader(document))
	}
	s := serverOf(t, m.Wrap(http.HandlerFunc(h)))
	etag := ask(t, s, "GET /").header.Get("Etag")
	if etag == `"abc"` || !strings.HasPrefix(etag, "W/") {
		t.Fatalf("Etag is %q", etag)
	}
	again := ask(t, s, "GET /", "If-None-Match: "+etag)
	if again.status != http.StatusNotModified || again.header.Get("Etag") != etag || again.body != "" {
		t.Errorf("got %d with %q, want 304 with %q", again.status, again.header.Get("Etag"), etag)
	}
	stale := strings.Replace(etag, m.all.id, "00000000", 1)
	if got := ask(t, s, "GET /", "If-None-Match: "+stale, "If-Modified-Since: Thu, 01 Jan 2032 00:00:01 GMT").status; got != http.StatusOK {
		t.Errorf("for the tag of another version: got %d, want 200", got)
	}
}

func TestCase70AStrongEntityTagIsNotKept(t *testing.T) {
	m := mustNew(t, Options{})
	for etag, want := range map[string]string{
		`"abc"`: `W/"abc-qs` + m.all.id + `"`, `W/"abc"`: `W/"abc-qw` + m.all.id + `"`, `""`: `W/"-qs` + m.all.id + `"`, `abc`: "",
	} {
		if _, wrapped := both(t, m, pageOf(document, "Etag: "+etag), "GET /"); wrapped.header.Get("Etag") != want {
			t.Errorf("%s became %s, want %s", etag, wrapped.header.Get("Etag"), want)
		}
	}
}

// dated serves a page and a style with a date and an entity tag.
func dated(w http.ResponseWriter, r *http.Request) {
	name, body := "x.html", document
	if r.URL.Path == "/x.css" {
		name, body = "x.css", "a{}"
	}
	w.Header().Set("Etag", `"abc"`)
	http.ServeContent(w, r, name, time.Unix(1, 0), strings.NewReader(body))
}

func TestCase73ADateSaysNothingAboutAPageWithTheTag(t *testing.T) {
	m := mustNew(t, Options{})
	_, page := both(t, m, dated, "GET /")
	if got := page.header.Get("Last-Modified"); got != "" {
		t.Errorf("Last-Modified is %q", got)
	}
	bare, wrapped := both(t, m, dated, "GET /x.css", "If-Modified-Since: Thu, 01 Jan 1970 00:00:01 GMT")
	if wrapped.status != http.StatusNotModified {
		t.Errorf("the style: got %d", wrapped.status)
	}
	checkUnchanged(t, bare, wrapped)
}

func TestCase74NoRangesOfAPageWithTheTag(t *testing.T) {
	m := mustNew(t, Options{})
	bare, page := both(t, m, dated, "GET /")
	if got := page.header.Get("Accept-Ranges"); got != "" {
		t.Errorf("Accept-Ranges is %q", got)
	}
	_, again := both(t, m, dated, "GET /", "Range: bytes=10-20", "If-Range: "+page.header.Get("Etag"))
	if again.status != http.StatusOK {
		t.Errorf("got %d with the page's entity tag, want 200", again.status)
	}
	checkOnce(t, m, bare.body, again.body)
	bare, wrapped := both(t, m, dated, "GET /", "Range: bytes=10-20", `If-Range: "abc"`)
	checkUnchanged(t, bare, wrapped) // whoever has the handler's page goes on with that
}

func TestWhatABrowserHasWithoutTheTagConfirmsNoPage(t *testing.T) {
	m := mustNew(t, Options{})
	const date = "If-Modified-Since: Thu, 01 Jan 1970 00:00:01 GMT"
	etag := ask(t, serverOf(t, m.Wrap(http.HandlerFunc(dated))), "GET /").header.Get("Etag")
	for name, c := range map[string]struct {
		request string
		fields  []string
		status  int
	}{
		"from before the app had it":          {"GET /", []string{`If-None-Match: "abc"`, date}, http.StatusOK},
		"weakened by a proxy":                 {"GET /page.html", []string{`If-None-Match: W/"abc"`}, http.StatusOK},
		"by its date only":                    {"GET /page.php", []string{date}, http.StatusOK},
		"any at all":                          {"GET /", []string{"If-None-Match: *"}, http.StatusOK},
		"passed on by a worker":               {"GET /", []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate", `If-None-Match: "abc"`}, http.StatusOK},
		"beside the one with the tag":         {"GET /", []string{`If-None-Match: "old", ` + etag, date}, http.StatusNotModified},
		"the one that a script had, and ours": {"GET /", []string{`If-None-Match: "abc", W/"x-qs00000000"`}, http.StatusOK},
		"for a script":                        {"GET /", []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", `If-None-Match: "abc"`}, http.StatusNotModified},
		"of what is no page":                  {"GET /x.css", []string{`If-None-Match: "abc"`, date}, http.StatusNotModified},
		"of a client that says nothing":       {"GET /", []string{"Sec-Fetch-Dest: ", `If-None-Match: "abc"`}, http.StatusNotModified},
	} {
		t.Run(name, func(t *testing.T) {
			_, wrapped := both(t, m, dated, c.request, c.fields...)
			if wrapped.status != c.status {
				t.Errorf("got %d, want %d", wrapped.status, c.status)
			}
			if c.status == http.StatusOK && strings.Count(wrapped.body, plainTag(m)) != 1 {
				t.Errorf("no tag: %q", wrapped.body)
			}
		})
	}
	off := mustNew(t, Options{Routes: []Route{{Pattern: "/", Off: true}}})
	if _, wrapped := both(t, off, dated, "GET /", `If-None-Match: "abc"`); wrapped.status != http.StatusNotModified {
		t.Errorf("where pages are left alone: got %d", wrapped.status)
	}
}
