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
	sectionStart
	section
	sectionBracket
	sectionEnd
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
// byte by byte where it matters, keeps no more of it than a name, one attribute and what is open in a template, and knows the
// page's facts afterwards.
type scanner struct {
	page   page
	prefix string // where a script that is our tag comes from

	state state
	mark  int  // bytes of the current token, up to here, that may have to follow the tag
	end   bool // the current tag is an end tag
	slash bool // it is a self-closing one
	raw   bool // it can only be the end of a raw text
	quote byte

	name  [maxName]byte // lower case; also what the script states compare
	named int           // its length, more than len(name) when it was too long
	back  state         // where a raw text goes on when what looked like its end tag is none

	element    element // of the current tag, or whose raw text this is
	attributes attributes

	templates int    // open template elements
	fresh     bool   // nothing but what a head may hold as well was seen since the last template tag
	certain   bool   // that it is so, not assumed
	columns   uint64 // templates, by their depth, that have begun with a column: but for templates, their tags are ignored
	selecting bool   // a select was seen in a template
	open      []node // elements of SVG and MathML that are open in a template, and what is in those
}

// reset begins a new document. Buffers are kept.
func (s *scanner) reset(prefix string, charset bool) {
	s.page, s.prefix = page{charset: charset}, prefix
	s.state, s.mark, s.raw = documentStart, 0, false
	s.templates, s.selecting, s.open = 0, false, s.open[:0]
}

// scan reads p. When the verdict is here, the place is s.mark bytes before p[n]; otherwise n has no meaning.
func (s *scanner) scan(p []byte) (n int, v verdict) {
	// Each step reads as much as its state goes on for, and at least one byte or to another state.
	for i := 0; i < len(p) && v == undecided; {
		switch s.state {
		case documentStart, byteOrderMark:
			i, v = s.scanMark(p, i)
		case data:
			i, v = s.scanText(p, i)
		case reference:
			i, v = s.scanReference(p, i)
		case tagOpen, endTagOpen:
			i, v = s.scanTagOpen(p, i)
		case tagName:
			i, v = s.scanTagName(p, i)
		case beforeAttribute, attributeName, afterAttributeName, beforeValue, quotedValue, bareValue, selfClosing:
			i, v = s.scanTag(p, i)
		case rawText, comment, bogusComment, section:
			i = s.skip(p, i)
		case rawTextEnd:
			i = s.scanRawTextEnd(p, i)
		case declaration, declarationDash, doctype, sectionStart, sectionBracket, sectionEnd,
			commentStart, commentStartDash, commentDash, commentEnd, commentBang:
			if again := s.commentByte(p[i]); !again {
				i++
			}
		default:
			if again := s.rawByte(p[i]); !again {
				i++
			}
		}
		n = i
	}
	return n, v
}

// atEOF tells whether the tag belongs before the s.mark last bytes of a document that ends here.
func (s *scanner) atEOF() verdict {
	if s.templates > 0 {
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

// scanMark skips the byte order mark of UTF-8 at the start of the document. Those of UTF-16 overrule what the headers say.
func (s *scanner) scanMark(p []byte, i int) (int, verdict) {
	c := p[i]
	if s.state == documentStart {
		switch c {
		case 0xEF, 0xFE, 0xFF:
			s.state, s.mark = byteOrderMark, 1
			s.name[0], s.named = c, 1
			return i + 1, undecided
		}
		s.state = data
		return i, undecided
	}
	switch first := s.name[0]; {
	case first == 0xFE && c == 0xFF, first == 0xFF && c == 0xFE:
		s.page.reason = reasonCharset
		return i, never
	case first == 0xEF && s.named == 1 && c == 0xBB:
		s.named, s.mark = 2, 2
		return i + 1, undecided
	case first == 0xEF && s.named == 2 && c == 0xBF:
		s.state, s.mark = data, 0
		return i + 1, undecided
	}
	return i, here
}

// scanText reads what stands between tags. In a head that is white space only, in a template anything.
func (s *scanner) scanText(p []byte, i int) (int, verdict) {
	if s.mark = 0; s.templates > 0 {
		if i += skipTo(p[i:], '<'); i < len(p) {
			s.state = tagOpen
			i++
		}
		return i, undecided
	}
	if i = skipSpace(p, i); i == len(p) {
		return i, undecided
	}
	switch p[i] {
	case '<':
		if s.state, s.mark = tagOpen, 1; i+1 < len(p) {
			return s.scanTagOpen(p, i+1) // at once, as every tag takes these steps
		}
	case '&':
		s.state, s.mark, s.named = reference, 1, 0
	default:
		return i, here
	}
	return i + 1, undecided
}

// scanReference tells references to white space from those to text.
func (s *scanner) scanReference(p []byte, i int) (int, verdict) {
	s.addName(p[i])
	if s.mark == maxMark {
		return i, here
	}
	blank, more := blankReference(s.name[:s.named])
	switch {
	case more:
		s.mark++
	case !blank:
		return i, here
	default:
		s.state, s.mark = data, 0
		if p[i] != ';' {
			return i, undecided
		}
	}
	return i + 1, undecided
}

// skipTo returns how many bytes of p come before the first c: all of them when there is none.
func skipTo(p []byte, c byte) int {
	if k := bytes.IndexByte(p, c); k >= 0 {
		return k
	}
	return len(p)
}

// skipSpace returns the index of the first byte of p[i:] that is no white space.
func skipSpace(p []byte, i int) int {
	for i < len(p) && isSpace(p[i]) {
		i++
	}
	return i
}

// addName adds a byte to the name, which is in lower case but for a reference's.
func (s *scanner) addName(c byte) {
	if c-'A' < 26 && s.state != reference {
		c += 'a' - 'A'
	}
	if s.named < len(s.name) {
		s.name[s.named] = c
		s.named++
		return
	}
	s.named = len(s.name) + 1
}

// nameIs tells whether the name is exactly want.
func (s *scanner) nameIs(want string) bool { return string(s.known()) == want }

// known returns the name, empty when it is too long to be one that matters.
func (s *scanner) known() []byte {
	if s.named > len(s.name) {
		return nil
	}
	return s.name[:s.named]
}

func isSpace(c byte) bool {
	return c <= ' ' && uint64(1)<<c&(1<<' '|1<<'\n'|1<<'\t'|1<<'\r'|1<<'\f') != 0
}

func isLetter(c byte) bool { return c|0x20-'a' < 26 }
