package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
	"github.com/qwelp/qwelp-go/internal/e2e/webdriver"
	"github.com/qwelp/qwelp-go/middleware"
)

var (
	casesDir  = flag.String("cases", filepath.Join("testdata", "cases"), "the `directory` of the cases")
	casesDoc  = flag.String("table", "", "write the table of the cases into this `file`, between its marks")
	casesAll  = flag.Bool("everywhere", false, "the cases in Firefox and WebKit, too, of which one runs there otherwise")
	casesOnly = flag.String("case", "", "only cases whose name contains this `text`")
)

// How long a page may take to be shown, and both sides to be the same: as long as anything in these tests, and shorter where they are known to differ.
const (
	caseComes = patience.Enough
	casePause = 5 * time.Second
)

// pageCase is a page that was hard to show: a folder with index.html, and case.md that says how to check it:
//
//	check:    then JavaScript in a code block: its value is the same on both sides, of their documents D, before and after act()
//	pixels:   a selector: the pixel in the middle of each such element is the same on both sides, before and after
//	edges:    a selector: the pixels in the middle of each such element's upper and left edge are, too
//	query:    queries with which the page is tried instead of none
//	requests: "4 img/", a line each: the site is asked for that many addresses of the case that match this expression, and no more
//	sends:    "150 kB": what is sent during act() is less
//	secret:   an expression that matches nothing the agent has, neither in its document nor in what that shows
//	test:     the test that checks it, where it is not checked here
//	differs:  "browser: why", a line each: where it is not the same, and cannot be
type pageCase struct {
	name    string
	check   string
	pixels  string
	edges   string
	queries []string
	asked   []askedLimit
	sends   int // kB; 0: no limit
	secret  string
	test    string
	differs map[string]string
}

var (
	codeBlock   = regexp.MustCompile("(?ms)^check:.*?^```js\n(.*?)^```")
	pixelsLine  = regexp.MustCompile("(?m)^pixels: (.*)$")
	edgesLine   = regexp.MustCompile("(?m)^edges: (.*)$")
	askedLine   = regexp.MustCompile("(?m)^requests: ([0-9]+) (.*)$")
	sendsLine   = regexp.MustCompile("(?m)^sends: ([0-9]+) kB$")
	secretLine  = regexp.MustCompile("(?m)^secret: (.*)$")
	testLine    = regexp.MustCompile("(?m)^test: (.*)$")
	queryLine   = regexp.MustCompile("(?m)^query: (.*)$")
	differsLine = regexp.MustCompile("(?m)^differs: ([a-z]+): (.*)$")
)

// readCases reads the cases of a directory.
func readCases(t *testing.T, dir string) (cases []pageCase) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "case.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := pageCase{name: filepath.Base(filepath.Dir(file)), queries: []string{""}, differs: map[string]string{}}
		if m := codeBlock.FindSubmatch(text); m != nil {
			c.check = strings.TrimSuffix(strings.TrimSpace(string(m[1])), ";")
		}
		if m := pixelsLine.FindSubmatch(text); m != nil {
			c.pixels = string(m[1])
		}
		if m := edgesLine.FindSubmatch(text); m != nil {
			c.edges = string(m[1])
		}
		for _, m := range askedLine.FindAllSubmatch(text, -1) {
			most, _ := strconv.Atoi(string(m[1]))
			c.asked = append(c.asked, askedLimit{most, regexp.MustCompile(string(m[2]))})
		}
		if m := sendsLine.FindSubmatch(text); m != nil {
			c.sends, _ = strconv.Atoi(string(m[1]))
		}
		if m := secretLine.FindSubmatch(text); m != nil {
			c.secret = string(m[1])
		}
		if m := testLine.FindSubmatch(text); m != nil {
			c.test = string(m[1])
		}
		if m := queryLine.FindSubmatch(text); m != nil {
			c.queries = strings.Fields(string(m[1]))
		}
		for _, m := range differsLine.FindAllSubmatch(text, -1) {
			c.differs[string(m[1])] = string(m[2])
		}
		if strings.Contains(c.name, *casesOnly) {
			cases = append(cases, c)
		}
	}
	return cases
}

// Pages that were hard to show, in each browser on both sides. With -report, the table of results is written down.
//
//	go test -run Cases -browser firefox -case shorthand -report /tmp/report
func TestCases(t *testing.T) {
	t.Parallel()
	cases := readCases(t, *casesDir)
	table := &caseTable{results: map[string]map[string]string{}}
	t.Cleanup(func() { table.write(t, cases) })
	site := http.NewServeMux()
	site.Handle("/", http.FileServer(http.Dir(*casesDir)))
	asked := &casesAsked{}
	site.HandleFunc("/46-unused-assets/img/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="18"><rect width="24" height="18" fill="#%03x"/></svg>`, crc32.ChecksumIEEE([]byte(r.URL.Path))%0x1000)
	})
	site.HandleFunc("/20-endless-image/cam/", endless)
	site.Handle("/between", pages{"/between": laidOpen + `<title>Between</title></head><body><h1>Between</h1></body></html>`})
	inBrowsers(t, func(t *testing.T, name string) {
		_, s, _ := served(t, middleware.Options{}, asked.count(name, site))
		both := &caseSides{name: name, shop: s, asked: func(c pageCase) string { return asked.tooOften(name, c) }}
		both.open(t)
		for _, c := range cases {
			if c.test != "" || (name != "chromium" && c.name != "plain" && !*casesAll) {
				continue
			}
			t.Run(c.name, func(t *testing.T) {
				defer both.lend(t)()
				var differences []string
				for _, query := range c.queries {
					if difference := both.try(t, c, query); difference != "" {
						both.apart = true
						differences = append(differences, strings.TrimSpace(query+" "+difference))
					}
				}
				table.add(t, c, name, strings.Join(differences, "; "))
			})
		}
	}, "chromium", "firefox", "webkit")
}

// caseSides are customer and console in a session, both in the same browser.
type caseSides struct {
	name            string
	shop            *shop
	customer, agent window
	asked           func(pageCase) string
	apart           bool // the case has left them in a state that must not reach the next
}

func (b *caseSides) open(t *testing.T) {
	t.Helper()
	b.openPages(t)
	b.begin()
}

// openPages opens the two pages.
func (b *caseSides) openPages(t *testing.T) {
	t.Helper()
	b.customer = openIn(t, b.name, 900, 700)
	if page, ok := b.customer.(*webdriver.Page); ok {
		b.agent = page.Beside(1280, 1000)
	} else {
		b.agent = openIn(t, b.name, 1280, 1000)
	}
}

// begin begins a session.
func (b *caseSides) begin() {
	b.customer.Go(b.shop.customer + "/between")
	join(b.shop, b.customer, b.agent, startSession(b.customer))
	b.agent.Wait(inMirror(heading("Between")))
	b.agent.Click("button", "100 %")
}

// lend has both pages report to a part of the test, until the function it returns is called.
func (b *caseSides) lend(t *testing.T) (back func()) {
	for _, w := range []window{b.customer, b.agent} {
		switch p := w.(type) {
		case *browser.Page:
			p.For(t)
		case *webdriver.Page:
			p.For(t)
		}
	}
	return func() {
		if !t.Failed() && !b.apart {
			return
		}
		b.apart = false
		for side, w := range map[string]window{"customer": b.customer, "agent": b.agent} {
			if p, ok := w.(*browser.Page); ok {
				t.Logf("the %s's page complains %q", side, p.Complaints())
			}
		}
		b.customer.Screenshot("customer")
		b.agent.Screenshot("agent")
		// What has gone wrong must not reach the next case.
		b.customer.Go(b.shop.customer + "/between")
		if !patience.Holds(caseComes, func() bool { ok, _ := tryEvaluate[bool](b.agent, inMirror(heading("Between"))); return ok }) {
			if b.customer.Has("button", "End session") {
				b.customer.Click("button", "End session")
				b.customer.Go(b.shop.customer + "/between")
			}
			b.begin()
		}
	}
}

// try opens a case's page, has it act, and returns what is not the same on both sides.
func (b *caseSides) try(t *testing.T, c pageCase, query string) (difference string) {
	// What is shown now is marked, so that the page to come can be told from it.
	if _, err := tryEvaluate[any](b.agent, inMirror(`void (doc.documentElement.marked = true)`)); err != nil {
		return err.Error()
	}
	b.customer.Move(890, 690)
	b.customer.Go(b.shop.customer + "/" + c.name + "/" + query)
	if !patience.Holds(caseComes, func() bool {
		shown, _ := tryEvaluate[bool](b.agent, inMirror(`doc.documentElement && !doc.documentElement.marked`))
		return shown
	}) {
		return fmt.Sprintf("the page is not shown; the console says:\n%s", b.agent.Text())
	}
	for _, when := range []string{"first", "after act()"} {
		if when != "first" {
			if c.sends > 0 {
				if _, err := tryEvaluate[any](b.customer, countsSent); err != nil {
					return err.Error()
				}
			}
			if _, err := tryEvaluate[any](b.customer, `Promise.resolve(window.act?.()).then(() => null)`); err != nil {
				return "act() fails: " + err.Error()
			}
		}
		pause := caseComes
		if c.differs[b.name] != "" {
			pause = casePause
		}
		if !patience.Holds(pause, func() bool { difference = b.difference(c); return difference == "" }) {
			return when + ": " + difference
		}
	}
	if c.sends > 0 {
		if sent, err := tryEvaluate[int](b.customer, `window.sentBytes`); err != nil || sent == 0 || sent > c.sends*1000 {
			return fmt.Sprintf("%d bytes are sent, %v", sent, err)
		}
	}
	return b.asked(c)
}

// difference returns what is not the same on both sides now.
func (b *caseSides) difference(c pageCase) string {
	if c.check != "" {
		check := `(D => JSON.stringify(` + c.check + `))`
		want, err := tryEvaluate[string](b.customer, check+`(document)`)
		if err != nil {
			return "the customer's check fails: " + err.Error()
		}
		got, err := tryEvaluate[string](b.agent, inMirror(check+`(doc)`))
		if err != nil {
			return "the agent's check fails: " + err.Error()
		}
		if want != got {
			return firstApart(want, got)
		}
	}
	if c.secret != "" {
		if found, err := tryEvaluate[string](b.agent, inMirror(fmt.Sprintf(hasSecret, c.secret))); err != nil || found != "" {
			return fmt.Sprintf("the agent has %q: %v", found, err)
		}
	}
	if c.pixels != "" {
		return b.pixelsApart(c.pixels, [2]float64{.5, .5})
	}
	if c.edges != "" {
		return b.pixelsApart(c.edges, [2]float64{.5, 0}, [2]float64{0, .5})
	}
	return ""
}

// firstApart returns the first lines that differ.
func firstApart(want, got string) string {
	var texts [2]string
	for i, value := range []string{want, got} {
		if json.Unmarshal([]byte(value), &texts[i]) != nil {
			texts[i] = value
		}
	}
	mine, theirs := strings.Split(texts[0], "\n"), strings.Split(texts[1], "\n")
	for i := range min(len(mine), len(theirs)) {
		if mine[i] != theirs[i] {
			return fmt.Sprintf("the agent has %q, the customer %q", theirs[i], mine[i])
		}
	}
	return fmt.Sprintf("the agent has %d lines, the customer %d", len(theirs), len(mine))
}

// caseTable has what came of each case in each browser.
type caseTable struct {
	mu      sync.Mutex
	results map[string]map[string]string // by case and browser: "" is the same
}

// add notes a result, and fails the test when it is not what case.md says.
func (r *caseTable) add(t *testing.T, c pageCase, browser, difference string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.results[c.name] == nil {
		r.results[c.name] = map[string]string{}
	}
	why, known := c.differs[browser]
	switch {
	case difference == "":
		r.results[c.name][browser] = "same"
		if known {
			t.Errorf("case.md says that it differs, but it does not: %s", why)
		}
	case known:
		r.results[c.name][browser] = "differs: " + why
	default:
		r.results[c.name][browser] = "**fails**"
		t.Error(difference)
	}
}

// write writes the table for docs/fidelity.md.
func (r *caseTable) write(t *testing.T, cases []pageCase) {
	if *reportDir == "" && *casesDoc == "" {
		return
	}
	browsers := strings.Split(*browsersWanted, ",")
	var text strings.Builder
	line := func(cells ...string) { text.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(slices.Concat([]string{"case"}, browsers)...)
	line(slices.Repeat([]string{"---"}, len(browsers)+1)...)
	for _, c := range cases {
		cells := []string{c.name}
		for _, browser := range browsers {
			if c.test != "" {
				cells = append(cells, "`"+c.test+"`")
				continue
			}
			cells = append(cells, r.results[c.name][browser])
		}
		line(cells...)
	}
	if *casesDoc != "" {
		doc, err := os.ReadFile(*casesDoc)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, _ := strings.Cut(string(doc), "<!-- cases -->\n")
		_, after, found := strings.Cut(rest, "<!-- end of cases -->")
		if !found {
			t.Fatal("no marks in ", *casesDoc)
		}
		if err := os.WriteFile(*casesDoc, []byte(before+"<!-- cases -->\n"+text.String()+"<!-- end of cases -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if *reportDir == "" {
		return
	}
	if err := os.MkdirAll(*reportDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*reportDir, "cases.md"), []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
