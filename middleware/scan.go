package middleware

import "bytes"

// verdict is what a scanner says about the bytes it has seen.
type verdict uint8

const (
	undecided verdict = iota // more bytes are needed
	here                     // the tag belongs right before the current token
	never                    // this document gets no tag
)

// state is where the tokenizer of the HTML standard (section 13.2.5) stands.
type state uint8

const (
	documentStart state = iota
	byteOrderMark
	data
	reference
	tagOpen
	endTagOpen
	tagName
	beforeAttribute
	attributeName
	afterAttributeName
	beforeValue
	quotedValue
	bareValue
	selfClosing
	declaration
	declarationDash
	doctype
	bogusComment
	commentStart
	commentStartDash
	comment
	commentDash
	commentEnd
	commentBang
	rawText
	rawTextOpen
	rawTextEnd
	scriptBang
	scriptBangDash
	escaped
	escapedDash
	escapedDashDash
	escapedOpen
	doubleStart
	doubleEscaped
	doubleDash
	doubleDashDash
	doubleOpen
	doubleEnd
)

// longestName is the length of the longest tag name that means something in a head, such as "noframes".
const longestName = 8

// maxMark bounds the bytes of a token about which nothing is decided yet.
const maxMark = 12

// scanner finds the end of a document's head as the HTML standard defines it: the place before the first token that makes
// the tree builder leave the head, whether the head's tags are written or not. It reads the document in pieces of any size,
// byte by byte where it matters, keeps no more of it than a name and one attribute, and knows the page's facts afterwards.
type scanner struct {
	page   page
	prefix string // where a script that is our tag comes from

	state state
	mark  int  // bytes of the current token, up to here, that may have to follow the tag
	begun bool // a byte was seen
	end   bool // the current tag is an end tag
	quote byte

	name  [longestName + 2]byte // lower case; also what the script states compare
	named int                   // its length, more than len(name) when it was too long
	back  state                 // where a raw text goes on when what looked like its end tag is none

	element   element // of the current tag, or whose raw text this is
	templates int     // open template elements
	selecting bool    // a select was seen in a template

	attributes attributes
	number     int // value of a numeric character reference
}

// reset begins a new document. Buffers are kept.
func (s *scanner) reset(prefix string, charset bool) {
	a := s.attributes
	a.begin(false)
	*s = scanner{prefix: prefix, attributes: a, page: page{charset: charset}}
}

// scan reads p. When the verdict is here, the place is s.mark bytes before p[n]; otherwise n has no meaning.
func (s *scanner) scan(p []byte) (n int, v verdict) {
	for i := 0; i < len(p); {
		c := p[i]
		switch s.state {
		case documentStart, byteOrderMark, data, reference, tagOpen, endTagOpen, tagName:
			again, v := s.undecidedByte(c)
			if v != undecided {
				return i, v
			}
			if again {
				continue
			}
			s.begun = true
			if s.state == data && s.templates > 0 {
				i += skipTo(p[i+1:], '<')
			}
		case quotedValue:
			// The value's end decides, so all before it is taken at once.
			k := bytes.IndexByte(p[i:], s.quote)
			if k < 0 {
				s.attributes.addValue(p[i:])
				return len(p), undecided
			}
			s.attributes.addValue(p[i : i+k])
			i += k
			s.state = beforeAttribute
			if v := s.attribute(); v != undecided {
				return i, v
			}
		case attributeName:
			// A name's end decides, as for a quoted value.
			k := i
			for k < len(p) && !endsAttributeName[p[k]] {
				k++
			}
			if s.attributes.addName(p[i:k]); k == len(p) {
				return len(p), undecided
			}
			i = k
			if v := s.attributeNameEnd(p[i]); v != undecided {
				return i, v
			}
			if s.state == beforeAttribute {
				continue
			}
		case beforeAttribute, afterAttributeName, beforeValue, bareValue, selfClosing:
			again, v := s.attributeByte(c)
			if v != undecided {
				return i, v
			}
			if again {
				continue
			}
		case bogusComment:
			i += skipTo(p[i:], '>')
			if i < len(p) {
				s.state = data
			}
		case comment:
			i += skipTo(p[i:], '-')
			if i < len(p) {
				s.state = commentDash
			}
		case rawText:
			i += skipTo(p[i:], '<')
			if i < len(p) {
				s.state = rawTextOpen
			}
		case declaration, declarationDash, doctype, commentStart, commentStartDash, commentDash, commentEnd, commentBang:
			if s.commentByte(c) {
				continue
			}
		default:
			if s.rawByte(c) {
				continue
			}
		}
		i++
	}
	return len(p), undecided
}

// atEOF tells whether the tag belongs before the s.mark last bytes of a document that ends here.
func (s *scanner) atEOF() verdict {
	if !s.begun || s.templates > 0 {
		return never
	}
	switch s.state {
	case reference:
		if blank, _ := blankReference(append(s.name[:min(s.named, len(s.name)-1)], 0)); blank {
			s.mark = 0 // the document's end is the reference's, too
		}
		return here
	case data, tagOpen, endTagOpen, byteOrderMark:
		return here
	case tagName:
		// The end of the document swallows an unfinished tag, but only what was not passed on yet can still follow our tag.
		if s.mark > 0 {
			return here
		}
	}
	return never
}

// skipTo returns how many bytes of p come before the first c: all of them when there is none.
func skipTo(p []byte, c byte) int {
	if k := bytes.IndexByte(p, c); k >= 0 {
		return k
	}
	return len(p)
}

// undecidedByte reads a byte of text, or of a tag whose name is not complete. again asks for the same byte in the new state.
func (s *scanner) undecidedByte(c byte) (again bool, v verdict) {
	switch s.state {
	case documentStart:
		switch c {
		case 0xEF, 0xFE, 0xFF:
			s.state, s.mark = byteOrderMark, 1
			s.name[0], s.named = c, 1
			return false, undecided
		}
		s.state = data
		return true, undecided
	case byteOrderMark:
		return s.byteOrderMarkByte(c)
	case data:
		return s.dataByte(c)
	case reference:
		return s.referenceByte(c)
	case tagOpen:
		switch {
		case isLetter(c):
			s.state, s.end, s.named = tagName, false, 0
			return true, undecided
		case c == '/':
			s.state = endTagOpen
			s.mark++
			return false, undecided
		case c == '!':
			s.state, s.mark = declaration, 0
			return false, undecided
		case c == '?':
			s.state, s.mark = bogusComment, 0
			return false, undecided
		}
		return s.text()
	case endTagOpen:
		switch {
		case isLetter(c):
			s.state, s.end, s.named = tagName, true, 0
			return true, undecided
		case c == '>':
			s.state, s.mark = data, 0
			return false, undecided
		}
		s.state, s.mark = bogusComment, 0
		return true, undecided
	default: // tagName
		if endsName(c) {
			if v := s.tag(); v != undecided {
				return false, v
			}
			s.mark = 0
			s.state = beforeAttribute
			return true, undecided
		}
		s.addName(c)
		if s.templates == 0 && s.named > longestName {
			if !s.end {
				return false, here
			}
			s.mark = 0
		} else if s.templates > 0 {
			s.mark = 0
		} else if s.mark > 0 {
			s.mark++
		}
		return false, undecided
	}
}

func (s *scanner) dataByte(c byte) (again bool, v verdict) {
	switch {
	case c == '<':
		s.state, s.mark = tagOpen, 1
	case s.templates > 0 || isSpace(c):
		s.mark = 0
	case c == '&':
		s.state, s.mark = reference, 1
		s.named, s.number = 0, 0
	default:
		return false, here
	}
	return false, undecided
}

// text says that the bytes since the mark are text after all.
func (s *scanner) text() (again bool, v verdict) {
	if s.templates == 0 {
		return false, here
	}
	s.state, s.mark = data, 0
	return true, undecided
}

// byteOrderMarkByte skips the mark of UTF-8 at the start of the document. The marks of UTF-16 overrule what the headers say.
func (s *scanner) byteOrderMarkByte(c byte) (again bool, v verdict) {
	first := s.name[0]
	switch {
	case first == 0xFE && c == 0xFF, first == 0xFF && c == 0xFE:
		s.page.reason = reasonCharset
		return false, never
	case first == 0xEF && s.named == 1 && c == 0xBB:
		s.named, s.mark = 2, 2
		return false, undecided
	case first == 0xEF && s.named == 2 && c == 0xBF:
		s.state, s.mark = data, 0
		return false, undecided
	}
	return false, here
}

// referenceByte tells references to white space, which a head may hold, from those to text.
func (s *scanner) referenceByte(c byte) (again bool, v verdict) {
	s.addName(c)
	if s.mark++; s.mark > maxMark {
		s.mark--
		return false, here
	}
	blank, more := blankReference(s.name[:min(s.named, len(s.name))])
	switch {
	case more && s.named < len(s.name):
		return false, undecided
	case !blank:
		s.mark--
		return false, here
	}
	s.state, s.mark = data, 0
	return c != ';', undecided
}

func (s *scanner) addName(c byte) {
	if 'A' <= c && c <= 'Z' && s.state != reference {
		c += 'a' - 'A'
	}
	if s.named < len(s.name) {
		s.name[s.named] = c
	}
	if s.named <= len(s.name) {
		s.named++
	}
}

// nameIs tells whether the name is exactly want.
func (s *scanner) nameIs(want string) bool {
	return s.named <= len(s.name) && string(s.name[:s.named]) == want
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z'
}
