package agent

import (
	"html"
	"strings"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// HTML writes the page down as HTML: shadow roots as declarative ones, the documents of frames as srcdoc, the rules of style
// elements in them, what form fields hold as their attributes. Frames nested deeper than eight levels are left empty. It is as the customer's browser sent it: to show it to somebody
// without a sandbox is as dangerous as to show any other page's HTML.
func (p *Page) HTML() string {
	if p.Document == nil {
		return ""
	}
	return p.Document.HTML()
}

// HTML writes the node down as Page.HTML does.
func (n *Node) HTML() string {
	return writeHTML(n, 0)
}

var (
	void    = set("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
	rawText = set("style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript")
)

// maxFrames is how deep frames may nest: each level escapes all that is inside once more.
const maxFrames = 8

type htmlWriter struct {
	strings.Builder
	chosen map[*Node]bool // options
	frames int            // around
}

func writeHTML(n *Node, frames int) string {
	w := htmlWriter{chosen: map[*Node]bool{}, frames: frames}
	w.node(n)
	return w.String()
}

func (w *htmlWriter) node(n *Node) {
	switch n.Kind {
	case Text:
		w.WriteString(html.EscapeString(n.Data))
		return
	case Document:
		if !n.Quirks {
			w.WriteString("<!DOCTYPE html>")
		}
	case Shadow:
		w.WriteString(`<template shadowrootmode="open">`)
		defer w.WriteString("</template>")
	case Element:
		w.startTag(n)
		if n.Namespace == wire.NamespaceHTML && void[n.Name] {
			return
		}
		defer w.WriteString("</" + n.Name + ">")
		if n.Namespace == wire.NamespaceHTML && w.content(n) {
			return
		}
		if n.Shadow != nil {
			w.node(n.Shadow)
		}
	}
	for _, c := range n.Children {
		w.node(c)
	}
}

func (w *htmlWriter) startTag(n *Node) {
	s := n.State
	if s == nil {
		s = &State{}
	}
	w.WriteString("<" + n.Name)
	for i := 0; i+1 < len(n.Attributes); i += 2 {
		name := n.Attributes[i]
		told := name == "value" && s.HasValue || name == "checked" && s.HasChecked || name == "srcdoc" && n.document() != nil
		if !told && !strings.ContainsAny(name, `"'<=`) {
			w.attribute(name, n.Attributes[i+1])
		}
	}
	if s.HasValue && n.Name == "input" {
		w.attribute("value", s.Value)
	}
	if s.Checked {
		w.attribute("checked", "")
	}
	if document := n.document(); document != nil && w.frames < maxFrames {
		w.attribute("srcdoc", writeHTML(document, w.frames+1))
	}
	if n.Name == "select" {
		for _, option := range options(n, s.Selected) {
			w.chosen[option] = true
		}
	}
	if w.chosen[n] {
		w.attribute("selected", "")
	}
	w.WriteString(">")
}

func (w *htmlWriter) attribute(name, value string) {
	w.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

// content writes what stands inside an element whose children do not tell it, or not as markup.
func (w *htmlWriter) content(n *Node) bool {
	switch {
	case n.Name == "style" && n.State != nil:
		w.raw(n.State.CSS)
	case n.Name == "textarea" && n.State != nil && n.State.HasValue:
		// The parser drops a first line break.
		w.WriteString("\n" + html.EscapeString(n.State.Value))
	case rawText[n.Name]:
		for _, c := range n.Children {
			w.raw(c.Data)
		}
	default:
		return false
	}
	return true
}

// raw keeps text that is not parsed from ending its element.
func (w *htmlWriter) raw(text string) {
	w.WriteString(strings.ReplaceAll(text, "</", `<\/`))
}
