package signal

import (
	"regexp"
	"strings"
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
	for i, s := range segments {
		if s != "" && s != redacted && s != "…" && s != ":private" && !isWords(s) {
			segments[i] = redacted
		}
	}
	for len(segments) > 1 && utf8.RuneCountInString(strings.Join(segments, "/")) >= maxPathChars {
		segments = append(segments[:len(segments)-2], "…")
	}
	return "/" + strings.Join(segments, "/")
}

func isWords(s string) bool {
	if version.MatchString(s) {
		return true
	}
	return utf8.RuneCountInString(s) <= 40 && wordsOnly.MatchString(s) && !longWord.MatchString(s) && !hexWord.MatchString(s) && !caseFlips.MatchString(s)
}
