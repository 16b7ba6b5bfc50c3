package middleware

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const testTag = `<script type="module" src="/_qwelp/x/auto.js"></script>`

// insertInto copies a document through an inserter in writes of the given sizes (cycled).
func insertInto(doc string, sizes ...int) (string, facts) {
	var out bytes.Buffer
	var learnt facts
	n := &inserter{dst: &out, tag: func(f facts) []byte {
		learnt = f
		if f.refused != "" {
			return nil
		}
		return []byte(testTag)
	}}
	for i := 0; len(doc) > 0; i++ {
		size := min(sizes[i%len(sizes)], len(doc))
		n.Write([]byte(doc[:size]))
		doc = doc[size:]
	}
	n.close()
	return out.String(), learnt
}

// The cases' numbers are those of the acceptance list; | is where the tag goes, and without one there is none.
var placeCases = []struct{ name, doc string }{
	{"01 end of head", `<!doctype html><html><head><title>x</title>|</head><body>a</body></html>`},
	{"02 comment", `<!doctype html><html><head><!-- </head><body> -->|</head><body>`},
	{"03 script", `<head><script>var t='<head></head><body>'</script>|</head>`},
	{"04 quoted attribute", `<head><meta content="a>b </head>">|</head>`},
	{"04 single quotes", `<head><meta content='a>b </head>'>|</head>`},
	{"04 a quote without a value", `<head><meta "content=x>|</head>">`},
	{"06 title", `<title></head></title>|</head>`},
	{"07 style", `<head><style>a:after{content:"</head>"}</style>|</head>`},
	{"07 no appropriate end tag", `<style>x</styles></head></style>|</head>`},
	{"08 double escaped script", `<head><script><!--<script></script></head>--></script>|</head>`},
	{"08 escaped script", `<head><script><!-- </head> </script>|</head>`},
	{"08 escape ends at once", `<head><script><!--><script></script>|</head>`},
	{"10 noscript", `<head><noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript>|</head>`},
	{"11 abrupt comment", `<head><!-->|</head>-->`},
	{"11 abrupt comment with a hyphen", `<head><!--->|x`},
	{"11 comment end with bang", `<head><!-- --!>|</head>`},
	{"11 bogus comments", `<head><!x></!y><?z>|</head>`},
	{"13 no head tag", `<!doctype html><title>x</title>|<p>hi`},
	{"14 no tags", `|hello`},
	{"14 nothing but space", "  \n|"},
	{"15 after the doctype", `<!doctype html>|<h1>x`},
	{"15 after a comment and a doctype", `<!-- c --> <!DOCTYPE html PUBLIC "x">|<h1>x`},
	{"16 only body", `<html>|<body class=x>`},
	{"16 only tails", `<head><link>|</body>`},
	{"16 only html's end", `|</html>`},
	{"17 upper case and spaces", "<HTML><HEAD >\n<TITLE>x</TITLE >|</HEAD\n>"},
	{"18 attributes of head", `<head lang="en" data-x=">"><meta>|</head>`},
	{"19 header", `<html><head>|<header>x`},
	{"19 custom element", `<head>|<head-custom>`},
	{"19 long name", `<head>|<a-very-long-element-name>`},
	{"20 stray end tags", `<head></p></div></a-very-long-element-name>|</head>`},
	{"20 br's end tag", `<head>|</br>`},
	{"21 template", `<head><template><p></head></template>|</head>`},
	{"21 nested templates", `<head><template><template></template><script></template></script></template>|</head>`},
	{"22 text", `<head>|text`},
	{"22 no-break space", "<head>|\u00a0"},
	{"22 NUL", "<head>|\x00"},
	{"22 white space", "<head>\t\n\f\r |</head>"},
	{"22 reference", `<head>|&nbsp;`},
	{"23 frameset", `<html><head><title>f</title>|</head><frameset>`},
	{"23 frameset without head", `<title>f</title>|<frameset>`},
	{"24 plaintext", `|<plaintext></head>`},
	{"24 textarea", `|<textarea></head></textarea>`},
	{"24 xmp", `|<xmp>`},
	{"26 lone less-than", `<head>|<`},
	{"26 cut end tag", `<head>|</he`},
	{"26 cut start tag", `<head>|<scrip`},
	{"27 open comment", `<head><!-- a`},
	{"27 open title", `<head><title>a`},
	{"27 open script", `<head><script>a`},
	{"27 open attribute", `<head><meta content="a`},
	{"29 import map", `<head><script type="importmap">{"imports":{}}</script>|</head>`},
	{"31 charset", `<head><meta charset=utf-8>|</head>`},
	{"34 long head", `<head><style>` + strings.Repeat("a{}", 40000) + `</style>|</head>`},
	{"37 already there", `<head><script type="module" src="/x.js" data-qwelp-settings="{}"></script></head>`},
	{"47 UTF-16 mark", "\xFF\xFE<\x00"},
	{"49 byte order mark", "\xEF\xBB\xBF<!doctype html><head>|</head>"},
	{"49 broken byte order mark", "|\xEF\xBBx"},
	{"65 AMP", `<html amp><head></head>`},
	{"65 AMP by its sign", `<!doctype html><html ⚡ lang=en><head></head>`},
}

func TestTheTagStandsAtTheEndOfTheHead(t *testing.T) {
	for _, c := range placeCases {
		t.Run(c.name, func(t *testing.T) {
			doc := strings.Replace(c.doc, "|", "", 1)
			want := strings.Replace(c.doc, "|", testTag, 1)
			for _, sizes := range [][]int{{1 << 20}, {1}, {2, 3, 5, 7}, {7, 1, 13}} {
				if got, _ := insertInto(doc, sizes...); got != want {
					t.Errorf("in writes of %v bytes:\n got %.300q\nwant %.300q", sizes, got, want)
				}
			}
		})
	}
}

func TestAllInTheHeadIsHeldBackAtMost(t *testing.T) {
	for _, c := range placeCases {
		var s scanner
		for _, b := range []byte(strings.Replace(c.doc, "|", "", 1)) {
			if _, found := s.scan([]byte{b}); found || s.facts.refused != "" {
				break
			}
			if s.heldLen > heldMax {
				t.Fatalf("%s: %d bytes are held", c.name, s.heldLen)
			}
		}
	}
}

var soup = []string{
	"<html>", "<head>", "</head>", "<body>", "</body>", "</html>", "<title>", "</title>", "<script>", "</script>", "<style>", "</style>", "<!--", "-->",
	"--!>", "<!doctype html>", "<meta content=\"", "\">", "<link>", "<base>", "<template>", "</template>", "<noscript>", "</noscript>", "text", " ", "\n",
	"<", ">", "</", "<p>", "</p>", "</br>", "<br/>", "<frameset>", "<textarea>", "</textarea>", "<x-y a='>'>", "&amp;", "\x00", "=", "'", "\"", "/", "-", "!",
	"<!", "<?", "<noframes>", "</noframes>", "<plaintext>", "<a ", "<script type=importmap>", "<meta charset=utf-8>", "\u00e9", "<head lang=en>",
}

// The tag is a child of the head, and the one difference to the tree the document would have had.
func TestTheTagIsTheOneDifferenceToTheTree(t *testing.T) {
	count := 20_000
	if os.Getenv("QWELP_LONG") != "" {
		count = 200_000
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range count {
		var doc strings.Builder
		for range 1 + random.IntN(14) {
			doc.WriteString(soup[random.IntN(len(soup))])
		}
		checkTree(t, doc.String(), 1+random.IntN(9))
		if t.Failed() {
			return
		}
	}
}

func TestTheTagFitsEveryDocumentOfTheHTML5LibSuite(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/net").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "html", "testdata", "html5lib-tests", "tree-construction", "*.dat"))
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d files of the suite: %v", len(files), err)
	}
	documents := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range strings.Split("\n"+string(text), "\n#data\n")[1:] {
			doc, rest, _ := strings.Cut(test, "\n#errors")
			// Fragments have no head, and what scripting off changes is not what browsers with the sender do.
			if strings.Contains(rest, "#document-fragment") || strings.Contains(rest, "#script-off") {
				continue
			}
			documents++
			checkTree(t, doc, 5)
		}
	}
	t.Logf("%d documents", documents)
}

func checkTree(t *testing.T, doc string, size int) {
	t.Helper()
	got, learnt := insertInto(doc, size)
	if strings.Replace(got, testTag, "", 1) != doc {
		t.Fatalf("%q became %q", doc, got)
	}
	if !strings.Contains(got, testTag) {
		if learnt.refused == "" && doc != "" {
			t.Errorf("%q: no tag and no reason", doc)
		}
		return
	}
	// Decoders take the byte order mark away (Encoding Standard, section 6), the parser here does not.
	doc, got = strings.TrimPrefix(doc, byteOrderMark), strings.TrimPrefix(got, byteOrderMark)
	want, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		return
	}
	tree, err := html.Parse(strings.NewReader(got))
	if err != nil {
		t.Errorf("%q: %v", got, err)
		return
	}
	var tag *html.Node
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" && slices.Contains(n.Attr, html.Attribute{Key: "src", Val: "/_qwelp/x/auto.js"}) {
			tag = n
		}
	}
	if tag == nil || tag.Parent.Data != "head" {
		t.Errorf("%q: the tag is not a child of head in %q", doc, got)
		return
	}
	// White space beside the tag is one text without it.
	before, after := tag.PrevSibling, tag.NextSibling
	tag.Parent.RemoveChild(tag)
	if before != nil && after != nil && before.Type == html.TextNode && after.Type == html.TextNode {
		before.Data += after.Data
		after.Parent.RemoveChild(after)
	}
	var a, b bytes.Buffer
	html.Render(&a, want)
	html.Render(&b, tree)
	if a.String() != b.String() {
		t.Errorf("%q:\n got %q\nwant %q", doc, b.String(), a.String())
	}
}

func FuzzInject(f *testing.F) {
	for _, c := range placeCases {
		f.Add(c.doc, 3)
	}
	f.Fuzz(func(t *testing.T, doc string, size int) {
		checkTree(t, doc, 1+(size&0xff))
		whole, _ := insertInto(doc, len(doc)+1)
		if split, _ := insertInto(doc, 1+(size&0xff)); split != whole {
			t.Errorf("%q in writes of %d bytes became %q, in one %q", doc, 1+(size&0xff), split, whole)
		}
	})
}
