// Package visible makes texts of strangers fit to be shown.
package visible

import (
	"strings"
	"unicode"
)

// Line returns one visible line of at most limit runes of s: without control characters, without those that change the direction of text
// or take no room, and without runs of combining marks that would paint over what stands around the line. White space becomes one space.
// It reads no more than eight runes of s for each of limit.
func Line(s string, limit int) string {
	var b strings.Builder
	runes, marks, space, left := 0, 0, false, limit*mostHidden
	for _, r := range s {
		if left--; left < 0 {
			break
		}
		if unicode.IsSpace(r) {
			space = runes > 0
			continue
		}
		if unicode.Is(unicode.M, r) {
			marks++
		} else if visible(r) {
			marks = 0
		}
		if marks > 2 || !visible(r) {
			continue
		}
		if space && runes+1 < limit {
			b.WriteByte(' ')
			runes, space = runes+1, false
		}
		if space || runes >= limit {
			break
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}

const mostHidden = 8 // runes read for each that is shown

// blank are letters and symbols that Unicode counts as visible and fonts draw as nothing.
const blank = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Variation_Selector, r) &&
		!strings.ContainsRune(blank, r)
}
