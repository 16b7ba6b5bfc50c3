package agent

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAPartOfALongTextIsReplaced(t *testing.T) {
	long := strings.Repeat("é🦊a", 100) // 4 units each
	for _, c := range []struct {
		name     string
		at, gone uint32
		text     string
		want     string // "": it is refused
	}{
		{"at the end", 400, 0, "more", long + "more"},
		{"at the begin", 0, 4, "", long[len("é🦊a"):]},
		{"behind a pair", 3, 1, "b", "é🦊b" + long[len("é🦊a"):]},
		{"within a pair", 2, 0, "b", ""},
		{"up to within a pair", 0, 2, "b", ""},
		{"behind the end", 401, 0, "b", ""},
		{"beyond the end", 399, 2, "b", ""},
		{"beyond all numbers", 1<<32 - 1, 1<<32 - 1, "b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var work tree
			got, err := work.spliced(long, wire.Splice{Node: 1, At: c.at, Gone: c.gone, Text: c.text})
			if (err != nil) != (c.want == "") || got != c.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
