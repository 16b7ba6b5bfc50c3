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

// attribute is an attribute that means something to the scanner.
type attribute uint8

const (
	otherAttribute attribute = iota
	ampAttribute
	charsetAttribute
	contentAttribute
	encodingAttribute
	equivAttribute // http-equiv
	fontAttribute  // color, face, size
	hrefAttribute
	settingsAttribute // of our tag
	srcAttribute
)

// attributeOf returns the attribute of an element by its lower-case name.
func attributeOf(e element, name []byte) attribute {
	switch e {
	case htmlElement:
		if string(name) == "amp" || bytes.HasPrefix(name, []byte("⚡")) {
			return ampAttribute
		}
	case baseElement:
		if string(name) == "href" {
			return hrefAttribute
		}
	case scriptElement:
		switch string(name) {
		case "src":
			return srcAttribute
		case "data-qwelp-settings":
			return settingsAttribute
		}
	case metaElement:
		switch string(name) {
		case "http-equiv":
			return equivAttribute
		case "content":
			return contentAttribute
		case "charset":
			return charsetAttribute
		}
	case fontElement:
		switch string(name) {
		case "color", "face", "size":
			return fontAttribute
		}
	case annotationElement:
		if string(name) == "encoding" {
			return encodingAttribute
		}
	}
	return otherAttribute
}

// attributes keeps what matters of the attributes of one tag.
type attributes struct {
	wanted bool // this tag has attributes that matter

	name    [maxAttributeName]byte // lower case
	named   int                    // its length, more than len(name) when it was too long
	current attribute
	value   []byte // of an attribute that matters
	tooLong bool

	policy, declares bool // this meta element states a policy, the content type
	content          []byte
	contentTooLong   bool
	hasContent       bool
	charset          []byte
	font             bool // this font element has an attribute of its own
	isHTML           bool // the encoding of this annotation is HTML or XHTML
	hasEncoding      bool
}

func (a *attributes) begin(wanted bool) {
	if a.wanted, a.current = wanted, otherAttribute; !wanted {
		return
	}
	a.policy, a.declares, a.hasContent, a.contentTooLong = false, false, false, false
	a.font, a.isHTML, a.hasEncoding = false, false, false
	a.content, a.charset = a.content[:0], a.charset[:0]
}

func (a *attributes) beginName(c byte) {
	a.named = 0
	a.addName(c)
}

func (a *attributes) addName(c byte) {
	if c-'A' < 26 {
		c += 'a' - 'A'
	}
	if a.named < len(a.name) {
		a.name[a.named] = c
		a.named++
		return
	}
	a.named = len(a.name) + 1
}

// scanName reads p[i:] up to the end of a name.
func (a *attributes) scanName(p []byte, i int) int {
	for ; i < len(p) && p[i] != '=' && !endsName(p[i]); i++ {
		if a.wanted {
			a.addName(p[i])
		}
	}
	return i
}

// endName tells which attribute it is.
func (a *attributes) endName(e element) {
	a.current, a.value, a.tooLong = otherAttribute, a.value[:0], false
	if a.named <= len(a.name) {
		a.current = attributeOf(e, a.name[:a.named])
	}
}

func (a *attributes) addValue(p []byte) {
	if a.current == otherAttribute {
		return
	}
	if len(a.value)+len(p) > maxAttributeValue {
		a.tooLong = true
		p = p[:maxAttributeValue-len(a.value)]
	}
	a.value = append(a.value, p...)
}

// attribute notes the attribute that is complete.
func (s *scanner) attribute() verdict {
	if s.attributes.current == otherAttribute {
		return undecided
	}
	return s.note()
}

// note notes an attribute that matters.
func (s *scanner) note() verdict {
	a, p := &s.attributes, &s.page
	switch a.current {
	case ampAttribute:
		p.reason = reasonAMP
		return never
	case hrefAttribute:
		if !p.hasBase {
			p.hasBase, p.base = true, unescape(a.value)
		}
	case srcAttribute:
		if bytes.HasPrefix(a.value, []byte(s.prefix)) &&
			(bytes.HasSuffix(a.value, []byte("/auto.js")) || bytes.HasSuffix(a.value, []byte("/classic.js"))) {
			p.reason = reasonPresent
			return never
		}
	case settingsAttribute:
		p.reason = reasonPresent
		return never
	case equivAttribute:
		value := unescape(a.value)
		a.policy = a.policy || strings.EqualFold(value, "Content-Security-Policy")
		a.declares = a.declares || strings.EqualFold(value, "Content-Type")
	case contentAttribute:
		if !a.hasContent {
			a.hasContent, a.contentTooLong = true, a.tooLong
			a.content, a.value = a.value, a.content
		}
	case charsetAttribute:
		if len(a.charset) == 0 {
			a.charset = append(a.charset, a.value...)
		}
	case fontAttribute:
		a.font = true
	case encodingAttribute:
		if !a.hasEncoding {
			value := unescape(a.value)
			a.hasEncoding, a.isHTML = true, strings.EqualFold(value, "text/html") || strings.EqualFold(value, "application/xhtml+xml")
		}
	}
	return undecided
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
