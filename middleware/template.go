package middleware

// In a template of the head nearly everything may stand. What counts is where the template ends, and for that which elements hold
// text only. Those of SVG and MathML do not, so in a template it is known which of their elements are open, and which of HTML
// inside of these (HTML standard, sections 13.2.6.4.7 and 13.2.6.5). Of the template's own HTML that need not be known.

// maxName is the length of the longest name of an element that can be kept while it is open.
const maxName = 24

// maxOpen bounds how many elements may be open in SVG and MathML.
const maxOpen = 64

// kind is what an open element is of.
type kind uint8

const (
	htmlNode kind = iota
	mathNode
	svgNode
	templateNode // a template, whose own HTML is not kept
)

// node is an open element.
type node struct {
	name  [maxName]byte // lower case
	named uint8
	kind  kind
	admit admission
}

// admission is which start tags in an element of SVG or MathML stand for HTML.
type admission uint8

const (
	admitsNothing   admission = iota
	admitsSVG                 // an svg, which HTML has, too
	admitsAllButTwo           // in a MathML text integration point
	admitsAll                 // in an HTML integration point
)

func (n *node) isForeign() bool { return n.kind == svgNode || n.kind == mathNode }

func (n *node) isPoint() bool { return n.admit >= admitsAllButTwo }

// innermost returns the innermost open element, nil when it is one of the template's own HTML.
func (s *scanner) innermost() *node {
	if len(s.open) == 0 || s.open[len(s.open)-1].kind == templateNode {
		return nil
	}
	return &s.open[len(s.open)-1]
}

// isForeign tells whether the innermost open element is of SVG or MathML.
func (s *scanner) isForeign() bool {
	n := s.innermost()
	return n != nil && n.isForeign()
}

// push opens the element of the current tag.
func (s *scanner) push(k kind, admit admission) verdict {
	if len(s.open) == maxOpen || s.named > maxName {
		return s.involved()
	}
	s.open = append(s.open, node{name: s.name, named: uint8(s.named), kind: k, admit: admit})
	return undecided
}

// involved says that only a whole parser could tell where the template ends.
func (s *scanner) involved() verdict {
	s.page.reason = reasonTemplate
	return never
}

// tagInTemplate takes a whole tag inside a template.
func (s *scanner) tagInTemplate() verdict {
	n := s.innermost()
	switch {
	case s.end && n != nil:
		return s.endForeign(n)
	case s.end && s.element == templateElement:
		s.endTemplate()
		return undecided
	case s.end:
		return undecided
	case n == nil:
		return s.startHTML()
	case n.kind == htmlNode, s.admits(n):
		return s.startIsland()
	case breaksOut(string(s.known())) || s.element == fontElement && s.attributes.font:
		s.breakOut()
		if s.innermost() == nil {
			return s.startHTML()
		}
		return s.startIsland()
	case s.slash:
		return undecided
	}
	return s.push(n.kind, s.admission(n.kind))
}

// startHTML takes a start tag in the template's own HTML.
func (s *scanner) startHTML() verdict {
	if s.columns&(1<<s.templates) != 0 && s.element != templateElement {
		if s.element.holdsText() || s.element == scriptElement || s.element == plaintextElement {
			return s.involved() // parsers differ: the tag is ignored, so that what follows is no text of it
		}
		return undecided
	}
	fresh := s.fresh
	switch s.element {
	case baseElement, linkElement, metaElement, noframesElement, scriptElement, styleElement, titleElement:
	default:
		s.fresh = false
	}
	switch e := s.element; {
	case e == templateElement:
		return s.startTemplate()
	case e == selectElement:
		s.selecting = true
	case e == plaintextElement:
		return s.involved()
	case e == columnElement && fresh:
		if !s.certain || s.templates > 63 {
			return s.involved()
		}
		s.columns |= 1 << s.templates
	case e == foreignElement, e.holdsText() && e != scriptElement:
		if s.selecting {
			return s.involved() // browsers differ: a select used to ignore these tags
		}
		if e == foreignElement {
			return s.startForeign()
		}
		s.beginText()
	case e == scriptElement:
		s.beginText()
	}
	return undecided
}

// startForeign takes the start tag of svg or math where HTML stands.
func (s *scanner) startForeign() verdict {
	switch {
	case s.slash:
		return undecided
	case s.nameIs("svg"):
		return s.push(svgNode, admitsNothing)
	}
	return s.push(mathNode, admitsNothing)
}

func (s *scanner) startTemplate() verdict {
	s.templates++
	s.fresh, s.certain = true, true
	if len(s.open) == 0 {
		return undecided
	}
	return s.push(templateNode, admitsNothing)
}

// endTemplate ends the innermost template, with all that is open in it.
func (s *scanner) endTemplate() {
	s.columns &^= 1 << s.templates
	s.templates--
	s.fresh, s.certain = true, false // or it is not; but that is the careful assumption
	s.selecting = s.selecting && s.templates > 0
	for len(s.open) > 0 {
		k := s.open[len(s.open)-1].kind
		s.open = s.open[:len(s.open)-1]
		if k == templateNode {
			return
		}
	}
}

// breakOut closes what is open of SVG and MathML down to where HTML may stand.
func (s *scanner) breakOut() {
	for n := s.innermost(); n != nil && n.isForeign() && !n.isPoint(); n = s.innermost() {
		s.open = s.open[:len(s.open)-1]
	}
}

// endForeign takes an end tag while n is open.
func (s *scanner) endForeign(n *node) verdict {
	if n.isForeign() && (s.nameIs("br") || s.nameIs("p")) {
		if s.breakOut(); s.nameIs("p") && s.inParagraph() {
			return s.endForeign(s.innermost())
		}
		return undecided
	}
	// An end tag ends whatever has its name, down to the next element of HTML. What that would do is another question.
	for i := len(s.open) - 1; ; i-- {
		if s.nameIs(string(s.open[i].name[:s.open[i].named])) {
			s.open = s.open[:i]
			return undecided
		}
		if i == 0 || !s.open[i].isForeign() || !s.open[i-1].isForeign() {
			break
		}
	}
	switch {
	case s.element == templateElement:
		s.endTemplate()
		return undecided
	case s.nameIs("head"), s.nameIs("body"), s.nameIs("html"):
		return undecided // none of them is open in a template
	}
	return s.involved() // it may end something around
}
