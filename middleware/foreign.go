package middleware

// admits tells whether the current start tag in n, of SVG or MathML, is to be taken for HTML.
func (s *scanner) admits(n *node) bool {
	switch n.admit {
	case admitsAll:
		return true
	case admitsAllButTwo:
		return !s.nameIs("mglyph") && !s.nameIs("malignmark")
	case admitsSVG:
		return s.nameIs("svg")
	}
	return false
}

// admission returns which start tags stand for HTML in the element of the current tag.
func (s *scanner) admission(k kind) admission {
	switch string(s.known()) {
	case "desc", "foreignobject", "title":
		if k == svgNode {
			return admitsAll
		}
	case "mi", "mo", "mn", "ms", "mtext":
		if k == mathNode {
			return admitsAllButTwo
		}
	case "annotation-xml":
		if k == mathNode && s.attributes.isHTML {
			return admitsAll
		}
		if k == mathNode {
			return admitsSVG
		}
	}
	return admitsNothing
}

// breaksOut tells whether a start tag ends SVG and MathML, as it stands for HTML only.
func breaksOut(name string) bool {
	switch name {
	case "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6",
		"head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong",
		"strike", "sub", "sup", "table", "tt", "u", "ul", "var":
		return true
	}
	return false
}

// startIsland takes a start tag of HTML in SVG or MathML. What may close other elements than itself is left to whole parsers.
func (s *scanner) startIsland() verdict {
	switch s.element {
	case templateElement:
		return s.startTemplate()
	case foreignElement:
		return s.startForeign()
	case iframeElement, noembedElement, noframesElement, noscriptElement, scriptElement, styleElement, textareaElement, titleElement:
		s.beginText()
		return undecided
	}
	n := s.innermost()
	switch string(s.known()) {
	case "area", "base", "basefont", "bgsound", "br", "embed", "img", "input", "link", "meta", "wbr":
		return undecided
	case "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "i", "kbd", "label", "mark", "q", "s", "samp", "small",
		"span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var":
		return s.push(htmlNode, admitsNothing)
	case "address", "article", "aside", "blockquote", "center", "div", "figcaption", "figure", "footer", "header", "main", "nav", "ol", "p",
		"section", "ul":
		if !s.inParagraph() {
			return s.push(htmlNode, admitsNothing)
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		if !s.inParagraph() && (n.named != 2 || n.name[0] != 'h') {
			return s.push(htmlNode, admitsNothing)
		}
	case "li":
		if name := string(n.name[:n.named]); !s.inParagraph() && n.kind == htmlNode && (name == "ul" || name == "ol") {
			return s.push(htmlNode, admitsNothing)
		}
	}
	return s.involved()
}

// inParagraph tells whether the innermost HTML in SVG or MathML has an open p.
func (s *scanner) inParagraph() bool {
	for i := len(s.open) - 1; i >= 0 && s.open[i].kind == htmlNode; i-- {
		if n := &s.open[i]; string(n.name[:n.named]) == "p" {
			return true
		}
	}
	return false
}
