package main

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// everyPage lists the pages as a customer with a full cart, an order and a login sees them, with the status of each.
func everyPage(b *browser) map[string]int {
	b.addMugs("1")
	order := b.post("/checkout", goodCheckout()...).header.Get("Location")
	b.logIn()
	b.addMugs("2")
	pages := map[string]int{
		"/": 200, "/?category=Light&q=lamp": 200, "/?q=nothing+like+it": 200, "/cart": 200, "/checkout": 200, order: 200,
		"/login": 200, "/account": 200, "/live": 200, "/live/frame": 200, "/nowhere": 404, "/product/none": 404, "/static/": 404,
	}
	for _, p := range products {
		pages["/product/"+p.ID] = 200
	}
	return pages
}

func TestEveryPageIsAWholeDocumentUnderTheStrictPolicy(t *testing.T) {
	b := visit(t)
	for path, status := range everyPage(b) {
		t.Run(path, func(t *testing.T) {
			page := b.get(path)
			if page.status != status {
				t.Errorf("got status %d, want %d", page.status, status)
			}
			if got := page.header.Get("Content-Security-Policy"); got != contentPolicy || strings.Contains(got, "unsafe") {
				t.Errorf("got policy %q, want %q", got, contentPolicy)
			}
			if !strings.HasPrefix(page.body, "<!doctype html>") || !strings.HasSuffix(strings.TrimSpace(page.body), "</html>") {
				t.Error("the document is not whole")
			}
			checkNothingInline(t, page.body)
			checkNames(t, page.body)
		})
	}
}

// checkNothingInline reports what the policy would block.
func checkNothingInline(t *testing.T, page string) {
	t.Helper()
	for _, n := range elements(t, page) {
		if _, external := attr(n, "src"); n.Data == "style" || n.Data == "script" && !external {
			t.Errorf("inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s> has an inline %s", n.Data, a.Key)
			}
		}
	}
}

// checkNames reports controls without a name, pictures without a text, and ids given twice.
func checkNames(t *testing.T, page string) {
	t.Helper()
	ids, labelled := map[string]int{}, map[string]bool{}
	all := elements(t, page)
	for _, n := range all {
		if id, ok := attr(n, "id"); ok {
			ids[id]++
		}
		if target, ok := attr(n, "for"); ok && n.Data == "label" {
			labelled[target] = true
		}
	}
	for id, times := range ids {
		if times > 1 {
			t.Errorf("the id %q is given %d times", id, times)
		}
	}
	for _, n := range all {
		id, _ := attr(n, "id")
		kind, _ := attr(n, "type")
		_, ariaLabel := attr(n, "aria-label")
		_, labelledBy := attr(n, "aria-labelledby")
		named := ariaLabel || labelledBy
		switch n.Data {
		case "input", "select", "textarea":
			if kind != "hidden" && !labelled[id] && !named && !inside(n, "label") {
				t.Errorf("<%s id=%q> has no label", n.Data, id)
			}
		case "button", "a", "summary":
			if strings.TrimSpace(text(n)) == "" && !named {
				t.Errorf("<%s> has no name", n.Data)
			}
		case "img":
			if _, ok := attr(n, "alt"); !ok {
				t.Error("<img> without alt")
			}
		case "iframe":
			if _, ok := attr(n, "title"); !ok {
				t.Error("<iframe> without a title")
			}
		}
		if list, ok := attr(n, "aria-describedby"); ok {
			for id := range strings.FieldsSeq(list) {
				if ids[id] == 0 {
					t.Errorf("<%s> is described by %q, which is not there", n.Data, id)
				}
			}
		}
	}
}

func inside(n *html.Node, name string) bool {
	for up := range n.Ancestors() {
		if up.Data == name {
			return true
		}
	}
	return false
}

// text is what an element says: its text, and what its pictures show.
func text(n *html.Node) string {
	var all strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all.WriteString(d.Data)
		}
		alt, _ := attr(d, "alt")
		all.WriteString(alt)
	}
	return all.String()
}

func TestEveryLinkAndFileOfEveryPageExists(t *testing.T) {
	b := visit(t)
	seen := map[string]bool{}
	for path := range everyPage(b) {
		for _, n := range elements(t, b.get(path).body) {
			for _, name := range []string{"href", "src"} {
				target, ok := attr(n, name)
				if !ok || seen[target] || strings.HasPrefix(target, "#") {
					continue
				}
				seen[target] = true
				if got := b.get(target); got.status != http.StatusOK {
					t.Errorf("%s links to %q, which answers %d", path, target, got.status)
				}
			}
		}
	}
}

func TestTheListIsFilteredByCategoryAndSearch(t *testing.T) {
	cases := []struct {
		name, category, search string
		want                   []string
	}{
		{"a category", "Light", "", []string{"arc-lamp", "ember-candle"}},
		{"a word in any case", "", "WOOL", []string{"heath-throw"}},
		{"every word must match", "", "desk lamp", []string{"arc-lamp"}},
		{"both", "Kitchen", "stoneware", []string{"ridge-mug"}},
		{"nothing", "Light", "kettle", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range filterProducts(c.category, c.search) {
				got = append(got, p.ID)
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFileIsSentOnceAndThenOnlyConfirmed(t *testing.T) {
	b := visit(t)
	first := b.get("/static/base.css")
	if first.status != http.StatusOK || first.header.Get("ETag") == "" {
		t.Fatalf("got status %d and ETag %q", first.status, first.header.Get("ETag"))
	}
	again, err := http.NewRequest(http.MethodGet, b.base+"/static/base.css", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", first.header.Get("ETag"))
	if got := b.read(b.http.Do(again)); got.status != http.StatusNotModified || got.body != "" {
		t.Errorf("got status %d with %d bytes, want 304 with none", got.status, len(got.body))
	}
}

func TestMoneyIsWrittenWithCentsAndThousands(t *testing.T) {
	for cents, want := range map[money]string{0: "€0.00", 7: "€0.07", 12900: "€129.00", 123456: "€1,234.56", 123456789: "€1,234,567.89"} {
		if got := cents.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
