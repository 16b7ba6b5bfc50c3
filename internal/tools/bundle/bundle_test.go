package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var repository = filepath.Join("..", "..", "..")

func TestTheCommittedBundlesAreFresh(t *testing.T) {
	want, err := dist(repository)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(repository, "assets", "dist")
	for name, body := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v. Run: go generate ./assets", err)
			continue
		}
		if !bytes.Equal(got, body) {
			t.Errorf("assets/dist/%s needs updating. Run: go generate ./assets", name)
		}
	}

	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if _, ok := want[entry.Name()]; !ok && entry.Name() != "index.d.ts" {
			t.Errorf("assets/dist/%s has no source: remove it", entry.Name())
		}
	}
}

// source writes files, given by slash-separated name, into a new directory.
func source(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, body := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestABundleFollowsImportsAndLeavesTheSessionPartOut(t *testing.T) {
	root := source(t, map[string]string{
		"src/auto.ts":     "/*! legal */ import { word } from './word.js'; export const start = () => import('./session.js'); export const said = word;",
		"src/word.ts":     "/** Says it. */ export const word: string = 'grüezi';",
		"src/session.ts":  "export const never = 'in the loader';",
		"tsconfig.json":   `{"compilerOptions": {"target": "es5"}}`,
		"src/unused.ts":   "export const unused = 1;",
		"src/nowhere.txt": "",
	})
	files, err := Bundle(root, []target{{name: "auto.js", source: "src/auto.ts", external: []string{"./session.js"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := string(files["auto.js"])
	for _, part := range []string{`"grüezi"`, `import("./session.js")`, "export{"} {
		if !strings.Contains(got, part) {
			t.Errorf("the bundle lacks %s: %s", part, got)
		}
	}
	for _, part := range []string{"legal", "Says it", "in the loader", "sourceMappingURL", root} {
		if strings.Contains(got, part) {
			t.Errorf("the bundle contains %s: %s", part, got)
		}
	}
}

func TestTheDirectoryDoesNotShowInABundle(t *testing.T) {
	files := map[string]string{
		"a/console.ts": "import { b } from '../b/b.js'; console.log(b, import.meta.url);",
		"b/b.ts":       "export const b = new Map([['key', 1]]);",
	}
	only := []target{{name: "console.js", source: "a/console.ts"}}
	one, err := Bundle(source(t, files), only)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Bundle(source(t, files), only)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one["console.js"], other["console.js"]) {
		t.Errorf("two directories, two bundles:\n%s\n%s", one["console.js"], other["console.js"])
	}
}

func TestHTMLIsCopiedAndCSSIsMinified(t *testing.T) {
	page := "<!doctype html>\n<title> as it is </title>\n"
	root := source(t, map[string]string{
		"m.html": page,
		"c.css":  "/* why */\nbody {\n  color: #ff0000;\n}\n",
	})
	files, err := Bundle(root, []target{{name: "mirror.html", source: "m.html"}, {name: "console.css", source: "c.css"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(files["mirror.html"]); got != page {
		t.Errorf("HTML was changed to %q", got)
	}
	if got, want := string(files["console.css"]), "body{color:red}\n"; got != want {
		t.Errorf("CSS is %q, want %q", got, want)
	}
}

func TestStylesWithinTypeScriptLoseTheirWhiteSpaceAndNothingElse(t *testing.T) {
	root := source(t, map[string]string{"a.ts": "const style = `\n.a, .b > c {\n  color: var(--x);\n  width: calc(1em + 2px) !important;\n}\n.c::before {\n  content: \"· \";\n}\n`;\nconst words = `\n  as they are\n`;\nconsole.log(style, words);"})
	files, err := Bundle(root, []target{{name: "a.js", source: "a.ts"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{".a,.b>c{color:var(--x);width:calc(1em + 2px)!important}", `.c::before{content:"· "}`, "\n  as they are\n"} {
		if got := string(files["a.js"]); !strings.Contains(got, part) {
			t.Errorf("the bundle lacks %q: %s", part, got)
		}
	}
}

func TestEveryMistakeIsReportedWithItsPlace(t *testing.T) {
	root := source(t, map[string]string{
		"broken.ts":  "const x = ;",
		"warned.ts":  "export const x = typeof window === 'undefned';",
		"missing.ts": "import './gone.js'",
	})
	_, err := Bundle(root, []target{
		{name: "broken.js", source: "broken.ts"},
		{name: "warned.js", source: "warned.ts"},
		{name: "missing.js", source: "missing.ts"},
		{name: "none.html", source: "none.html"},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"broken.js: broken.ts:1:11: ", "warned.js: warned.ts:1:36: ", "missing.js: missing.ts:1:8: ", "none.html"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error lacks %q: %v", part, err)
		}
	}
}
