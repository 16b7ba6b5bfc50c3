package sender

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of Privacy.
const (
	maxSelectors = 200 // in each list
	maxSelector  = 500 // characters
)

// Privacy says what never leaves the customer's browser, by CSS selectors. In HTML the attribute data-qwelp does the same for one element:
// "redact", "unredact", "hide" or "ignore"; any other value means "redact".
//
// What is said of an element holds for all inside it, shadow roots and frames included, until an element inside says otherwise. Where an
// element is named more than once, the strictest wins: ignore, hide, redact, unredact. Nothing inside a hidden element is shown again, and
// nothing unredacts what may never be sent: passwords, one-time codes, card data, hidden and file inputs. A field that is secret only by
// what it is called is shown where the attribute, or a selector of Unredact that has an id, class or attribute of the field, says so of it.
type Privacy struct {
	// What holds where nothing is said: "open" (the default) sends everything, "private" redacts all text and images, so that only what
	// Unredact names is seen.
	Default PrivacyDefault `json:"default,omitempty"`

	// What is redacted: the elements keep their sizes, all text, values and images in them stay away.
	Redact []string `json:"redact,omitempty"`

	// What is sent although it lies in something that is redacted.
	Unredact []string `json:"unredact,omitempty"`

	// What is replaced by one empty box of the same size, with all that is in it.
	Hide []string `json:"hide,omitempty"`
}

// PrivacyDefault is what holds for elements of which nothing is said.
type PrivacyDefault string

// The values of Privacy.Default; empty means PrivacyOpen.
const (
	PrivacyOpen    PrivacyDefault = "open"
	PrivacyPrivate PrivacyDefault = "private"
)

// Overlay returns p with the Default of over, when that is set, and the selectors of both: what is redacted for all pages is so on every
// route. Neither argument is changed.
func (p Privacy) Overlay(over Privacy) Privacy {
	if over.Default != "" {
		p.Default = over.Default
	}
	p.Redact = slices.Concat(p.Redact, over.Redact)
	p.Unredact = slices.Concat(p.Unredact, over.Unredact)
	p.Hide = slices.Concat(p.Hide, over.Hide)
	return p
}

func (p Privacy) check(bad func(field string, err error)) {
	if p.Default != "" && p.Default != PrivacyOpen && p.Default != PrivacyPrivate {
		bad("privacy.default", errors.New(`neither "open" nor "private"`))
	}
	for _, list := range []struct {
		field     string
		selectors []string
	}{{"privacy.redact", p.Redact}, {"privacy.unredact", p.Unredact}, {"privacy.hide", p.Hide}} {
		if len(list.selectors) > maxSelectors {
			bad(list.field, fmt.Errorf("more than %d selectors", maxSelectors))
		}
		for i, selector := range list.selectors {
			bad(fmt.Sprintf("%s[%d]", list.field, i), checkSelector(selector))
		}
	}
}

// checkSelector finds what is no CSS selector in any browser (Selectors 4, section 18). What else a selector may hold, only the browser
// knows; one that it does not take redacts everything there.
func checkSelector(text string) error {
	if utf8.RuneCountInString(text) > maxSelector {
		return fmt.Errorf("longer than %d characters", maxSelector)
	}
	var open []byte          // closing brackets that are due
	var bare strings.Builder // what is outside brackets and strings; each of those is an x
	for i := 0; i < len(text); i++ {
		c := text[i]
		inside := len(open) > 0
		switch {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f:
			return errors.New("holds control characters")
		case c == '\\':
			i++
			if i == len(text) {
				return errors.New("ends in a backslash")
			}
			c = 'x'
		case c == '"' || c == '\'':
			end := closing(text[i+1:], c)
			if end < 0 {
				return errors.New("a string has no end")
			}
			if !inside {
				return errors.New("a string outside brackets")
			}
			i += end + 1
			continue
		case c == '(':
			open = append(open, ')')
		case c == '[':
			open = append(open, ']')
		case c == ')' || c == ']':
			if !inside || open[len(open)-1] != c {
				return errors.New("brackets do not match")
			}
			open = open[:len(open)-1]
			continue
		case strings.IndexByte("{};@!$%^&/?<`=", c) >= 0 && !inside:
			return fmt.Errorf("%q is no part of a selector", c)
		}
		if !inside {
			if c == '(' || c == '[' {
				c = 'x'
			}
			bare.WriteByte(c)
		}
	}
	if len(open) > 0 {
		return errors.New("a bracket is not closed")
	}
	return checkSteps(bare.String())
}

// closing gives the index of the quote that ends a string; -1: it has no end.
func closing(text string, quote byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\n':
			return -1
		case quote:
			return i
		}
	}
	return -1
}

// checkSteps checks that a selector without its brackets has something before and after every comma and combinator, and names elements.
func checkSteps(bare string) error {
	if strings.Contains(bare, "::") {
		return errors.New("a pseudo-element: only elements can be named")
	}
	for part := range strings.SplitSeq(bare, ",") {
		if strings.TrimSpace(part) == "" {
			return errors.New("empty, or empty beside a comma")
		}
		for step := range strings.FieldsFuncSeq(part, func(r rune) bool { return strings.ContainsRune(" \t\r\n\f>+~", r) }) {
			last := step[len(step)-1]
			if last == '.' || last == '#' || last == ':' || strings.Contains(step, "..") || strings.Contains(step, "##") {
				return errors.New("a name is missing")
			}
		}
		fields := strings.Fields(strings.NewReplacer(">", " > ", "+", " + ", "~", " ~ ").Replace(part))
		combinator := true
		for _, field := range fields {
			is := field == ">" || field == "+" || field == "~"
			if is && combinator {
				return errors.New("a combinator without an element before it")
			}
			combinator = is
		}
		if combinator {
			return errors.New("a combinator without an element behind it")
		}
	}
	return nil
}
