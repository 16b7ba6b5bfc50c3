package signal

import (
	"strings"
	"unicode"
)

const (
	maxName     = 64 // runes
	defaultName = "Support agent"
)

// agentName is what the customer is shown of an agent: the name the app knows, else the one the agent typed.
func agentName(known, typed string) string {
	for _, name := range []string{known, typed} {
		if name = cleanName(name); name != "" {
			return name
		}
	}
	return defaultName
}

// cleanName gives one visible line of at most maxName runes: without control characters, without those that change the direction
// of text or take no room, and without runs of combining marks that would paint over what stands around the name.
func cleanName(s string) string {
	var b strings.Builder
	runes, marks := 0, 0
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		if marks > 2 || !visible(r) {
			continue
		}
		if runes == maxName {
			break
		}
		b.WriteRune(r)
		runes++
	}
	return strings.TrimSpace(b.String())
}

// blank are letters and symbols that Unicode counts as visible and fonts draw as nothing.
const blank = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

func visible(r rune) bool {
	return r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) &&
		!unicode.Is(unicode.Variation_Selector, r) && !strings.ContainsRune(blank, r)
}
