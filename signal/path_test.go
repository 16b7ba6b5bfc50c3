package signal

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPathsLoseWhatCouldNameSomebody(t *testing.T) {
	data, err := os.ReadFile("testdata/paths.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Path, Told string }
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		// The browser has decoded what it tells.
		path := v.Path
		if decoded, err := url.PathUnescape(path); err == nil && !strings.Contains(path, "%2F") {
			path = decoded
		}
		if got := redactPath(path); got != v.Told {
			t.Errorf("%q: got %q, want %q", v.Path, got, v.Told)
		}
		if again := redactPath(v.Told); again != v.Told {
			t.Errorf("%q becomes %q", v.Told, again)
		}
	}
}

func FuzzRedactPath(f *testing.F) {
	f.Add("/orders/4711/returns")
	f.Add("/" + strings.Repeat("words/", 100))
	f.Fuzz(func(t *testing.T, path string) {
		got := redactPath(path)
		if !strings.HasPrefix(got, "/") || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxPathChars+2 || strings.ContainsAny(got, "?#@<>'\"\x00") {
			t.Errorf("%q became %q", path, got)
		}
		if again := redactPath(got); again != got {
			t.Errorf("%q became %q and then %q", path, got, again)
		}
	})
}
