package visible

import (
	"strings"
	"testing"
)

// The same cases are in agent/src/ui/line.test.ts.
func TestALineShowsWhatItSays(t *testing.T) {
	for in, want := range map[string]string{
		"Ann":                                "Ann",
		"  Ann \n\t Lee ":                    "Ann Lee",
		"Ann\u202eevil":                      "Annevil",
		"A\u200bn\u200dn\ufeff":              "Ann",
		"\x00\x1b[31mAnn":                    "[31mAnn",
		"\u2066\u2800\u3164":                 "",
		"\u061ca\u2067b\u2069c\u00add":       "abcd",
		"a\u2028b\u2029c\u0085d\u00a0e":      "a b c d e",
		"José Ñandú 李雷":                      "José Ñandú 李雷",
		"Z\u0301\u0302\u0303\u0304a":         "Z\u0301\u0302a",
		"Z\u0301\u200b\u0302\u200b\u0303":    "Z\u0301\u0302",
		strings.Repeat("x", 1000):            strings.Repeat("x", 64),
		strings.Repeat("é", 70) + "\u202e":   strings.Repeat("é", 64),
		strings.Repeat("x", 63) + " " + "yz": strings.Repeat("x", 63),
		"a\ue000b\U000f0000c\U000e0041d":     "abcd",
		"<script>":                           "<script>",
		"\U0001f600 x\xffy":                  "\U0001f600 x\ufffdy",
	} {
		if got := Line(in, 64); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
