package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// trap is a response that is easily mistaken.
type trap struct {
	name   string
	body   string // as a handler means it
	coding string
	header http.Header
	status int
	flush  bool // the handler flushes in the middle
	leave  bool // it is no page, and has to stay as it is
}

const simple = `<!DOCTYPE html><html><head><title>x</title></head><body><p>Hello</p></body></html>`

// traps are all of the sort that real pages have.
var traps = []trap{
	{name: "a plain page", body: simple},
	{name: "tags in a comment", body: `<!DOCTYPE html><html><head><!-- </head><body> --><title>x</title></head><body><p>Hello</p></body></html>`},
	{name: "tags in a script's string", body: `<!DOCTYPE html><html><head><script>var t = "<head></head><body>"</script></head><body><p>Hello</p></body></html>`},
	{name: "tags in an attribute", body: `<!DOCTYPE html><html><head><meta name="d" content="a > b </head>"></head><body><p>Hello</p></body></html>`},
	{name: "tags in the title", body: `<!DOCTYPE html><html><head><title></head><body></title></head><body><p>Hello</p></body></html>`},
	{name: "capitals and spaces", body: "<!DOCTYPE html><HTML><HEAD ><TITLE>x</TITLE></HEAD\n><BODY ><P>Hello</BODY></HTML>"},
	{name: "no head, no body", body: `<!DOCTYPE html><title>x</title><p>Hello`},
	{name: "operators in a script, flushed", body: `<!DOCTYPE html><html><head><script>if (1 < 2 && 2 > 1) {}</script></head><body><p>Hello</p></body></html>`, flush: true},
	{name: "gzip", body: simple, coding: "gzip"},
	{name: "gzip, flushed", body: simple, coding: "gzip", flush: true},
	{name: "br", body: simple, coding: "br"},
	{name: "br, flushed", body: simple, coding: "br", flush: true},
	{name: "zstd", body: simple, coding: "zstd"},
	{name: "JSON", body: `{"text": "</head><body>"}`, header: http.Header{"Content-Type": {"application/json"}}, leave: true},
	{name: "a part of a page (206)", body: simple[10:70], header: http.Header{"Content-Range": {"bytes 10-69/80"}}, status: http.StatusPartialContent, leave: true},
	{name: "UTF-16", body: utf16(simple), header: http.Header{"Content-Type": {"text/html; charset=utf-16le"}}, leave: true},
	{name: "no-transform", body: simple, header: http.Header{"Cache-Control": {"no-transform"}}, leave: true},
}

func utf16(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

// What became of a response.
const (
	right     = "ok"       // the tag is in its document once, and every byte of the page is as it was
	rendered  = "rendered" // the tag is in its document once, and the rest means the same in other bytes
	untouched = "no tag"   // the response is as it was, but should have a tag
	misplaced = "wrong"    // the tag is not in the document, or something else is not as it was
	broken    = "broken"   // it cannot be read
)

// ServeHTTP sends what the trap is about. A known length is told, unless it flushes.
func (t *trap) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", htmlType[0])
	maps.Copy(h, t.header)
	if t.coding != "" {
		h.Set("Content-Encoding", t.coding)
	}
	if !t.flush {
		body := encode(t.coding, []byte(t.body))
		h.Set("Content-Length", fmt.Sprint(len(body)))
		if t.status != 0 {
			w.WriteHeader(t.status)
		}
		w.Write(body)
		return
	}
	e := newEncoder(t.coding, w)
	half := len(t.body) / 2
	io.WriteString(e, t.body[:half])
	e.Flush()
	http.NewResponseController(w).Flush()
	io.WriteString(e, t.body[half:])
	e.Close()
}

// caught lets c answer with t over a real connection, and tells what became of it.
func caught(c contestant, t trap) (string, error) {
	s := httptest.NewUnstartedServer(c.wrap(&t))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	defer s.Close()
	r := request(c, &page{coding: t.coding})
	r.URL = must(r.URL.Parse(s.URL))
	response, err := s.Client().Transport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return broken, nil
	}
	text, err := decode(response.Header.Get("Content-Encoding"), body)
	if err != nil {
		return broken, nil
	}
	return t.judge(string(text), c.marker), nil
}

// judge tells what became of the body, which is decoded.
func (t *trap) judge(text, marker string) string {
	switch {
	case t.leave && text == t.body:
		return right
	case t.leave:
		return misplaced
	case text == t.body:
		return untouched
	}
	elements := regexp.MustCompile(`<script [^>]*` + regexp.QuoteMeta(marker) + `[^>]*></script>`)
	tree, tags := treeWithout(marker, text)
	original, _ := treeWithout(marker, t.body)
	switch {
	case tags != 1 || tree != original:
		return misplaced
	case len(elements.FindAllString(text, -1)) == 1 && elements.ReplaceAllString(text, "") == t.body:
		return right
	}
	return rendered
}

// treeWithout returns what a document means without the scripts from marker, and how many of those it has.
func treeWithout(marker, text string) (tree string, tags int) {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return "", 0
	}
	for _, n := range slices.Collect(root.Descendants()) {
		if n.Type == html.ElementNode && n.Data == "script" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "src" && a.Val == marker }) {
			n.Parent.RemoveChild(n)
			tags++
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, root); err != nil {
		return "", 0
	}
	return b.String(), tags
}

// rewriters are the contestants that put something into pages.
func rewriters() []contestant {
	return slices.DeleteFunc(slices.Clone(contestants), func(c contestant) bool { return c.marker == "" || c.length || c.accept != "" })
}

// places tells who puts the tag where it works, and leaves everything else alone.
func places(p plan, out io.Writer) error {
	columns, rows := []string{"response"}, [][]string(nil)
	for _, t := range traps {
		rows = append(rows, []string{t.name})
	}
	for _, c := range rewriters() {
		fmt.Fprintln(p.log, "places", c.name)
		columns = append(columns, strings.TrimSuffix(c.name, ", length unknown"))
		for i, t := range traps {
			result, err := caught(c, t)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", c.name, t.name, err)
			}
			rows[i] = append(rows[i], result)
		}
	}
	table(out, "Where the tag ends up", columns, rows)
	fmt.Fprintf(out, "\n%s: the tag is in the document once, and every other byte as it was; a response that is no page is as it was. %s: the document means the same, in other bytes. %s: the page is as it was, without a tag. %s: the tag is no element, or something else changed. %s: it cannot be read.\n",
		right, rendered, untouched, misplaced, broken)
	return nil
}
