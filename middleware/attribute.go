package middleware

import (
	"bytes"
	"html"
	"strings"
)

// Limits on what is kept of an attribute. A policy that is longer cannot be judged.
const (
	maxAttributeName  = 24
	maxAttributeValue = 8 << 10
)

// attributes keeps what matters of the attributes of one tag.
type attributes struct {
	wanted bool // this tag has attributes that matter

	name    [maxAttributeName]byte // lower case
	named   int                    // its length, more than len(name) when it was too long
	value   []byte
	tooLong bool

	policy, declares bool // this meta element states a policy, the content type
	content          []byte
	contentTooLong   bool
	hasContent       bool
	charset          []byte
}

func (a *attributes) begin(wanted bool) {
	a.wanted = wanted
	a.named, a.value, a.tooLong = 0, a.value[:0], false
	a.policy, a.declares, a.hasContent, a.contentTooLong = false, false, false, false
	a.content, a.charset = a.content[:0], a.charset[:0]
}

func (a *attributes) beginName() {
	a.named, a.value, a.tooLong = 0, a.value[:0], false
}

func (a *attributes) addName(p []byte) {
	if !a.wanted {
		return
	}
	for _, c := range p {
		if a.named >= len(a.name) {
			a.named = len(a.name) + 1
			return
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		a.name[a.named] = c
		a.named++
	}
}

func (a *attributes) addValue(p []byte) {
	if !a.wanted {
		return
	}
	if len(a.value)+len(p) > maxAttributeValue {
		a.tooLong = true
		p = p[:maxAttributeValue-len(a.value)]
	}
	a.value = append(a.value, p...)
}

func (a *attributes) addByte(c byte) {
	if !a.wanted {
		return
	}
	if len(a.value) == maxAttributeValue {
		a.tooLong = true
		return
	}
	a.value = append(a.value, c)
}

// take notes the attribute that is complete.
func (a *attributes) take(e element, p *page, prefix string) verdict {
	if !a.wanted || a.named == 0 || a.named > len(a.name) {
		return undecided
	}
	name := a.name[:a.named]
	switch e {
	case htmlElement:
		if string(name) == "amp" || bytes.HasPrefix(name, []byte("⚡")) {
			p.reason = reasonAMP
			return never
		}
	case baseElement:
		if string(name) == "href" && !p.hasBase {
			p.hasBase, p.base = true, unescape(a.value)
		}
	case scriptElement:
		src := string(name) == "src" && bytes.HasPrefix(a.value, []byte(prefix)) && bytes.HasSuffix(a.value, []byte("/auto.js"))
		if src || string(name) == "data-qwelp-settings" {
			p.reason = reasonPresent
			return never
		}
	case metaElement:
		a.takeMeta(string(name))
	}
	return undecided
}

func (a *attributes) takeMeta(name string) {
	switch name {
	case "http-equiv":
		a.policy = a.policy || strings.EqualFold(unescape(a.value), "Content-Security-Policy")
		a.declares = a.declares || strings.EqualFold(unescape(a.value), "Content-Type")
	case "content":
		if !a.hasContent {
			a.hasContent, a.contentTooLong = true, a.tooLong
			a.content = append(a.content[:0], a.value...)
		}
	case "charset":
		if len(a.charset) == 0 {
			a.charset = append(a.charset, a.value...)
		}
	}
}

// finish notes what a whole tag says.
func (a *attributes) finish(e element, p *page) verdict {
	if e != metaElement || !a.wanted {
		return undecided
	}
	if a.policy && a.hasContent {
		if a.contentTooLong {
			p.reason = reasonPolicy
			return never
		}
		p.policies = append(p.policies, unescape(a.content))
	}
	if p.charset {
		return undecided
	}
	label := string(a.charset)
	if label == "" && a.declares {
		label = charsetOf(unescape(a.content))
	}
	// The standard reads UTF-16 here as UTF-8: the bytes of the element itself prove that it is none.
	if label != "" && !isUTF16(label) && !asciiCompatible(label) {
		p.reason = reasonCharset
		return never
	}
	return undecided
}

// unescape resolves the character references of an attribute's value.
func unescape(value []byte) string { return html.UnescapeString(string(value)) }

// attribute notes the attribute of the current tag that is complete.
func (s *scanner) attribute() verdict {
	return s.attributes.take(s.element, &s.page, s.prefix)
}

// attributeByte reads a byte of a tag after its name. again asks for the same byte in the new state.
func (s *scanner) attributeByte(c byte) (again bool, v verdict) {
	a := &s.attributes
	switch s.state {
	case beforeAttribute:
		switch {
		case isSpace(c):
		case c == '/':
			s.state = selfClosing
		case c == '>':
			return false, s.tagEnd()
		default:
			a.beginName()
			a.addName([]byte{c}) // even "=", which begins a name here
			s.state = attributeName
		}
	case afterAttributeName:
		v := s.attributeNameEnd(c)
		return s.state == beforeAttribute, v
	case beforeValue:
		switch {
		case isSpace(c):
		case c == '"' || c == '\'':
			s.state, s.quote = quotedValue, c
		case c == '>':
			s.state = beforeAttribute
			return true, s.attribute()
		default:
			s.state = bareValue
			return true, undecided
		}
	case bareValue:
		if isSpace(c) || c == '>' {
			s.state = beforeAttribute
			return true, s.attribute()
		}
		a.addByte(c)
	case selfClosing:
		s.state = beforeAttribute
		return true, undecided
	}
	return false, undecided
}

// endsAttributeName holds the bytes that end the name of an attribute.
var endsAttributeName = [256]bool{' ': true, '\t': true, '\n': true, '\f': true, '\r': true, '/': true, '>': true, '=': true}

// attributeNameEnd reads the byte after an attribute's name. In state beforeAttribute the same byte is to be read again.
func (s *scanner) attributeNameEnd(c byte) verdict {
	switch {
	case isSpace(c):
		s.state = afterAttributeName
	case c == '=':
		s.state = beforeValue
	default:
		s.state = beforeAttribute
		return s.attribute()
	}
	return undecided
}
