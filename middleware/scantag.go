package middleware

import "bytes"

// scanTagOpen reads the byte after "<" or "</".
func (s *scanner) scanTagOpen(p []byte, i int) (int, verdict) {
	c := p[i]
	switch {
	case isLetter(c):
		s.end, s.named = s.state == endTagOpen, 0
		s.state = tagName
		return s.scanTagName(p, i)
	case s.state == endTagOpen && c == '>':
		s.state, s.mark = data, 0
		return i + 1, undecided
	case s.state == endTagOpen:
		s.state, s.mark = bogusComment, 0
		return i, undecided
	case c == '/':
		s.state = endTagOpen
		if s.mark > 0 {
			s.mark++
		}
		return i + 1, undecided
	case c == '!':
		s.state, s.mark, s.named = declaration, 0, 0
		return i + 1, undecided
	case c == '?':
		s.state, s.mark = bogusComment, 0
		return i, undecided
	case s.templates == 0:
		return i, here // it is text
	}
	s.state = data
	return i, undecided
}

// scanTagName reads the name of a tag, which decides about it.
func (s *scanner) scanTagName(p []byte, i int) (int, verdict) {
	end := i
	for end < len(p) && !endsName(p[end]) {
		s.addName(p[end])
		end++
	}
	switch {
	case s.mark == 0:
	case s.named <= longestName:
		s.mark += end - i
	case !s.end:
		return i, here
	default:
		s.mark = 0
	}
	if i = end; i == len(p) {
		return i, undecided
	}
	if v := s.tag(); v != undecided {
		return i, v
	}
	s.state, s.mark = beforeAttribute, 0
	return s.scanTag(p, i)
}

// scanTag reads a tag after its name: attributes, each with a name and perhaps a value, up to the ">".
func (s *scanner) scanTag(p []byte, i int) (_ int, v verdict) {
	a, state := &s.attributes, s.state
	for i < len(p) && v == undecided {
		// In the order in which the parts of an attribute come; the piece may begin anywhere among them.
		if state == beforeAttribute {
			if !a.wanted {
				i = skipAttributes(p, i)
			}
			if i = skipSpace(p, i); i == len(p) {
				break
			}
			switch p[i] {
			case '>':
				return i + 1, s.tagEnd()
			case '/':
				state = selfClosing
			default:
				a.beginName(p[i]) // even with "=", which begins a name here
				state = attributeName
			}
			i++
		}
		if state == attributeName {
			if i = a.scanName(p, i); i == len(p) {
				break
			}
			if a.wanted {
				a.endName(s.element)
			}
			state = afterAttributeName
		}
		if state == afterAttributeName {
			if i = skipSpace(p, i); i == len(p) {
				break
			}
			if p[i] != '=' {
				state, v = beforeAttribute, s.attribute()
				continue
			}
			state = beforeValue
			i++
		}
		if state == beforeValue {
			if i = skipSpace(p, i); i == len(p) {
				break
			}
			switch p[i] {
			case '"', '\'':
				state, s.quote = quotedValue, p[i]
				i++
			case '>':
				state, v = beforeAttribute, s.attribute()
				continue
			default:
				state = bareValue
			}
		}
		if state == quotedValue {
			end := i + skipTo(p[i:], s.quote)
			a.addValue(p[i:end])
			if i = end; i < len(p) {
				state, v = beforeAttribute, s.attribute()
				i++
			}
		}
		if state == bareValue {
			end := i
			for end < len(p) && p[end] != '>' && !isSpace(p[end]) {
				end++
			}
			a.addValue(p[i:end])
			if i = end; i < len(p) {
				state, v = beforeAttribute, s.attribute()
			}
		}
		if state == selfClosing && i < len(p) {
			state, s.slash = beforeAttribute, p[i] == '>'
		}
	}
	s.state = state
	return i, v
}

// skipAttributes skips attributes as most are written: a space, a name of letters, and a value in double quotes. It stops before the first
// that is anything else, or not complete.
func skipAttributes(p []byte, i int) int {
	for at := i; at < len(p) && p[at] == ' '; {
		at++
		start := at
		for at < len(p) && (isLetter(p[at]) || p[at] == '-') {
			at++
		}
		if at == start || at+1 >= len(p) || p[at] != '=' || p[at+1] != '"' {
			break
		}
		end := bytes.IndexByte(p[at+2:], '"')
		if end < 0 {
			break
		}
		at += 2 + end + 1
		i = at
	}
	return i
}

// endsName tells whether c ends the name of a tag.
func endsName(c byte) bool { return isSpace(c) || c == '/' || c == '>' }
