package middleware

// skip reads text that goes on up to one byte.
func (s *scanner) skip(p []byte, i int) int {
	until, next := byte('<'), rawTextOpen
	switch s.state {
	case comment:
		until, next = '-', commentDash
	case bogusComment:
		until, next = '>', data
	case section:
		until, next = ']', sectionBracket
	}
	if i += skipTo(p[i:], until); i == len(p) {
		return i
	}
	s.state = next
	return i + 1
}

// commentByte reads a byte of a comment, a doctype or what the standard treats like one. It asks for the same byte in the new
// state by returning true.
func (s *scanner) commentByte(c byte) (again bool) {
	switch s.state {
	case declaration:
		switch {
		case c == '-':
			s.state = declarationDash
			return false
		case c|0x20 == 'd':
			s.state = doctype
			return true
		case c == '[' && s.isForeign():
			s.state = sectionStart
			return true
		}
		s.state = bogusComment
		return true
	case declarationDash:
		if c == '-' {
			s.state = commentStart
			return false
		}
		s.state = bogusComment
		return true
	case doctype:
		const name = "doctype"
		if c|0x20 != name[s.named] {
			s.state = bogusComment
			return true
		}
		if s.named++; s.named == len(name) {
			s.page.document = true
			s.state = bogusComment // a doctype ends at the first ">" as well, even one in quotes
		}
	case sectionStart:
		const name = "[CDATA["
		if c != name[s.named] {
			s.state = bogusComment
			return true
		}
		if s.named++; s.named == len(name) {
			s.state = section
		}
	case sectionBracket:
		if c != ']' {
			s.state = section
			return true
		}
		s.state = sectionEnd
	case sectionEnd:
		switch c {
		case '>':
			s.state = data
		case ']':
		default:
			s.state = section
			return true
		}
	case commentStart, commentStartDash:
		switch {
		case c == '>':
			s.state = data
		case c != '-':
			s.state = comment
			return true
		case s.state == commentStart:
			s.state = commentStartDash
		default:
			s.state = commentEnd
		}
	case commentDash:
		if c == '-' {
			s.state = commentEnd
		} else {
			s.state = comment
		}
	case commentEnd:
		switch c {
		case '>':
			s.state = data
		case '!':
			s.state = commentBang
		case '-':
		default:
			s.state = comment
		}
	case commentBang:
		switch c {
		case '>':
			s.state = data
		case '-':
			s.state = commentDash
		default:
			s.state = comment
		}
	}
	return false
}
