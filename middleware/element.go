package middleware

// element is an element whose tags mean something to the scanner.
type element uint8

const (
	otherElement element = iota
	baseElement
	bodyElement
	breakElement // br
	columnElement
	foreignElement // svg, math
	framesetElement
	headElement
	htmlElement
	linkElement // link, basefont, bgsound: nothing but a tag in the head
	metaElement
	plaintextElement
	scriptElement
	selectElement
	templateElement

	// Elements that hold text only, ended by their own end tag. Each has its own, since a style does not end a title.
	iframeElement
	noembedElement
	noframesElement
	noscriptElement
	styleElement
	textareaElement
	titleElement
	xmpElement
)

// elementOf returns the element of a lower-case tag name.
func elementOf(name []byte) element {
	switch string(name) {
	case "base":
		return baseElement
	case "basefont", "bgsound", "link":
		return linkElement
	case "body":
		return bodyElement
	case "br":
		return breakElement
	case "col", "colgroup":
		return columnElement
	case "frameset":
		return framesetElement
	case "head":
		return headElement
	case "html":
		return htmlElement
	case "iframe":
		return iframeElement
	case "meta":
		return metaElement
	case "noembed":
		return noembedElement
	case "noframes":
		return noframesElement
	case "noscript":
		return noscriptElement
	case "plaintext":
		return plaintextElement
	case "script":
		return scriptElement
	case "select":
		return selectElement
	case "style":
		return styleElement
	case "svg", "math":
		return foreignElement
	case "template":
		return templateElement
	case "textarea":
		return textareaElement
	case "title":
		return titleElement
	case "xmp":
		return xmpElement
	}
	return otherElement
}

// tag decides about the tag whose name is complete: does it end the head?
func (s *scanner) tag() verdict {
	s.element = otherElement
	if s.named <= len(s.name) {
		s.element = elementOf(s.name[:s.named])
	}
	s.attributes.begin(false)
	if s.templates > 0 {
		return s.tagInTemplate()
	}
	switch s.element {
	case titleElement, headElement, bodyElement, htmlElement, framesetElement:
		s.page.document = true
	}
	if s.end {
		switch s.element {
		case headElement, bodyElement, htmlElement, breakElement:
			return here
		}
		return undecided
	}
	switch s.element {
	case htmlElement, baseElement, metaElement, scriptElement:
		s.attributes.begin(true)
	case headElement, linkElement, titleElement, noscriptElement, noframesElement, styleElement:
	case templateElement:
		s.templates = 1
	default:
		return here
	}
	return undecided
}

// tagInTemplate decides about a tag inside a template of the head. Nearly everything may stand there; what counts is where the
// template ends. What makes that a question for a whole parser gets no tag.
func (s *scanner) tagInTemplate() verdict {
	if s.end {
		if s.element == templateElement {
			s.templates--
			s.selecting = s.selecting && s.templates > 0
		}
		return undecided
	}
	switch s.element {
	case templateElement:
		s.templates++
	case selectElement:
		s.selecting = true
	case foreignElement, columnElement, plaintextElement:
		s.page.reason = reasonTemplate
		return never
	case iframeElement, noembedElement, noframesElement, noscriptElement, styleElement, textareaElement, titleElement, xmpElement:
		if s.selecting {
			s.page.reason = reasonTemplate
			return never
		}
	}
	return undecided
}

// tagEnd is called at the ">" of a tag: from there on comes text, of one kind or another.
func (s *scanner) tagEnd() verdict {
	s.state, s.mark = data, 0
	if s.end {
		return undecided
	}
	if s.element == scriptElement || s.element >= iframeElement {
		s.state = rawText
	}
	return s.attributes.finish(s.element, &s.page)
}
