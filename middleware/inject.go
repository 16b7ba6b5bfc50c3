package middleware

import (
	"bytes"
)

// scanner finds the place for the tag in a streamed HTML document: just before the first token at which the tree builder of the HTML
// standard leaves the head, or would have to make one up and leave it (section 13.2.6.4). It knows no net/http, keeps no more than
// heldMax bytes back, and allocates only what it remembers of a few elements of the head.
//
// The tokenizer's states (section 13.2.5) are told apart as far as they decide where a token ends.
type scanner struct {
	state   state
	held    [heldMax]byte // the begin of a token that is not decided yet
	heldLen int
	name    [nameMax]byte // of the tag that is being read, in lower case
	nameLen int
	end     bool // it is an end tag
	raw     int  // index into rawElements of the element whose text is being read
	matched int  // letters of its end tag's name seen
	dashes  int  // in script text, hyphens in a row
	double  bool // in script text, double escaped
	escaped bool // in script text, escaped

	templates int  // open template elements
	started   bool // a byte has been read

	capture  bool // the tag's bytes are remembered
	captured []byte
	facts    facts
}

// facts are what the scanner has learnt on the way to the place.
type facts struct {
	document bool     // a doctype, or a tag that only a whole document begins with
	refused  string   // why there must be no tag; empty: there may be one
	policies []string // of meta elements, in order
	base     bool     // the document has a base element
}

const byteOrderMark = "\xEF\xBB\xBF"

const (
	heldMax     = 12
	nameMax     = 9
	capturedMax = 16 << 10
)

type state uint8

const (
	inText state = iota
	inMark
	tagOpen
	endTagOpen
	tagName
	beforeAttribute
	attributeName
	afterAttributeName
	beforeValue
	valueDouble
	valueSingle
	valueBare
	markup
	markupDash
	doctype
	bogusComment
	commentStart
	commentStartDash
	comment
	commentEndDash
	commentEnd
	commentEndBang
	rawText
	rawLess
	rawEndOpen
	rawEndName
	scriptLess
	scriptStartName
	scriptBang
	scriptBangDash
)

// rawElements are the elements whose text is not markup, while scripting is on.
var rawElements = []string{"title", "style", "script", "noscript", "noframes", "textarea", "xmp", "iframe", "noembed"}

const (
	rawHead   = 5 // so many of them belong into the head
	rawScript = 2 // index of script
)

func (s *scanner) reset() {
	captured := s.captured[:0]
	*s = scanner{captured: captured}
}

// scan reads on with p. found: the place is before p[at]; the scan is over. Otherwise all before p[at] may be passed on, and the scanner
// holds the rest back. at may be negative, -heldLen, when the place or the token that is held begins in what was held before.
func (s *scanner) scan(p []byte) (at int, found bool) {
	start := -s.heldLen // of the current token, while it may yet be the place
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch s.state {
		case inText:
			if s.templates > 0 {
				n := bytes.IndexByte(p[i:], '<')
				if n < 0 {
					i = len(p)
					continue
				}
				i += n
				c = '<'
			}
			if c == '<' {
				s.state, start = tagOpen, i
				continue
			}
			if !s.started {
				s.started = true
				switch c {
				case byteOrderMark[0]:
					s.state, s.matched, start = inMark, 1, i
					continue
				case 0xFE, 0xFF:
					s.facts.refused = "it is UTF-16"
					return len(p), false
				}
			}
			if isSpace(c) {
				continue
			}
			return i, true
		case inMark:
			if c != byteOrderMark[s.matched] {
				return start, true
			}
			if s.matched++; s.matched == len(byteOrderMark) {
				s.state = inText
			}
		case tagOpen:
			switch {
			case isLetter(c):
				s.begin(c, false)
			case c == '/':
				s.state = endTagOpen
			case c == '!':
				s.state = markup
			case c == '?':
				s.state = bogusComment
			case s.templates > 0:
				s.state = inText
				i--
			default:
				return start, true
			}
		case endTagOpen:
			switch {
			case isLetter(c):
				s.begin(c, true)
			case c == '>':
				s.state = inText
			default:
				s.state = bogusComment
				i--
			}
		case tagName:
			if c != '>' && c != '/' && !isSpace(c) {
				if s.nameLen < nameMax {
					s.name[s.nameLen] = lower(c)
				}
				s.nameLen++
				if s.nameLen <= nameMax || s.end || s.templates > 0 {
					continue
				}
			}
			if s.leaves() {
				return start, true
			}
			s.state = beforeAttribute
			if s.capture {
				s.captured = s.captured[:0]
				if start < 0 {
					s.captured = append(s.captured, s.held[:s.heldLen]...)
				}
				s.captured = append(s.captured, p[max(start, 0):i]...)
			}
			i--
		case beforeAttribute, attributeName, afterAttributeName, beforeValue, valueDouble, valueSingle, valueBare:
			i += s.attribute(p[i:]) - 1
		case rawText, rawLess, rawEndOpen, rawEndName, scriptLess, scriptStartName, scriptBang, scriptBangDash:
			i += s.rawStep(p[i:]) - 1
		default:
			i += s.commentStep(p[i:]) - 1
		}
		if s.facts.refused != "" {
			return len(p), false
		}
	}
	return s.hold(p, start), false
}

// hold keeps the begin of an undecided token back and returns where it begins.
func (s *scanner) hold(p []byte, start int) int {
	switch s.state {
	case tagOpen, endTagOpen, tagName, inMark:
		if s.state == tagName && (s.end || s.templates > 0) && s.nameLen > nameMax {
			break
		}
		if start < 0 {
			s.heldLen += copy(s.held[s.heldLen:], p)
			return start
		}
		s.heldLen = copy(s.held[:], p[start:])
		return start
	}
	s.heldLen = 0
	return len(p)
}

// finish is called at the end of the document. It tells whether the place is there, before what is held.
func (s *scanner) finish() (found bool) {
	if s.facts.refused != "" || s.templates > 0 {
		return false
	}
	switch s.state {
	case inText:
		return true
	case inMark, tagOpen, endTagOpen, tagName:
		return s.heldLen > 0 // else the token's begin is out already
	}
	return false
}

func (s *scanner) begin(c byte, end bool) {
	s.state, s.end, s.nameLen = tagName, end, 1
	s.name[0] = lower(c)
}

// leaves tells whether the tag whose name has been read ends the head.
func (s *scanner) leaves() bool {
	name := ""
	if s.nameLen <= nameMax {
		name = string(s.name[:s.nameLen]) // does not allocate: it is only compared
	}
	s.capture = false
	s.raw = -1
	if s.end {
		if s.templates > 0 {
			if name == "template" {
				s.templates--
			}
			return false
		}
		switch name {
		case "head", "body", "html", "br":
			s.facts.document = s.facts.document || name != "br"
			return true
		}
		return false
	}
	raws := rawElements[:rawHead]
	if s.templates > 0 {
		raws = rawElements
	}
	for i, r := range raws {
		if name == r {
			s.raw = i
		}
	}
	switch name {
	case "html", "head", "title":
		s.facts.document = true
		s.capture = name == "html"
	case "meta", "base", "script":
		s.capture = s.templates == 0
	case "link", "style", "noscript", "noframes", "basefont", "bgsound":
	case "template":
		s.templates++
	default:
		if s.templates == 0 {
			s.facts.document = s.facts.document || name == "body" || name == "frameset"
			return true
		}
		switch name {
		case "svg", "math", "plaintext":
			// Inside these, tags mean other things, and no page is known that has them in a template of its head.
			s.facts.refused = "a template in its head holds " + s.foreign()
		}
	}
	return false
}

func (s *scanner) foreign() string { return string(s.name[:s.nameLen]) }

// attribute reads the attributes of a tag and returns how many bytes it took, at least one.
func (s *scanner) attribute(p []byte) int {
	i := 0
	for ; i < len(p); i++ {
		c := p[i]
		switch s.state {
		case beforeAttribute, attributeName, afterAttributeName:
			switch {
			case c == '>':
				i++
				s.capturing(p[:i])
				s.tagEnd()
				return i
			case c == '/':
				s.state = beforeAttribute
			case c == '=' && s.state != beforeAttribute:
				s.state = beforeValue
			case isSpace(c):
				if s.state == attributeName {
					s.state = afterAttributeName
				}
			default:
				s.state = attributeName
			}
		case beforeValue:
			switch {
			case c == '"':
				s.state = valueDouble
			case c == '\'':
				s.state = valueSingle
			case c == '>':
				i++
				s.capturing(p[:i])
				s.tagEnd()
				return i
			case !isSpace(c):
				s.state = valueBare
			}
		case valueBare:
			switch {
			case c == '>':
				i++
				s.capturing(p[:i])
				s.tagEnd()
				return i
			case isSpace(c):
				s.state = beforeAttribute
			}
		case valueDouble, valueSingle:
			quote := byte('"')
			if s.state == valueSingle {
				quote = '\''
			}
			n := bytes.IndexByte(p[i:], quote)
			if n < 0 {
				i = len(p)
				s.capturing(p)
				return i
			}
			i += n
			s.state = beforeAttribute
		}
	}
	s.capturing(p[:i])
	return i
}

func (s *scanner) capturing(p []byte) {
	if s.capture {
		s.captured = append(s.captured, p...)
		if len(s.captured) > capturedMax {
			s.capture = false
			s.facts.refused = "a tag in its head is too long to be understood"
		}
	}
}

func (s *scanner) tagEnd() {
	if s.capture {
		s.facts.learn(s.captured)
	}
	s.state = inText
	if !s.end && s.raw >= 0 {
		s.state, s.matched, s.dashes, s.escaped, s.double = rawText, 0, 0, false, false
	}
}

func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c |= 0x20
	}
	return c
}
