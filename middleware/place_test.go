package middleware

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// mark stands for the tag: like the real one it is a script element.
const mark = `<script id="mark"></script>`

type markTagger struct{}

func (markTagger) tag(*page) []byte { return []byte(mark) }

// inject returns doc with the tag, written in pieces of the sizes that next returns.
func inject(doc string, next func() int) string {
	var out bytes.Buffer
	var in injector
	in.reset(&out, markTagger{}, "/_qwelp/", false)
	for rest := []byte(doc); len(rest) > 0; {
		n := min(max(next(), 1), len(rest))
		// A piece of its own, so that keeping it would be noticed.
		piece := bytes.Clone(rest[:n])
		if written, err := in.Write(piece); written != n || err != nil {
			panic(fmt.Sprint("Write returned ", written, err))
		}
		clear(piece)
		rest = rest[n:]
		if held := n - out.Len(); in.nheld > maxMark {
			panic(fmt.Sprint("held back ", held))
		}
	}
	if err := in.finish(); err != nil {
		panic(err)
	}
	return out.String()
}

func whole() int  { return 1 << 30 }
func single() int { return 1 }

func randomly(r *rand.Rand) func() int { return func() int { return 1 + r.IntN(9) } }

// The documents of acceptance section A: "|" is the one place for the tag. Without it there is none.
var places = []struct{ name, doc string }{
	{"1 before the end of head", `<!doctype html><html><head><title>x</title>|</head><body>x`},
	{"2 not in a comment", `<!doctype html><html><head><!-- </head><body> -->|</head>`},
	{"3 not in a string of a script", `<head><script>var t='<head></head><body>'</script>|</head>`},
	{"4 not in an attribute", `<head><meta content="a>b </head>">|</head>`},
	{"4 not in an attribute in single quotes", `<head><meta content='a>b </head>'>|</head>`},
	{"4 not in an attribute without quotes", `<head><meta content=</head>|</head>`},
	{"6 not in a title", `<title></head></title>|</head>`},
	{"7 not in a style", `<head><style>a:after{content:"</head>"}</style>|</head>`},
	{"7 not after what only looks like the end of a style", `<style>x</styles></head></style>|</head>`},
	{"8 not in a script hidden in a comment", `<head><script><!--<script></script></head>--></script>|</head>`},
	{"8 a comment in a script alone hides nothing", `<script><!-- </script>|<p>`},
	{"8 dashes", `<script><!--<script>--></script>|</head>`},
	{"8 end of the inner script", `<script><!--<script></script x></head></script>|<p>`},
	{"10 not in a noscript", `<head><noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript>|</head>`},
	{"11 abrupt end of a comment", `<head><!-->|</head>-->`},
	{"11 abrupt end after a dash", `<head><!--->|x`},
	{"11 wrong end of a comment", `<head><!-- --!>|</head>`},
	{"11 not the end of a comment", `<head><!-- --!x></head>-->|</head>`},
	{"11 three dashes", `<head><!----->|</head>`},
	{"11 a wrong comment", `<head><!-x></p></?></!>|</head>`},
	{"13 no head", `<!doctype html><title>x</title>|<p>hi`},
	{"14 no tags", `|hello`},
	{"15 never before the doctype", `<!doctype html>|<h1>x`},
	{"15 a doctype ends at the first bracket", `<!DOCTYPE html PUBLIC "a>|b">`},
	{"16 only a body", `<html>|<body class=x>`},
	{"16 only the end of a body", `<head><link>|</body>`},
	{"16 only the end", `<head><link>|</html>`},
	{"17 upper case and white space", "<HTML><HEAD >\n<TITLE>x</TiTlE\t>|</HEAD\n>"},
	{"18 attributes of head", `<head lang="en" data-x=">"><link>|</head>`},
	{"19 header is not head", `<html><head>|<header>x`},
	{"19 nor is a custom element", `<head>|<head-custom>`},
	{"20 an end tag that stands for a line break", `<head>|</br>`},
	{"20 stray end tags", `<head></p></div></blockquote-long-name></template>|</head>`},
	{"20 the end of a line break", `<head>|</br>`},
	{"20 the end of something else", `<head></brr>|</head>`},
	{"22 text", `<head>|text`},
	{"22 white space", "<head> \t\n\f\r|text"},
	{"22 references to white space", `<head>&#32;&#x0a;&Tab;&NewLine;&#9<title></title>&#0032 |&amp;`},
	{"22 references to text", `<head>|&nbsp;`},
	{"22 references to text by number", `<head>|&#160;`},
	{"22 a reference without a number", `<head>|&#;`},
	{"22 no-break space", "<head>|\u00a0"},
	{"22 NUL", "<head>|\x00"},
	{"23 frameset", `<html><head><title>f</title>|</head><frameset><frame></frameset>`},
	{"23 frameset without head", `|<frameset>`},
	{"24 plaintext", `|<plaintext></head>`},
	{"24 textarea", `|<textarea></head></textarea>`},
	{"24 xmp", `|<xmp>`},
	{"26 a bracket at the end", `<head>|<`},
	{"26 a reference to white space at the end", `<!doctype html>&#9|`},
	{"26 a reference to text at the end", `<!doctype html>|&#33`},
	{"26 a slash at the end", `<head>|</`},
	{"26 the start of an end tag", `<head>|</he`},
	{"26 the start of a tag", `<head>|<scrip`},
	{"26 nothing but the head's start", `<head>|`},
	{"26 nothing but a doctype", `<!doctype html>|`},
	{"27 an open comment", `<head><!-- x`},
	{"27 an open title", `<head><title>x`},
	{"27 an open script", `<head><script>x</scr`},
	{"27 an open attribute", `<head><meta content="x`},
	{"27 an open tag", `<head><link rel`},
	{"27 an open declaration", `<head><!`},
	{"27 nothing", ``},
	{"29 after import maps", `<head><script type="importmap">{}</script><link>|</head>`},
	{"31 the encoding is still declared in the first 1024 bytes", `<!doctype html><head><!--` + strings.Repeat("x", 920) + `--><meta charset=utf-8>|</head>`},
	{"37 the tag is there", `<head><script type="module" src="/_qwelp/0123/auto.js"></script></head>`},
	{"37 the classic tag is there", `<head><script defer src="/_qwelp/0123/classic.js"></script></head>`},
	{"38 the tag is there", `<head><script src=x data-qwelp-settings="{}"></script></head>`},
	{"47 UTF-16", "\xff\xfe<\x00h\x00"},
	{"47 UTF-16, big end first", "\xfe\xff\x00<\x00h"},
	{"47 UTF-8 mark", "\xef\xbb\xbf<title></title>|x"},
	{"47 no mark", "|\xef\xbbx"},
	{"47 bytes that are no mark", "|\xff<p>"},
	{"47 declared in the page", `<meta charset=iso-2022-jp></head>`},
	{"47 declared in the page at length", `<meta http-equiv="Content-type" content="text/html; charset=ISO-2022-KR"></head>`},
	{"47 UTF-16 cannot be declared in the page", `<meta charset="utf-16">|</head>`},
	{"49 bytes that are no UTF-8", "<head><title>\xff\xc3\x28\x00</title><meta content=\"\x00\xfe\">|</head>\xed\xa0\x80\x00"},
	{"49 NUL is no white space", "<head>|\x00</head>"},
	{"50 what a serializer would change", "<head><script>if (a<b && c) {}</script>\r\n<meta CONTENT=a content='b'\tx>|</head>\r\n<p>&copy &lt <P A=1 a=2>"},
	{"65 AMP", `<html amp><head></head>`},
	{"65 AMP by its sign", `<html lang=en ⚡><head></head>`},
	{"template", `<head><template><p>x</head><template></template><body>text</template>|</head>`},
	{"template with raw text", `<head><template><style></template></style><textarea></template></textarea></template>|</head>`},
	{"template that stays open", `<head><template><p>`},
	{"template with an image", `<head><template><svg><title><p></p></title><style><x></style></svg></template>|</head>`},
	{"template that ends in an image", `<head><template><svg><title></template>|</head>`},
	{"template in an image", `<head><template><svg><template></template></svg><p></template>|</head>`},
	{"template with a style in an image", `<head><template><svg><style><!-- </style></template> --></style></svg></template>|</head>`},
	{"template with an image whose style is empty", `<head><template><svg><style/></svg><style></template></style></template>|</head>`},
	{"template with a script in an image", `<head><template><svg><script></template>|</head>`},
	{"template with an image that breaks out", `<head><template><svg><p><style></template></style></template>|</head>`},
	{"template with an image that a font breaks out of", `<head><template><svg><font Color=x><style></template></style></template>|</head>`},
	{"template with an image and a font in it", `<head><template><svg><font x=color><style></template>|<p>`},
	{"template with an image that an end tag breaks out of", `<head><template><svg></p><style></template></style></template>|</head>`},
	{"template of columns", `<html a=b><head><template><col></col><html b=c><svg><p></svg></template>|</head>`},
	{"template of columns with a script", `<head><template><col><script></script></template></head>`},
	{"template of columns with a template", `<head><template><col><template><style></template></style></template><div></template>|</head>`},
	{"template of columns that come later", `<head><template><link><col><svg><g></template>|</head>`},
	{"template with a formula and the head's end", `<meta charset=utf-8><template><p></div><math></head></template>|<body>`},
	{"template with an image and the page's end", `<head><template><svg><g></html></body></g></svg></template>|</head>`},
	{"template with a section", `<head><template><svg><![CDATA[</template>]]]></svg><![CDATA[</svg>]]></template>|</head>`},
	{"template with HTML in an image", `<head><template><svg><foreignObject><div><style></template></style></div><style></template></style></foreignObject><style></template>|`},
	{"template with HTML in a formula", `<head><template><math><mi><style></template></style><mglyph><style></style></mglyph></mi><style></template>|</head>`},
	{"template with an annotation", `<head><template><math><annotation-xml encoding="Text/HTML"><style></template></style></template>|</head>`},
	{"template with an image in an annotation", `<head><template><math><annotation-xml><svg><desc><style></template></style></template>|</head>`},
	{"template in HTML in an image", `<head><template><svg><desc><template><svg></template><style></template></style></desc><style></template>|</head>`},
	{"template with a table", `<head><template><table><colgroup><col></colgroup><td><style></template></style></table></template>|</head>`},
	{"template with a column alone", `<head><template><col></template>|</head>`},
	{"template with a select", `<head><template><select><option>x</select></template>|</head>`},
	{"template with a select whose title counts or does not", `<head><template><select><title></template></head>`},
	{"template with an image that something around may end in", `<head><template><svg></div></svg></template></head>`},
	{"template with a paragraph in an image that ends from within", `<head><template><svg><desc><p><svg></p></desc><style></template>|</head>`},
	{"template with HTML in an image that does not end itself", `<head><template><svg><desc><div></desc></svg></template></head>`},
	{"template with HTML in an image that ends other HTML", `<head><template><svg><desc><p><div></desc></svg></template></head>`},
	{"template with too deep an image", `<head><template><svg>` + strings.Repeat("<g>", maxOpen) + `</svg></template></head>`},
	{"self-closing", `<head/><title/></head></title/><script/></head></script>|</head>`},
	{"long names", `<head></` + strings.Repeat("x", 1000) + `>|<` + strings.Repeat("y", 1000) + `>`},
}

func TestTheTagStandsAtTheEndOfTheHead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range places {
		t.Run(c.name, func(t *testing.T) {
			doc := strings.Replace(c.doc, "|", "", 1)
			want := strings.Replace(c.doc, "|", mark, 1)
			if got := inject(doc, whole); got != want {
				t.Errorf("at once: got %q, want %q", got, want)
			}
			if got := inject(doc, single); got != want {
				t.Errorf("byte by byte: got %q, want %q", got, want)
			}
			for range 20 {
				if got := inject(doc, randomly(r)); got != want {
					t.Errorf("in pieces: got %q, want %q", got, want)
				}
			}
		})
	}
}

func TestCase34ALongHeadIsScannedToItsEnd(t *testing.T) {
	head := `<!doctype html><head><script type=application/json>` + strings.Repeat(`{"a":"<b>"}`, 1<<20/11) + `</script>`
	if got, want := inject(head+`</head>x`, whole), head+mark+`</head>x`; got != want {
		t.Error("the tag is not at the end of the head")
	}
}

func TestCase35ASplitAnywhereChangesNothing(t *testing.T) {
	for _, c := range places {
		doc := strings.Replace(c.doc, "|", "", 1)
		if len(doc) > 4<<10 {
			continue
		}
		want := inject(doc, whole)
		for at := 1; at < len(doc); at++ {
			sizes := []int{at, len(doc)}
			next := func() int {
				n := sizes[0]
				sizes = sizes[1:]
				return n
			}
			if got := inject(doc, next); got != want {
				t.Errorf("%s, split after %q: got %q, want %q", c.name, doc[:at], got, want)
			}
		}
	}
}
