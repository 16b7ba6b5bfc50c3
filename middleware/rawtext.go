package middleware

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

// scanRawTextEnd reads what looks like the end tag of a raw text.
func (s *scanner) scanRawTextEnd(p []byte, i int) int {
	for ; i < len(p) && isLetter(p[i]); i++ {
		s.addName(p[i])
	}
	if i == len(p) {
		return i
	}
	s.state = s.back
	if endsName(p[i]) && elementOf(s.known()) == s.element {
		s.state = beforeAttribute
		s.attributes.begin(false)
	}
	return i
}
