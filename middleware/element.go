package middleware

// element is an element whose tags mean something to the scanner.
type element uint8

const (
	otherElement element = iota
	annotationElement
	baseElement
	bodyElement
	breakElement // br
	columnElement
	fontElement
	foreignElement // svg, math
	framesetElement
	headElement
	htmlElement
	linkElement // link, basefont, bgsound: nothing but a tag in the head
	metaElement
	plaintextElement
	selectElement
	templateElement

	// Elements that hold text only, ended by their own end tag. Each has its own, since a style does not end a title.
	iframeElement
	noembedElement
	noframesElement
	noscriptElement
	scriptElement
	styleElement
	textareaElement
	titleElement
	xmpElement
)

// holdsText tells whether in e, as an HTML element, nothing is a tag but its own end.
func (e element) holdsText() bool { return e >= iframeElement }

// elementOf returns the element of a lower-case tag name.
func elementOf(name []byte) element {
	switch string(name) {
	case "annotation-xml":
		return annotationElement
	case "base":
		return baseElement
	case "basefont", "bgsound", "link":
		return linkElement
	case "body":
		return bodyElement
	case "br":
		return breakElement
	case "col":
		return columnElement
	case "font":
		return fontElement
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
	s.element, s.slash = elementOf(s.known()), false
	if s.templates > 0 {
		s.attributes.begin(!s.end && (s.element == fontElement || s.element == annotationElement))
		return undecided
	}
	s.attributes.begin(false)
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
	case headElement, linkElement, titleElement, noscriptElement, noframesElement, styleElement, templateElement:
	default:
		return here
	}
	return undecided
}

// tagEnd is called at the ">" of a tag: from there on comes text, of one kind or another.
func (s *scanner) tagEnd() verdict {
	s.state, s.mark = data, 0
	switch {
	case s.raw: // this is its end
		s.raw = false
		return undecided
	case s.templates > 0:
		return s.tagInTemplate()
	case s.end:
		return undecided
	case s.element == templateElement:
		s.templates, s.fresh, s.certain, s.columns = 1, true, true, 0
	case s.element.holdsText():
		s.beginText()
	}
	return s.attributes.finish(s.element, &s.page)
}

// beginText says that what follows is the text of the current element.
func (s *scanner) beginText() { s.state, s.raw = rawText, true }
