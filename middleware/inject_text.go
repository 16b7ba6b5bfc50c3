package middleware

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// commentStep reads comments, doctypes and their like (sections 13.2.5.41 to 13.2.5.53) and returns how many bytes it took, at least one.
func (s *scanner) commentStep(p []byte) int {
	for i, c := range p {
		switch s.state {
		case markup:
			switch c {
			case '-':
				s.state = markupDash
			case '>':
				s.state = inText
			case 'd', 'D':
				s.state = doctype
				s.facts.document = true
			default:
				s.state = bogusComment
			}
		case markupDash:
			switch c {
			case '-':
				s.state = commentStart
			case '>':
				s.state = inText
			default:
				s.state = bogusComment
			}
		case doctype, bogusComment:
			n := bytes.IndexByte(p[i:], '>')
			if n < 0 {
				return len(p)
			}
			s.state = inText
			return i + n + 1
		case commentStart:
			s.state = commentNext(c, commentStartDash)
		case commentStartDash:
			s.state = commentNext(c, commentEnd)
		case comment:
			n := bytes.IndexByte(p[i:], '-')
			if n < 0 {
				return len(p)
			}
			s.state = commentEndDash
			return i + n + 1
		case commentEndDash:
			s.state = comment
			if c == '-' {
				s.state = commentEnd
			}
		case commentEnd:
			s.state = commentNext(c, commentEnd)
			if c == '!' {
				s.state = commentEndBang
			}
		case commentEndBang:
			s.state = commentNext(c, commentEndDash)
		}
		if s.state == inText {
			return i + 1
		}
		if s.state == comment || s.state == bogusComment || s.state == doctype {
			return i + 1
		}
	}
	return len(p)
}

// commentNext is where a comment goes from a state in which > ends it and a hyphen leads on.
func commentNext(c byte, hyphen state) state {
	switch c {
	case '>':
		return inText
	case '-':
		return hyphen
	}
	return comment
}

// rawStep reads the text of a raw element up to its end tag (sections 13.2.5.2 to 13.2.5.31) and returns how many bytes it took:
// none when the first of them belongs to the end tag whose name is complete.
func (s *scanner) rawStep(p []byte) int {
	script := s.raw == rawScript
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch s.state {
		case rawText:
			if !script || !s.escaped {
				n := bytes.IndexByte(p[i:], '<')
				if n < 0 {
					return len(p)
				}
				i += n
				c = '<'
			}
			switch {
			case c == '<':
				s.state, s.dashes = rawLess, 0
			case c == '-':
				s.dashes++
			case c == '>' && s.dashes >= 2:
				s.escaped, s.double, s.dashes = false, false, 0
			default:
				s.dashes = 0
			}
		case rawLess:
			switch {
			case c == '/':
				s.state, s.matched = rawEndName, 0
			case script && !s.escaped && c == '!':
				s.state = scriptBang
			case script && s.escaped && !s.double && isLetter(c):
				s.state, s.matched = scriptStartName, 0
				i--
			default:
				s.state = rawText
				i--
			}
		case scriptBang:
			s.state = rawText
			if c == '-' {
				s.state = scriptBangDash
			} else {
				i--
			}
		case scriptBangDash:
			s.state = rawText
			if c == '-' {
				s.escaped, s.dashes = true, 2
			} else {
				i--
			}
		case rawEndName, scriptStartName:
			name := rawElements[s.raw]
			if s.matched < len(name) && lower(c) == name[s.matched] {
				s.matched++
				continue
			}
			whole := s.matched == len(name) && (c == '>' || c == '/' || isSpace(c))
			switch {
			case !whole:
				s.state = rawText
				i--
			case s.state == scriptStartName:
				s.double, s.state = true, rawText
			case s.double:
				s.double, s.state = false, rawText
			default:
				s.state, s.end, s.capture, s.raw = beforeAttribute, true, false, -1
				return i
			}
		}
	}
	return len(p)
}

// learn takes what counts from a complete start tag of the head.
func (f *facts) learn(tag []byte) {
	z := html.NewTokenizer(bytes.NewReader(tag))
	z.Next()
	t := z.Token()
	attr := map[string]string{}
	for _, a := range t.Attr {
		if _, twice := attr[a.Key]; !twice {
			attr[a.Key] = a.Val
		}
	}
	switch t.Data {
	case "html":
		for _, name := range []string{"amp", "⚡", "amp4ads", "⚡4ads", "amp4email", "⚡4email"} {
			if _, ok := attr[name]; ok {
				f.refused = "it is an AMP document, in which scripts of others are not valid"
			}
		}
	case "base":
		if _, ok := attr["href"]; ok {
			f.base = true
		}
	case "meta":
		if strings.EqualFold(strings.TrimSpace(attr["http-equiv"]), "content-security-policy") {
			f.policies = append(f.policies, attr["content"])
		}
	case "script":
		if _, ok := attr["data-qwelp-settings"]; ok {
			f.refused = alreadyThere
		}
	}
}

const alreadyThere = "the tag is there already"
