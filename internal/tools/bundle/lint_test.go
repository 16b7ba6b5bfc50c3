package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// replaced are methods that scripts of pages are known to have replaced by others that do less, or something else; sender/src has its own for what they do.
var replaced = []struct{ what, use string }{
	{`\.(reduce|reduceRight)\(`, "a loop"},
	{`\.(flatMap|flat)\(`, "each of platform/lists.ts"},
	{`\.(at|findLast|findLastIndex|toSorted|toReversed)\(-?\d*\)`, "an index"},
	{`\.matchAll\(`, "allMatches of platform/texts.ts"},
	{`\.replaceAll\(`, "replace with a global expression, or split and join"},
	{`\.(prepend|replaceChildren|replaceWith|insertAdjacentHTML)\(`, "refill of page/dom.ts"},
	{`\b(element|parent|host|root|body|svg|list|button)\)?\??\.append\(`, "append of page/dom.ts"},
	{`\.closest\(`, "nearest"},
	{`\.matches\(`, "matches of capture/methods.ts, or webkitMatchesSelector"},
	{`\bArray\.of\(`, "brackets"},
	{`\.(innerText|innerHTML|outerHTML|childNodes)\b`, "what capture/nodes.ts has"},
	{`for \((const|let|var) \w+ in `, "Object.keys: the page may have added to Object.prototype"},
}

func TestTheSenderCallsNothingThatPagesReplace(t *testing.T) {
	for _, of := range []string{"sender/src", "signal/wire"} {
		lint(t, filepath.Join(repository, filepath.FromSlash(of)))
	}
}

func lint(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".test.ts") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, rule := range replaced {
				if found := regexp.MustCompile(rule.what).FindString(line); found != "" {
					t.Errorf("%s:%d: %q: use %s", path, i+1, found, rule.use)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
