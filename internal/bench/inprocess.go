package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
)

// sink is a response that goes nowhere, with the abilities of net/http's own.
type sink struct {
	header http.Header
	sent   int64
	http.Hijacker
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Flush()                      {}
func (s *sink) Write(p []byte) (int, error) { s.sent += int64(len(p)); return len(p), nil }

func (s *sink) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(io.Discard, r)
	s.sent += n
	return n, err
}

// operation returns what makes operations that ask c for p, as a browser does that navigates.
func operation(c contestant, p *page) func() func() {
	handler := c.wrap(p.known(c.length))
	return func() func() {
		r, w := request(c, p), &sink{header: http.Header{}}
		return func() {
			clear(w.header)
			handler.ServeHTTP(w, r)
		}
	}
}

func request(c contestant, p *page) *http.Request {
	r := must(http.NewRequest(http.MethodGet, "http://bench.invalid/", nil))
	r.Header.Set("Sec-Fetch-Dest", "document")
	if accept := c.accept + p.coding; accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	return r
}

// compare measures every contestant on every page and returns rows of the costs in CPU microseconds; last, if not nil, adds to a row what it
// finds in the costs.
func compare(p plan, workers int, among []contestant, pages []*page, last func(contestant, []cost) []string) [][]string {
	costs := make([][]cost, len(among))
	for _, page := range pages {
		fmt.Fprintf(p.log, "%s %s\n", page.name, page.coding)
		operations := make([]func() func(), len(among))
		for i, c := range among {
			operations[i] = operation(c, page)
		}
		for i, cost := range measure(p, workers, operations) {
			costs[i] = append(costs[i], cost)
		}
	}
	var rows [][]string
	for i, c := range among {
		row := []string{c.name}
		for _, cost := range costs[i] {
			row = append(row, micro(cost.cpu))
		}
		if last != nil {
			row = append(row, last(c, costs[i])...)
		}
		rows = append(rows, row)
	}
	return rows
}

func names(first string, pages []*page, last ...string) []string {
	columns := []string{first}
	for _, page := range pages {
		columns = append(columns, page.name)
	}
	return append(columns, last...)
}

func generated() []*page {
	var pages []*page
	for _, s := range sizes {
		pages = append(pages, generate(s.name, s.bytes))
	}
	return pages
}

const large = 2 // the index among sizes that further figures are for

func memoryOf(_ contestant, costs []cost) []string {
	c := costs[min(large, len(costs)-1)]
	return []string{thousands(int64(c.bytes)), thousands(int64(c.allocs))}
}

func generatedPages(p plan, out io.Writer) error {
	pages := generated()
	table(out, "CPU µs per response, in process", names("generated pages", pages, "B/op at "+sizes[large].name, "allocs"), compare(p, 1, contestants, pages, memoryOf))
	return nil
}

func realPages(p plan, out io.Writer) error {
	pages := documents()
	if len(pages) == 0 {
		return nil
	}
	var among []contestant
	for _, c := range contestants {
		if c.accept == "" {
			among = append(among, c)
		}
	}
	table(out, "The same with pages that people wrote", names("real pages", pages), compare(p, 1, among, pages, nil))
	return nil
}

func codedPages(p plan, out io.Writer) error {
	for i, coding := range []string{"gzip", "br", "zstd"} {
		if i > 0 {
			fmt.Fprintln(out)
		}
		var pages []*page
		for _, page := range generated() {
			pages = append(pages, page.in(coding))
		}
		among := on(coding)
		output := func(c contestant, _ []cost) []string { return []string{outputOf(c, pages[large])} }
		title := fmt.Sprintf("CPU µs per response that the handler sends in %s", coding)
		table(out, title, names(coding, pages, "bytes out at "+sizes[large].name), compare(p, 1, among, pages, output))
	}
	return nil
}

// outputOf returns how long the response is, and whether the tag is missing.
func outputOf(c contestant, p *page) string {
	w := newMemory()
	c.wrap(p.known(c.length)).ServeHTTP(w, request(c, p))
	length := thousands(int64(w.body.Len()))
	text, err := decode(w.header.Get("Content-Encoding"), w.body.Bytes())
	switch {
	case err != nil:
		return length + ", broken"
	case c.marker != "" && !bytes.Contains(text, []byte(c.marker)):
		return length + ", no tag"
	}
	return length
}

// on returns the contestants who take pages in a coding.
func on(coding string) []contestant {
	var among []contestant
	for _, c := range contestants {
		if slices.Contains(c.codings, coding) {
			among = append(among, c)
		}
	}
	return among
}

// parallel compares one goroutine with as many as there are CPUs: what is shared shows in the difference.
func parallel(p plan, out io.Writer) error {
	among := contestants[:3]
	columns, rows := []string{sizes[large].name + " page"}, make([][]string, len(among))
	for i, c := range among {
		rows[i] = []string{c.name}
	}
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		document := generate(sizes[large].name, sizes[large].bytes).in(coding)
		for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			columns = append(columns, fmt.Sprintf("%s, %d at a time", cmp.Or(coding, "plain"), workers))
			for i, row := range compare(p, workers, among, []*page{document}, nil) {
				rows[i] = append(rows[i], row[1])
			}
		}
	}
	table(out, "CPU µs per response, one and several at a time", columns, rows)
	return nil
}
