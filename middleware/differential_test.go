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

// soup is what documents are cooked from: everything that a tokenizer and a tree builder treat in a way of its own.
var soup = strings.Split(`<!doctype html>|<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">|<html>|<html lang=en>|</html>|<head>|<head lang="en" data-x=">">|</head>|</HEAD
>|<body>|</body>|<title>|</title>|<title>x</title>|<script>|</script>|<script>var t='</head>'</script>|<!--|-->|--!>|<!-->|<!--->|<!-- </head> -->|<!-|<!|<?xml ?>|</?|</>|<style>|</style>|</styles>|<noscript>|</noscript>|<noframes>|</noframes>|<meta charset=utf-8>|<meta content="</head>">|<link rel=x>|<base>|<basefont>|<bgsound>|<template>|</template>|<p>|</p>|<div>|</div>|</br>|<br>|<frameset>|<svg>|</svg>|<math>|<select>|</select>|<option>|<textarea>|</textarea>|<xmp>|</xmp>|<iframe>|</iframe>|<plaintext>|<table>|<tr>|<td>|</table>|<col>|<caption>| |
|	|text|a|&nbsp;|&amp;|&#32;|&#x9;|&Tab;|&#160;|&|<|>|"|'|=|/|-|!|--|<!--<script>|<script|</script|<header>|</he|<scrip|<x-y>|<link rel="a>b">|<input>|<a href='>'>|<![CDATA[x]]>|`+"\x00", "|")

// inTemplates is what makes templates of a head difficult.
var inTemplates = strings.Split(`<template>|</template>|<svg>|<svg>|<svg>|<svg>|<math>|<desc>|<desc>|<foreignObject>|<mi>|</svg>|<svg/>|<math>|</math>|<math/>|<g>|</g>|<g/>|<desc>|</desc>|<foreignObject>|</foreignObject>|<foreignobject/>|<title>|</title>|<title/>|<mi>|</mi>|<mtext>|</mtext>|<mglyph>|</mglyph>|<annotation-xml>|<annotation-xml encoding="text/html">|<annotation-xml encoding=x encoding=text/html>|</annotation-xml>|<style>|</style>|<style/>|<script>|</script>|<script/>|<![CDATA[|]]>|]|<!--|-->|<font>|<font color=x>|</font>|<p>|</p>|</br>|<div>|</div>|<span>|</span>|<b>|</b>|<i>|</i>|<h1>|</h1>|<ul>|<li>|</li>|</ul>|<a>|</a>|<br>|<img>|<input>|<table>|<tr>|<td>|</td>|</table>|<col>|<colgroup>|</colgroup>|<caption>|<select>|</select>|<textarea>|</textarea>|<noscript>|</noscript>|<iframe>|</iframe>|<meta>|<link>|x|&| |</body>|</head>|<xmp>|<form>|<button>|</button>|<object>|</object>`, "|")

// inImages is the part of it that stands in SVG and MathML.
var inImages = strings.Split(`<svg>|<math>|<g>|<g/>|<desc>|<foreignObject>|<mi>|<mtext>|<annotation-xml>|<annotation-xml encoding="text/html">|<style>|<title>|<script>|<div>|<p>|<b>|</p>|</br>|<font color=x>|<![CDATA[</template>]]>|x`, "|")

func cook(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(2) == 0 {
		b.WriteString("<template>")
		cookNested(r, &b, 4)
		b.WriteString("</template>")
		return b.String()
	}
	for range 1 + r.IntN(14) {
		b.WriteString(soup[r.IntN(len(soup))])
	}
	return b.String()
}

// cookNested writes what stands in a template. Most elements end where they should, or hardly any template would.
func cookNested(r *rand.Rand, b *strings.Builder, depth int) {
	for range r.IntN(5) {
		pieces := inTemplates
		if depth < 4 && r.IntN(2) == 0 {
			pieces = inImages
		}
		piece := pieces[r.IntN(len(pieces))]
		b.WriteString(piece)
		if piece[0] == '<' && isLetter(piece[1]) && depth > 0 && r.IntN(8) > 0 {
			cookNested(r, b, depth-1)
			name, _, _ := strings.Cut(strings.Trim(piece, "</>"), " ")
			b.WriteString("</" + name + ">")
		}
	}
}

// checkTree compares the trees of a document before and after: the tag is a child of the head, and nothing else is different.
func checkTree(t *testing.T, doc string) {
	t.Helper()
	doc = strings.TrimPrefix(doc, "\ufeff") // which is not html.Parse's to skip
	got := inject(doc, whole)
	if got == doc || isBeyond(doc) {
		return
	}
	before, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		return // nested too deeply
	}
	after, err := html.Parse(strings.NewReader(got))
	if err != nil {
		t.Fatalf("%q: %v", doc, err)
	}
	tag := find(after)
	if tag == nil {
		t.Errorf("%q: the tag is no element in %q", doc, got)
		return
	}
	if tag.Parent.Data != "head" || tag.Parent.Namespace != "" {
		t.Errorf("%q: the tag is a child of %s in %q", doc, tag.Parent.Data, got)
	}
	tag.Parent.RemoveChild(tag)
	if want, rest := render(t, before), render(t, after); rest != want {
		t.Errorf("%q became %q: the trees are\n%s\n%s", doc, got, want, rest)
	}
}

// isBeyond tells whether html.Parse deviates from the standard on a document. It ignores the rest of one with a template in HTML in
// SVG or MathML in a template, and takes a "<" in a script's comment for its end, unless a name or slash comes next.
func isBeyond(doc string) bool {
	var s scanner
	s.reset("/_qwelp/", false)
	for i := range len(doc) {
		if s.state == escapedOpen && !isLetter(doc[i]) && doc[i] != '/' {
			return true
		}
		if _, v := s.scan([]byte(doc[i : i+1])); v != undecided {
			break
		}
		if slices.ContainsFunc(s.open, func(n node) bool { return n.kind == templateNode }) {
			return true
		}
	}
	return false
}

func find(n *html.Node) *html.Node {
	if n.Type == html.ElementNode && n.Data == "script" && len(n.Attr) == 1 && n.Attr[0].Val == "mark" {
		return n
	}
	for c := range n.ChildNodes() {
		if found := find(c); found != nil {
			return found
		}
	}
	return nil
}

// render writes a tree with text that lies side by side as one: where the tag stood, white space may be in two nodes.
func render(t *testing.T, n *html.Node) string {
	t.Helper()
	var b bytes.Buffer
	var write func(n *html.Node, depth int)
	write = func(n *html.Node, depth int) {
		text := n.Type == html.TextNode
		if !text || n.PrevSibling == nil || n.PrevSibling.Type != html.TextNode {
			b.WriteString("\n" + strings.Repeat(" ", depth))
		}
		switch {
		case text:
			b.WriteString("\x01" + n.Data)
		case n.Type == html.CommentNode:
			b.WriteString("<!--" + n.Data + "-->")
		default:
			b.WriteString("<" + n.Namespace + ":" + n.Data + ">")
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
		}
		for c := range n.ChildNodes() {
			write(c, depth+1)
		}
	}
	write(n, 0)
	return strings.ReplaceAll(b.String(), "\x01", "")
}

// QWELP_LONG=1 cooks as many as the acceptance case asks for.
func TestCase39TheTreeOfRandomDocumentsStaysTheSame(t *testing.T) {
	count := 20_000
	if os.Getenv("QWELP_LONG") != "" {
		count = 200_000
	}
	r := rand.New(rand.NewPCG(3, 9))
	for range count {
		checkTree(t, cook(r))
		if t.Failed() {
			return
		}
	}
}

func TestCase39TheTreeOfTheStandardsTestDocumentsStaysTheSame(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/net").Output()
	if err != nil {
		t.Fatal("the module's directory is not known: ", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "html/testdata/*/tree-construction/*.dat"))
	if err != nil || len(files) == 0 {
		t.Fatal("the module has no test documents")
	}
	documents := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for test := range strings.SplitSeq("\n"+string(text), "\n#data\n") {
			doc, rest, ok := strings.Cut(test, "\n#errors\n")
			if !ok || strings.Contains(rest, "#document-fragment") || strings.Contains(rest, "#script-off") {
				continue
			}
			documents++
			checkTree(t, doc)
		}
	}
	t.Log(documents, "documents")
}
