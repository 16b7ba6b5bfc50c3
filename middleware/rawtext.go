package middleware

// commentByte reads a byte of a comment, a doctype or what the standard treats like one. It asks for the same byte in the new
// state by returning true.
func (s *scanner) commentByte(c byte) (again bool) {
	switch s.state {
	case declaration:
		s.named = 0
		switch {
		case c == '-':
			s.state = declarationDash
			return false
		case c|0x20 == 'd':
			s.state = doctype
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

// rawByte reads a byte of the text of title, style, script and the like (HTML standard, sections 13.2.5.9 to 13.2.5.31). It asks
// for the same byte in the new state by returning true.
func (s *scanner) rawByte(c byte) (again bool) {
	switch s.state {
	case rawTextOpen:
		switch {
		case c == '/':
			s.state, s.back, s.named = rawTextEnd, rawText, 0
			return false
		case c == '!' && s.element == scriptElement:
			s.state = scriptBang
			return false
		}
		s.state = rawText
		return true
	case rawTextEnd:
		if isLetter(c) {
			s.addName(c)
			return false
		}
		if endsName(c) && s.named <= len(s.name) && elementOf(s.name[:s.named]) == s.element {
			s.state, s.end = beforeAttribute, true
			s.attributes.begin(false)
			return true
		}
		s.state = s.back
		return true
	case scriptBang:
		return s.expectDash(c, scriptBangDash)
	case scriptBangDash:
		return s.expectDash(c, escapedDashDash)
	case escapedOpen, doubleStart, doubleOpen, doubleEnd:
		return s.escapedTagByte(c)
	case escaped, escapedDash, escapedDashDash:
		s.state = escapedNext(c, s.state, escaped, escapedDash, escapedDashDash, escapedOpen)
	default:
		s.state = escapedNext(c, s.state, doubleEscaped, doubleDash, doubleDashDash, doubleOpen)
	}
	return false
}

func (s *scanner) expectDash(c byte, next state) (again bool) {
	if c == '-' {
		s.state = next
		return false
	}
	s.state = rawText
	return true
}

// escapedNext is the step that the two kinds of escaped script text have in common: plain text, after one dash, after two.
func escapedNext(c byte, now, plain, dash, dashDash, open state) state {
	switch {
	case c == '<':
		return open
	case c == '-' && now == plain:
		return dash
	case c == '-':
		return dashDash
	case c == '>' && now == dashDash:
		return rawText
	}
	return plain
}

// escapedTagByte reads what comes after a "<" in escaped script text, where "<script" hides the next "</script".
func (s *scanner) escapedTagByte(c byte) (again bool) {
	switch s.state {
	case escapedOpen:
		switch {
		case c == '/':
			s.state, s.back, s.named = rawTextEnd, escaped, 0
			return false
		case isLetter(c):
			s.state, s.named = doubleStart, 0
			return true
		}
		s.state = escaped
		return true
	case doubleOpen:
		if c == '/' {
			s.state, s.named = doubleEnd, 0
			return false
		}
		s.state = doubleEscaped
		return true
	}
	inside, outside := doubleEscaped, escaped
	if s.state == doubleEnd {
		inside, outside = escaped, doubleEscaped
	}
	switch {
	case endsName(c) && s.nameIs("script"):
		s.state = inside
	case endsName(c):
		s.state = outside
	case isLetter(c):
		s.addName(c)
	default:
		s.state = outside
		return true
	}
	return false
}

// endsName tells whether c ends the name of a tag.
func endsName(c byte) bool {
	return isSpace(c) || c == '/' || c == '>'
}
