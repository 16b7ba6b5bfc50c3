// Package internal_test checks what holds for the whole repository: who may import whom, and that no
// source file grows too long to be read at once.
package internal_test

//go:generate go -C tools run ./licences

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "github.com/qwelp/qwelp-go"

// The modules behind pion, which only signal/turn and agent may reach.
var pion = []string{"github.com/pion/", "github.com/wlynxg/anet", "github.com/google/uuid", "golang.org/x/"}

// allowed lists, for each package that apps may import, what it may reach besides the standard library,
// directly or not: packages of this module by their path in it, others by the start of their path.
var allowed = map[string][]string{
	".":                    {"middleware", "sender", "internal/metadata", "internal/request", "internal/scheme", "internal/seal", "internal/trunk", "internal/visible", "internal/vouch", "assets", "signal", "signal/wire", "github.com/gorilla/websocket", "internal/splice", "golang.org/x/net/html", "github.com/andybalholm/brotli", "github.com/klauspost/compress"},
	"sender":               {"internal/metadata", "internal/seal", "signal/wire"},
	"sender/templates":     {},
	"signal/wire":          {},
	"assets":               {"github.com/andybalholm/brotli"},
	"signal":               {"signal/wire", "internal/metadata", "internal/request", "internal/scheme", "internal/trunk", "internal/visible", "internal/vouch", "github.com/gorilla/websocket"},
	"signal/brokertest":    {"signal", "signal/wire", "internal/metadata", "internal/request", "internal/scheme", "internal/trunk", "internal/visible", "internal/vouch", "github.com/gorilla/websocket"},
	"signal/history":       {"signal", "signal/wire", "internal/metadata", "internal/request", "internal/scheme", "internal/trunk", "internal/visible", "internal/vouch", "github.com/gorilla/websocket"},
	"signal/turn":          append([]string{"internal/tokenbucket", "signal/wire"}, pion...),
	"agent":                append([]string{"internal/seal", "internal/tokenbucket", "signal/wire", "github.com/gorilla/websocket"}, pion...),
	"internal/metadata":    {},
	"internal/request":     {},
	"internal/scheme":      {},
	"internal/seal":        {"signal/wire"},
	"internal/tokenbucket": {},
	"internal/trunk":       {"github.com/gorilla/websocket"},
	"internal/visible":     {},
	"internal/vouch":       {},
	"internal/splice":      {},
	"middleware":           {"sender", "internal/metadata", "internal/request", "internal/scheme", "internal/seal", "internal/trunk", "internal/visible", "internal/vouch", "assets", "signal", "signal/wire", "github.com/gorilla/websocket", "internal/splice", "golang.org/x/net/html", "github.com/andybalholm/brotli", "github.com/klauspost/compress"},
	"internal/signaltest":  {"signal", "signal/wire", "internal/metadata", "internal/request", "internal/scheme", "internal/trunk", "internal/visible", "internal/vouch", "github.com/gorilla/websocket"},

	// The tests of signal itself use it.
	"signal/brokertest/faulty": {},
}

func TestPackagesReachOnlyWhatTheyMay(t *testing.T) {
	for _, pkg := range list(t, "./...") {
		if pkg.Standard || pkg.Module == nil || pkg.Module.Path != module {
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(pkg.ImportPath, module), "/")
		if name == "" {
			name = "."
		}
		rule, ok := allowed[name]
		if !ok {
			// What no app can import, or nobody but ourselves runs, may reach everything.
			if pkg.Name != "main" && !strings.HasPrefix(name, "internal/") && name != "internal" && !strings.HasPrefix(name, "examples/") {
				t.Errorf("%s has no rule: say in this test what it may reach", name)
			}
			continue
		}
		for _, dep := range pkg.Deps {
			if !reachable(dep, rule) {
				t.Errorf("%s must not reach %s", name, dep)
			}
		}
	}
}

// reachable reports whether rule, or being in the standard library, admits the package dep.
func reachable(dep string, rule []string) bool {
	if own, ok := strings.CutPrefix(dep, module+"/"); ok {
		dep = own
	} else if first, _, _ := strings.Cut(dep, "/"); !strings.Contains(first, ".") {
		return true
	}
	for _, entry := range rule {
		if dep == entry || strings.Contains(entry, ".") && strings.HasPrefix(dep, entry) {
			return true
		}
	}
	return false
}

func TestTheRulesTellDependenciesApart(t *testing.T) {
	rule := allowed["signal"]
	for dep, want := range map[string]bool{
		"net/http":                                   true,
		"vendor/golang.org/x/net/idna":               true,
		module + "/signal/wire":                      true,
		module + "/signal/turn":                      false,
		module + "/middleware":                       false,
		"github.com/gorilla/websocket":               true,
		"github.com/pion/turn/v5":                    false,
		"github.com/gorilla/mux":                     false,
		"golang.org/x/net/html":                      false,
		module + "/signal/wire/deeper":               false,
		"github.com/andybalholm/brotli/matchfinder":  false,
		"github.com/gorilla/websocket/some/internal": true,
	} {
		if got := reachable(dep, rule); got != want {
			t.Errorf("reachable(%q) is %t, want %t", dep, got, want)
		}
	}
}

// listed is what this test reads of the output of "go list -json".
type listed struct {
	ImportPath string
	Name       string
	Standard   bool
	Module     *struct{ Path string }
	Deps       []string
}

func list(t *testing.T, patterns ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Name,Standard,Module,Deps"}, patterns...)...)
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, pkg)
	}
}

var imports = regexp.MustCompile(`(?:^|[^.\w])(?:from|import)\s*\(?\s*["']([^"'\s]+)["']`)

// The browser code of customer and agent share the messages of signal/wire, and nothing is taken from a
// package: what runs in other people's pages is all in this repository.
func TestTheTwoSidesInTheBrowserShareOnlyTheMessages(t *testing.T) {
	for _, side := range []string{"sender/src", "agent/src"} {
		for _, file := range sources(t, side) {
			if path.Ext(file) != ".ts" || strings.HasSuffix(file, ".test.ts") || strings.Contains(file, "/testdata/") {
				continue
			}
			for _, match := range imports.FindAllStringSubmatch(read(t, file), -1) {
				if !strings.HasPrefix(match[1], ".") {
					t.Errorf("%s imports the package %s", file, match[1])
					continue
				}
				target := path.Join(path.Dir(file), match[1])
				if !strings.HasPrefix(target, side+"/") && !strings.HasPrefix(target, "signal/wire/") {
					t.Errorf("%s must not import %s", file, target)
				}
			}
		}
	}
}

var generated = regexp.MustCompile(`(?mi)^// (Code )?generated .* do not edit\.$`)

func TestNoSourceFileIsLongerThan400Lines(t *testing.T) {
	const limit = 400
	for _, file := range sources(t, ".") {
		text := read(t, file)
		if lines := strings.Count(text, "\n"); lines > limit && !generated.MatchString(text) {
			t.Errorf("%s has %d lines, the limit is %d: split it", file, lines, limit)
		}
	}
}

// sources returns the Go and TypeScript files below dir, by their slash-separated path in the repository.
func sources(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(".."), dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "dist" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if ext := path.Ext(name); ext == ".go" || ext == ".ts" {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
