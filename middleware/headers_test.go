package middleware

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestCase59HEADAnswersLikeGET(t *testing.T) {
	m := mustNew(t, Options{})
	h := pageOf(document, `Etag: "abc"`, "Content-Length: "+strconv.Itoa(len(document)))
	s := serverOf(t, m.Wrap(h))
	get, head := ask(t, s, "GET /"), ask(t, s, "HEAD /")
	for _, name := range []string{"Etag", "Vary", "Content-Type", "Content-Encoding"} {
		if head.header.Get(name) != get.header.Get(name) {
			t.Errorf("%s is %q, want %q", name, head.header.Get(name), get.header.Get(name))
		}
	}
	if head.length >= 0 && head.length != get.length || head.body != "" {
		t.Errorf("Content-Length is %d, want %d", head.length, get.length)
	}
}

func TestHeadersFitTheNewBody(t *testing.T) {
	m := mustNew(t, Options{})
	h := pageOf(document, "Accept-Ranges: bytes", "Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT", "Content-Digest: x", "Content-MD5: x",
		"Vary: Cookie", "Link: </a>; rel=x", `Etag: W/"abc"`, "Set-Cookie: a=b")
	_, wrapped := both(t, m, h, "GET /")
	for name, want := range map[string]string{
		"Accept-Ranges": "", "Last-Modified": "", "Content-Digest": "", "Content-Md5": "",
		"Link": "</a>; rel=x", "Set-Cookie": "a=b", "Etag": `W/"abc-qw` + m.all.id + `"`,
	} {
		if got := wrapped.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got, want := strings.Join(wrapped.header["Vary"], ", "), "Cookie, Sec-Fetch-Dest"; got != want {
		t.Errorf("Vary is %q, want %q", got, want)
	}
}

func TestTheTagCarriesThePagesNonce(t *testing.T) {
	m := mustNew(t, Options{})
	meta := func(policy string) string {
		return strings.Replace(document, "<title>", `<meta http-equiv="content-security-policy" content="`+policy+`"><title>`, 1)
	}
	for _, c := range []struct{ name, policy, doc, want string }{
		{"76 strict-dynamic", "script-src 'nonce-r4' 'strict-dynamic'", document, "r4"},
		{"76 order of directives", "default-src 'nonce-a'; SCRIPT-SRC 'nonce-b'; script-src-elem 'nonce-c'", document, "c"},
		{"76 the first of the same name", "script-src 'nonce-a'; script-src 'nonce-b'", document, "a"},
		{"76 several policies", "img-src 'self', default-src 'Nonce-a+/='", document, "a+/="},
		{"33 a meta element", "", meta("script-src 'nonce-abc'"), "abc"},
		{"33 a meta element with references", "", meta("script-src &#39;nonce-abc&#39;"), "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, wrapped := both(t, m, pageOf(c.doc, "Content-Security-Policy: "+c.policy), "GET /")
			tag := strings.Replace(plainTag(m), "></script>", ` nonce="`+c.want+`"></script>`, 1)
			if got, want := wrapped.body, strings.Replace(c.doc, "</head>", tag+"</head>", 1); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	t.Run("79 the app's nonce wins", func(t *testing.T) {
		m := mustNew(t, Options{Nonce: func(*http.Request) string { return `"&` }})
		_, wrapped := both(t, m, pageOf(document, "Content-Security-Policy: script-src 'nonce-a' 'self'"), "GET /")
		if !strings.Contains(wrapped.body, ` nonce="&#34;&amp;"></script>`) {
			t.Errorf("got %q", wrapped.body)
		}
	})
	t.Run("33 a meta element that stops every script is obeyed", func(t *testing.T) {
		bare, wrapped := both(t, m, pageOf(meta("script-src 'none'")), "GET /")
		if wrapped.body != bare.body {
			t.Errorf("got %q", wrapped.body)
		}
	})
}

func TestCase82HeadersChangedAfterwardsHaveNoEffect(t *testing.T) {
	m := mustNew(t, Options{})
	h := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-A", "before")
		w.Header().Set("Trailer", "X-End")
		w.WriteHeader(http.StatusOK)
		w.Header().Set("X-A", "after")
		w.Header().Set("X-B", "after")
		_, _ = io.WriteString(w, document)
		w.Header().Set("X-End", "end")
		w.Header().Set(http.TrailerPrefix+"X-More", "more")
	}
	bare, wrapped := both(t, m, h, "GET /")
	checkOnce(t, m, bare.body, wrapped.body)
	if wrapped.header.Get("X-A") != "before" || wrapped.header.Get("X-B") != "" {
		t.Errorf("headers are %v", wrapped.header)
	}
	if got, want := fmt.Sprint(wrapped.extra), fmt.Sprint(bare.extra); got != want {
		t.Errorf("trailers are %s, want %s", got, want)
	}
}

func TestCase67TheHandlersContentLengthHolds(t *testing.T) {
	m := mustNew(t, Options{})
	long := strings.Repeat("x", 5000)
	short := pageOf(document+long, "Content-Length: 9999")
	if bare, wrapped := both(t, m, short, "GET /"); bare.err == nil || wrapped.err == nil {
		t.Errorf("a body that is too short: got %v bare and %v wrapped", bare.err, wrapped.err)
	}
	for _, rest := range []string{"", long} {
		var errs []error
		h := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", strconv.Itoa(len(document)+len(rest)))
			_, _ = io.WriteString(w, document+rest)
			_, err := io.WriteString(w, "more")
			errs = append(errs, err)
		}
		bare, wrapped := both(t, m, h, "GET /")
		checkOnce(t, m, bare.body, wrapped.body)
		for _, err := range errs {
			if err != http.ErrContentLength {
				t.Errorf("a write past the length: got %v", err)
			}
		}
	}
}

func TestCase59HEADAnswersLikeGETWhenTheHandlerLeavesOutTheBody(t *testing.T) {
	m := mustNew(t, Options{})
	s := serverOf(t, m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", strconv.Itoa(len(document)))
		w.Header().Set("Etag", `"a"`)
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, document)
		}
	})))
	get, head := ask(t, s, "GET /"), ask(t, s, "HEAD /")
	for _, name := range []string{"Etag", "Vary", "Content-Type"} {
		if head.header.Get(name) != get.header.Get(name) {
			t.Errorf("%s is %q, want %q", name, head.header.Get(name), get.header.Get(name))
		}
	}
	if got := head.header.Get("Content-Length"); got != "" && got != get.header.Get("Content-Length") {
		t.Errorf("Content-Length is %s", got)
	}
}

func TestTheNonceSuitsAllPolicies(t *testing.T) {
	policies := func(p ...string) http.Header { return http.Header{"Content-Security-Policy": p} }
	for _, c := range []struct {
		name  string
		h     http.Header
		given string
		nonce string
		ok    bool
	}{
		{"none", http.Header{}, "", "", true},
		{"one in common", policies("script-src 'nonce-x' 'nonce-a', script-src 'nonce-a'"), "", "a", true},
		{"none in common", policies("script-src 'nonce-x'", "script-src 'nonce-a'"), "", "", false},
		{"one beside self", policies("script-src 'self', script-src 'nonce-a'"), "", "a", true},
		{"the app's", policies("script-src 'nonce-a'"), "mine", "mine", true},
		{"not the reported one", http.Header{"Content-Security-Policy": {"script-src 'none'"}, "Content-Security-Policy-Report-Only": {"script-src 'nonce-a'"}}, "", "", false},
	} {
		if nonce, ok := nonceFor(c.h, nil, c.given); nonce != c.nonce || ok != c.ok {
			t.Errorf("%s: got %q, %v, want %q, %v", c.name, nonce, ok, c.nonce, c.ok)
		}
	}
}

func TestCase69ALengthIsKeptWhereNoPlaceForTheTagIsFound(t *testing.T) {
	m := mustNew(t, Options{})
	for _, end := range []string{"<!-- x", "<title>x", "<script>x", `<meta content="x`} {
		doc := "<!doctype html><head>" + strings.Repeat("<link>", looked) + end
		bare, wrapped := both(t, m, pageOf(doc, "Content-Length: "+strconv.Itoa(len(doc))), "GET /")
		if wrapped.err != nil || wrapped.body != bare.body || wrapped.length >= 0 && wrapped.length != int64(len(doc)) {
			t.Errorf("%s: %d bytes of %d announced, %v", end, len(wrapped.body), wrapped.length, wrapped.err)
		}
	}
}

func TestCase75DigestsAreNoTrailersEither(t *testing.T) {
	m := mustNew(t, Options{})
	h := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Trailer", "content-digest, X-End")
		_, _ = io.WriteString(w, document)
		w.Header().Set("Content-Digest", "x")
		w.Header().Set(http.TrailerPrefix+"Repr-Digest", "x")
		w.Header().Set("X-End", "end")
	}
	if _, wrapped := both(t, m, h, "GET /"); fmt.Sprint(wrapped.extra) != "map[X-End:[end]]" {
		t.Errorf("trailers are %v", wrapped.extra)
	}
}

func TestCase80VaryIsKeptAndGrowsOnce(t *testing.T) {
	m := mustNew(t, Options{})
	for _, c := range []struct{ vary, want []string }{
		{nil, []string{"Sec-Fetch-Dest"}},
		{[]string{"Cookie"}, []string{"Cookie", "Sec-Fetch-Dest"}},
		{[]string{"Cookie, Accept-Language", "X"}, []string{"Cookie, Accept-Language", "X", "Sec-Fetch-Dest"}},
		{[]string{"Cookie, sec-fetch-dest"}, []string{"Cookie, sec-fetch-dest"}},
		{[]string{"*"}, []string{"*"}},
	} {
		h := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header()["Vary"] = c.vary
			_, _ = io.WriteString(w, document)
		}
		for _, wrapped := range []http.Handler{m.Wrap(http.HandlerFunc(h)), m.Wrap(m.Wrap(http.HandlerFunc(h)))} {
			if got := ask(t, serverOf(t, wrapped), "GET /").header["Vary"]; !slices.Equal(got, c.want) {
				t.Errorf("%q became %q, want %q", c.vary, got, c.want)
			}
		}
	}
}

func TestCase81OtherHeadersKeepTheirValuesAndOrder(t *testing.T) {
	m := mustNew(t, Options{})
	h := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for _, name := range []string{"Link", "Set-Cookie", "Server-Timing", "X-Unknown"} {
			for _, value := range []string{"b=2", "a=1", "c=3"} {
				w.Header().Add(name, value)
			}
		}
		_, _ = io.WriteString(w, document)
	}
	bare, wrapped := both(t, m, h, "GET /")
	for _, name := range []string{"Link", "Set-Cookie", "Server-Timing", "X-Unknown"} {
		if got, want := wrapped.header[name], bare.header[name]; !slices.Equal(got, want) || len(got) != 3 {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
