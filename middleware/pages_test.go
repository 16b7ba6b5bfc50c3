package middleware

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/sender"
)

func TestPagesGetTheTagOnce(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range []struct {
		name    string
		request string
		handler http.HandlerFunc
		fields  []string
	}{
		{"42 upper case", "GET /", pageOf(document, `Content-Type: TEXT/HTML;Charset="UTF-8"`), nil},
		{"42 space before the parameter", "GET /", pageOf(document, "Content-Type: text/html ;charset=x"), nil},
		{"43 no Content-Type", "GET /", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document) }, nil},
		{"44 the type shows late", "GET /", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, document[:4])
			_, _ = io.WriteString(w, document[4:])
		}, nil},
		{"44 after WriteHeader", "GET /", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, document[:4])
			_, _ = io.WriteString(w, document[4:])
		}, nil},
		{"51 inline", "GET /", pageOf(document, "Content-Disposition: inline; filename=x"), nil},
		{"55 curl", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "Accept: */*"}},
		{"55 an old browser, no tags", "GET /", pageOf("hello"), []string{"Sec-Fetch-Dest: ", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"}},
		{"56 iframe", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: iframe"}},
		{"62 not found", "GET /", statusOf(404, document), nil},
		{"62 failed", "GET /", statusOf(500, document), nil},
		{"64 a form's answer", "POST /", pageOf(document), nil},
		{"67 Content-Length", "GET /", pageOf(document, "Content-Length: "+strconv.Itoa(len(document))), nil},
		{"78 script-src self", "GET /", pageOf(document, "Content-Security-Policy: script-src 'self'"), nil},
		{"100 WriteString", "GET /", pageOf(strings.Replace(document, "hello", strings.Repeat("hello", 5000), 1)), nil},
		{"100 io.Copy", "GET /", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.Copy(w, strings.NewReader(document))
		}, nil},
		{"100 http.ServeContent", "GET /x.html", func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "x.html", time.Unix(1, 0), strings.NewReader(document))
		}, nil},
		{"102 flush before the body", "GET /", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, document)
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			bare, wrapped := both(t, m, c.handler, c.request, c.fields...)
			if wrapped.err != nil {
				t.Fatal(wrapped.err)
			}
			checkOnce(t, m, bare.body, wrapped.body)
			if wrapped.status != bare.status {
				t.Errorf("status is %d, want %d", wrapped.status, bare.status)
			}
			if got, want := wrapped.header.Get("Content-Type"), bare.header.Get("Content-Type"); got != want {
				t.Errorf("Content-Type is %q, want %q", got, want)
			}
			if wrapped.length >= 0 && wrapped.length != int64(len(wrapped.body)) {
				t.Errorf("Content-Length is %d for %d bytes", wrapped.length, len(wrapped.body))
			}
		})
	}
}

func TestOtherResponsesStayAsTheyAre(t *testing.T) {
	m := mustNew(t, Options{Routes: []Route{{Pattern: "/off/", Off: true}}})
	fragment := `<tr><td>1</td></tr>`
	for _, c := range []struct {
		name    string
		request string
		handler http.HandlerFunc
		fields  []string
	}{
		{"41 JSON", "GET /", pageOf(`"</head>"`, "Content-Type: application/json"), nil},
		{"42 other types", "GET /", pageOf(document, "Content-Type: text/htmlx"), nil},
		{"42 XHTML", "GET /", pageOf(document, "Content-Type: application/xhtml+xml"), nil},
		{"42 sandboxed HTML", "GET /", pageOf(document, "Content-Type: text/html-sandboxed"), nil},
		{"42 an image", "GET /", pageOf(document, "Content-Type: image/svg+xml"), nil},
		{"42 parts", "GET /", pageOf(document, "Content-Type: multipart/x-mixed-replace; boundary=x"), nil},
		{"42 text", "GET /", pageOf(document, "Content-Type: text/plain"), nil},
		{"45 no type on purpose", "GET /", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			_, _ = io.WriteString(w, document)
		}, nil},
		{"47 UTF-16", "GET /", pageOf(document, "Content-Type: text/html; charset=utf-16le"), nil},
		{"47 ISO-2022-JP", "GET /", pageOf(document, "Content-Type: text/html; charset=ISO-2022-JP"), nil},
		{"27 a comment without end", "GET /", pageOf("<!-- x", `Etag: "a"`), nil},
		{"47 marks of UTF-16", "GET /", pageOf("\xFF\xFE<\x00h\x00", `Etag: "a"`), nil},
		{"51 attachment", "GET /", pageOf(document, "Content-Disposition: Attachment; filename=x.html"), nil},
		{"52 no-transform", "GET /", pageOf(document, "Cache-Control: max-age=1, No-Transform"), nil},
		{"54 htmx", "GET /", pageOf(fragment), []string{"Sec-Fetch-Dest: ", "HX-Request: true"}},
		{"54 Turbo", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "Turbo-Frame: x"}},
		{"54 jQuery", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "X-Requested-With: XMLHttpRequest"}},
		{"54 PJAX", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "X-PJAX: true"}},
		{"54 Datastar", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "Datastar-Request: true"}},
		{"55 a fragment", "GET /", pageOf(fragment, `Etag: "a"`), []string{"Sec-Fetch-Dest: "}},
		{"55 a fragment that begins like a head", "GET /", pageOf("<link rel=x><style></style><p>1"), []string{"Sec-Fetch-Dest: "}},
		{"55 a client of JSON", "GET /", pageOf(document), []string{"Sec-Fetch-Dest: ", "Accept: application/json"}},
		{"58 a length of nothing", "GET /", pageOf("", "Content-Length: 0"), nil},
		{"58 empty", "GET /", pageOf(""), nil},
		{"58 empty without a type", "GET /", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil) }, nil},
		{"58 nothing at all", "GET /", func(http.ResponseWriter, *http.Request) {}, nil},
		{"60 no content", "GET /", statusOf(204, ""), nil},
		{"60 reset content", "GET /", statusOf(205, ""), nil},
		{"60 not modified", "GET /", statusOf(304, "", `Etag: "abc"`), nil},
		{"61 a range", "GET /x.html", func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "x.html", time.Unix(1, 0), strings.NewReader(document))
		}, []string{"Range: bytes=10-20"}},
		{"62 a redirect", "GET /", statusOf(302, document, "Location: /x"), nil},
		{"62 a permanent redirect", "GET /", statusOf(308, document, "Location: /x"), nil},
		{"62 a redirect after a form", "POST /", statusOf(303, document, "Location: /x"), nil},
		{"62 no such range", "GET /", statusOf(416, document), nil},
		{"64 OPTIONS", "OPTIONS /", pageOf(document), nil},
		{"66 a route that is off", "GET /off/x", pageOf(document), nil},
		{"65 AMP", "GET /", pageOf("<!doctype html><html lang=en amp><head></head>", `Etag: "a"`), nil},
		{"65 AMP by its sign", "GET /", pageOf("<!doctype html><html ⚡><head></head>", `Etag: "a"`), nil},
		{"66 the handler opts out", "GET /", pageOf(document, OptOutHeader+": 1", `Etag: "a"`), nil},
		{"B nginx sends a file instead", "GET /", pageOf(document, "X-Accel-Redirect: /private/page.html", `Etag: "a"`), nil},
		{"B another server does", "GET /", pageOf(document, "X-Sendfile: /private/page.html"), nil},
		{"75 signed", "GET /", pageOf(document, "Signature: x"), nil},
		{"78 sandbox", "GET /", pageOf(document, "Content-Security-Policy: sandbox allow-forms"), nil},
		{"78 no scripts", "GET /", pageOf(document, "Content-Security-Policy: default-src 'none'"), nil},
		{"88 two codings", "GET /", pageOf("x", "Content-Encoding: gzip, br"), nil},
		{"88 an unknown coding", "GET /", pageOf("x", "Content-Encoding: dcz"), nil},
		{"89 no gzip", "GET /", pageOf(document, "Content-Encoding: gzip", `Etag: "a"`), nil},
		{"89 no brotli", "GET /", pageOf(document, "Content-Encoding: br", `Etag: "a"`), nil},
		{"89 gzip of nothing", "GET /", pageOf(gzipped(""), "Content-Encoding: gzip", `Etag: "a"`), nil},
		{"108 events", "GET /", pageOf("data: </head>\n\n", "Content-Type: text/event-stream"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			bare, wrapped := both(t, m, c.handler, c.request, c.fields...)
			bare.header.Del(OptOutHeader)
			checkUnchanged(t, bare, wrapped)
		})
	}
}

func TestCases53And56WhatNobodyNavigatesToStaysAsItIs(t *testing.T) {
	m := mustNew(t, Options{})
	for _, dest := range []string{"empty", "script", "style", "image", "embed", "object", "serviceworker", "fencedframe"} {
		bare, wrapped := both(t, m, pageOf(document, `Etag: "a"`), "GET /", "Sec-Fetch-Dest: "+dest)
		if got := wrapped.header.Get("Vary"); got != "Sec-Fetch-Dest" {
			t.Errorf("%s: Vary is %q", dest, got)
		}
		wrapped.header.Del("Vary")
		checkUnchanged(t, bare, wrapped)
	}
}

func TestCase55OnlyDocumentsGetTheTagWhenNobodyKnowsWhoAsks(t *testing.T) {
	m := mustNew(t, Options{})
	bare, wrapped := both(t, m, pageOf("<p>x</p>"), "GET /", "Sec-Fetch-Dest: ", "Accept: */*")
	if wrapped.body != bare.body {
		t.Errorf("got %q, want %q", wrapped.body, bare.body)
	}
}

func TestCase32ABaseElementDoesNotLeadTheTagAway(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range []struct {
		base string
		far  bool
	}{
		{"https://cdn.example/", true}, {"//cdn.example/x", true}, {`\\cdn.example`, true}, {"/app/", false}, {"x", false}, {"https://shop.example/app/", false},
	} {
		doc := strings.Replace(document, "<title>", `<base target=_top><base href="`+c.base+`"><title>`, 1)
		_, wrapped := both(t, m, pageOf(doc), "GET /")
		if c.base == "https://shop.example/app/" {
			r := httptest.NewRequest("GET", "http://shop.example/", nil)
			w := httptest.NewRecorder()
			m.Wrap(pageOf(doc)).ServeHTTP(w, r)
			wrapped.body = w.Body.String()
		}
		if got := strings.Contains(wrapped.body, `src="http://127.0.0.1:`); got != c.far {
			t.Errorf("with base %q: got %q", c.base, wrapped.body)
		}
		if !strings.Contains(wrapped.body, m.plain.Src+`"`) {
			t.Errorf("with base %q there is no tag: %q", c.base, wrapped.body)
		}
	}
}

func TestCase38WrappedTwiceThereIsOneTag(t *testing.T) {
	m, outer := mustNew(t, Options{}), mustNew(t, Options{Prefix: "/support/"})
	_, wrapped := both(t, m, pageOf(document), "GET /")
	for name, h := range map[string]http.Handler{
		"by itself":     m.Wrap(m.Wrap(pageOf(document))),
		"by another":    outer.Wrap(m.Wrap(pageOf(document))),
		"through gzip?": m.Wrap(hidden(m.Wrap(pageOf(document)))),
	} {
		if got := ask(t, serverOf(t, h), "GET /").body; strings.Count(got, "data-qwelp-settings") != 1 || len(got) < len(wrapped.body) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestCase32TheHostOfOneClientDoesNotGetToOthers(t *testing.T) {
	m := mustNew(t, Options{})
	doc := strings.Replace(document, "<title>", `<base href="https://cdn.example/"><title>`, 1)
	for _, c := range []struct{ host, cache, src string }{
		{"shop.example", "", `src="https://shop.example/_qwelp/`},
		{"shop.example:8443", "private, max-age=9", `src="https://shop.example:8443/_qwelp/`},
		{"localhost:80", "", `src="http://localhost:80/_qwelp/`},
		{"[::1]:80", "", `src="http://[::1]:80/_qwelp/`},
		{"shop.example", "Public", ""},
		{"shop.example", "max-age=1, s-maxage=9", ""},
		{`x"><script>`, "", ""},
		{"x/y", "", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		r.Header.Set("Sec-Fetch-Dest", "document")
		w := httptest.NewRecorder()
		m.Wrap(pageOf(doc, "Cache-Control: "+c.cache)).ServeHTTP(w, r)
		if got := w.Body.String(); c.src == "" && got != doc || !strings.Contains(got, c.src) {
			t.Errorf("%s, %q: got %q, want %q", c.host, c.cache, got, c.src)
		}
	}
}

func TestAPanicOfTheAppsSettingsDoesNotBreakThePage(t *testing.T) {
	var lines logged
	m := mustNew(t, Options{
		Logger:     slog.New(slog.NewTextHandler(&lines, nil)),
		ForRequest: func(*http.Request, sender.Settings) (sender.Settings, bool) { panic("oops") },
	})
	bare, wrapped := both(t, m, pageOf(document), "GET /")
	if privacy, ok := settingsIn(t, wrapped.body); !ok || privacy.Privacy.Default != sender.PrivacyPrivate || !strings.HasSuffix(wrapped.body, "<body>hello</body></html>") {
		t.Errorf("got %q of %q", wrapped.body, bare.body)
	}
	if !strings.Contains(lines.String(), "oops") {
		t.Errorf("the log says %q", lines.String())
	}
}
