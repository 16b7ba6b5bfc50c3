package signal

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a path in the history.
const (
	maxPathSegments = 12
	maxPathChars    = 200
)

// A segment of a path stays when it is made of words: letters with single marks in between. All else may be a number, an address or a token. The sender
// has the same rules (sender/src/path.ts), checked with the same testdata/paths.json.
var (
	wordsOnly = regexp.MustCompile(`^\p{L}[\p{L}\p{M}]*([-_.~]\p{L}[\p{L}\p{M}]*)*$`)
	version   = regexp.MustCompile(`^v[0-9]{1,2}$`)
	longWord  = regexp.MustCompile(`[\p{L}\p{M}]{21}`)
	hexWord   = regexp.MustCompile(`^[a-fA-F]{8,}$`)
	caseFlips = regexp.MustCompile(`\p{Ll}\p{Lu}.*\p{Ll}\p{Lu}.*\p{Ll}\p{Lu}`)
	marks     = regexp.MustCompile(`[-_.~]`)

	// Words after which tokens come, which may be made of words themselves, and the words that may follow.
	leading   = regexp.MustCompile(`(?i)^(invit.*|einlad.*|uitnodig.*|zaprosz.*|convite|davet|reset|verif.*|confirm.*|token|magic.*|passwordless|unsub.*|opt-?out|share|shared|activat.*|recover.*|redeem|claim|accept|join|link|referral|ref|otp|oauth|auth|sso|signin|onetime|once|secret|key|best(ä|ae)tig.*|aktivier.*|freigabe)$`)
	following = regexp.MustCompile(`(?i)^(v\d{1,2}|a|about|account|address|all|app|auth|callback|cancel|change|check|choose|code|complete|completed|confirm|create|device|done|edit|email|e|end|error|expired|facebook|failed|faq|finish|forgot|form|friend|friends|help|html|index|info|invalid|link|linkedin|list|login|logout|mail|mobile|my|new|of|ok|order|orders|password|passwort|phone|php|pinterest|preview|profile|register|request|resend|reset|result|review|s|security|send|sent|settings|sign|in|out|up|signup|sms|start|status|step|success|team|telegram|thank|thanks|the|to|twitter|two|factor|unsubscribe|update|user|users|verify|verified|welcome|whatsapp|x|you|your)$`)

	// Letters that are side by side in fewer than one of a thousand words of eight languages; five consonants in a row are no word either.
	never      = regexp.MustCompile(`(?i)b[qvx]|c[bdfgmpv]|[dktfg][qx]|h[cjqvx]|j[hjqrwxy]|m[jqx]|p[qx]|q[a-tv-z]|[rs]x|v[bcdfghjkmnpqstwxyz]|w[gjqvwx]|x[bdfgjklmnqrswz]|y[qvxy]|z[qvx]`)
	together   = regexp.MustCompile(`(?i)sch|[cstpkg]h|ck|ng|st|ts|bb|dd|ff|gg|ll|mm|nn|pp|rr|ss|tt`)
	consonants = regexp.MustCompile(`(?i)[b-df-hj-np-tv-xz]{5}|^[b-df-hj-np-tv-xz]+$`)
)

// redacted stands for a segment that is not told.
const redacted = ":id"

// redactPath gives a path without what could name somebody. What is no path becomes "/:id".
func redactPath(path string) string {
	if !utf8.ValidString(path) || !strings.HasPrefix(path, "/") {
		return "/" + redacted
	}
	segments := strings.Split(path[1:], "/")
	if len(segments) > maxPathSegments {
		segments = append(segments[:maxPathSegments], "…")
	}
	led := false
	for i, s := range segments {
		if s != "" && s != redacted && s != "…" && s != ":private" && !isWords(s, led) {
			segments[i] = redacted
		}
		led = led || slices.ContainsFunc(marks.Split(segments[i], -1), leading.MatchString)
	}
	for len(segments) > 1 && utf8.RuneCountInString(strings.Join(segments, "/")) >= maxPathChars {
		segments = append(segments[:len(segments)-2], "…")
	}
	return "/" + strings.Join(segments, "/")
}

// isWords reports whether a segment is one that stays. led: a word before it leads to tokens.
func isWords(s string, led bool) bool {
	if version.MatchString(s) {
		return true
	}
	if utf8.RuneCountInString(s) > 40 || !wordsOnly.MatchString(s) || longWord.MatchString(s) || hexWord.MatchString(s) || caseFlips.MatchString(s) {
		return false
	}
	return !slices.ContainsFunc(marks.Split(s, -1), func(word string) bool { return isRandom(word) || led && !following.MatchString(word) })
}

// isRandom reports whether letters are none of a word.
func isRandom(word string) bool {
	return len(utf16.Encode([]rune(word))) >= 6 && (never.MatchString(word) || consonants.MatchString(together.ReplaceAllString(word, "s")))
}
