package assets

import (
	"slices"
	"testing"
)

func TestTheCodingIsWhatTheClientLikesBest(t *testing.T) {
	for _, test := range []struct {
		name   string
		fields []string
		want   string // "" when nothing is acceptable
	}{
		{"a client that says nothing gets the plain body", nil, "identity"},
		{"an empty field accepts only the plain body", []string{""}, "identity"},
		{"a browser gets brotli", []string{"gzip, deflate, br, zstd"}, "br"},
		{"without brotli it is gzip", []string{"gzip, deflate"}, "gzip"},
		{"two fields are one list", []string{"gzip", "br"}, "br"},
		{"the higher weight wins", []string{"br;q=0.5, gzip;q=0.8"}, "gzip"},
		{"equal weights leave it to the server", []string{"gzip;q=0.8, br;q=0.800"}, "br"},
		{"weight 0 means not acceptable", []string{"br;q=0, gzip"}, "gzip"},
		{"a star stands for what is not listed", []string{"gzip;q=0.5, *"}, "br"},
		{"a star does not touch what is listed", []string{"br;q=0.1, *;q=0.5"}, "gzip"},
		{"a star alone accepts everything", []string{"*"}, "br"},
		{"the plain body can be preferred", []string{"identity, br;q=0.9"}, "identity"},
		{"an unlisted plain body comes last", []string{"gzip;q=0.001"}, "gzip"},
		{"unknown codings fall back to the plain body", []string{"zstd, deflate"}, "identity"},
		{"refused codings fall back to the plain body", []string{"br;q=0, gzip;q=0"}, "identity"},
		{"nothing may be acceptable", []string{"identity;q=0"}, ""},
		{"a refused star refuses the plain body", []string{"*;q=0"}, ""},
		{"a listed plain body survives a refused star", []string{"identity;q=0.1, *;q=0"}, "identity"},
		{"a refused plain body forces a coding", []string{"gzip;q=0.1, identity;q=0"}, "gzip"},
		{"names have no case and space around them", []string{"\t GZip ; Q=1.000 "}, "gzip"},
		{"x-gzip is gzip", []string{"x-gzip"}, "gzip"},
		{"a weight above one breaks the grammar", []string{"br;q=1.1, gzip"}, "gzip"},
		{"too many digits break the grammar", []string{"br;q=0.1234, gzip;q=0.1"}, "gzip"},
		{"other parameters break the grammar", []string{"br;level=11, gzip"}, "gzip"},
		{"empty elements are skipped", []string{",, gzip,"}, "gzip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := choose(test.fields, preference)
			if !ok {
				got = ""
			}
			if got != test.want {
				t.Errorf("got %q, want %q for %q", got, test.want, test.fields)
			}
		})
	}
}

// The answer is always something that was offered, and refusing is possible only for a client that
// excluded the plain body.
func FuzzChoose(f *testing.F) {
	for _, seed := range []string{"", "gzip, br", "br;q=0.5, *;q=0", "identity;q=0", "q=;q=, ;;, *;q=1.", "\x00;q=0.\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		coding, ok := choose([]string{field}, preference)
		if ok && !slices.Contains(preference, coding) {
			t.Errorf("got %q for %q", coding, field)
		}
		if !ok {
			weights := accepted([]string{field})
			_, identity := weights["identity"]
			if _, star := weights["*"]; !identity && !star {
				t.Errorf("refused %q, which excludes nothing", field)
			}
		}
	})
}
