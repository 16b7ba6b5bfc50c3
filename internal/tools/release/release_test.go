package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const version = "v0.9.1"

// apps use each module that is a library.
var apps = map[string]string{
	"github.com/qwelp/qwelp-go": `package main

import "github.com/qwelp/qwelp-go"

func main() { _, _ = qwelp.New(qwelp.Options{}) }
`,
	"github.com/qwelp/qwelp-go/sender/sendertest": `package main

import "github.com/qwelp/qwelp-go/sender/sendertest"

func main() { _ = sendertest.Leaks }
`,
	"github.com/qwelp/qwelp-go/signal/redisbroker": `package main

import (
	"context"

	"github.com/qwelp/qwelp-go"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

func main() {
	broker, _ := redisbroker.New(context.Background(), redisbroker.Options{URL: "redis://redis"})
	_, _ = qwelp.New(qwelp.Options{Signal: signal.Config{Broker: broker}})
}
`,
}

func TestEachModuleOfAReleaseCanBeUsedAlone(t *testing.T) {
	repository, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	root := clone(t, repository)
	tags, err := Prepare(root, version, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	modules, err := Modules(root)
	if err != nil {
		t.Fatal(err)
	}
	proxy := t.TempDir()
	for _, m := range modules {
		if m.Public() != slices.Contains(tags, m.Tag(version)) {
			t.Errorf("%s: its tag is among %v, or not", m.Path, tags)
		}
		if m.Public() {
			publish(t, proxy, root, m)
		}
	}
	changes, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil || !strings.Contains(string(changes), "## [Unreleased]\n\n## [0.9.1] - 2026-12-01\n") {
		t.Errorf("CHANGELOG.md is %.300s, %v", changes, err)
	}
	run := environment(t, proxy)
	used := 0
	for _, m := range modules {
		if !m.Public() {
			continue
		}
		used++
		t.Run(m.Path, func(t *testing.T) {
			dir := t.TempDir()
			sums, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.Dir), "go.sum")) // or a checksum database would have to be asked
			if err != nil {
				t.Fatal(err)
			}
			if app, ok := apps[m.Path]; ok {
				write(t, filepath.Join(dir, "main.go"), app)
				write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.26.0\n")
				write(t, filepath.Join(dir, "go.sum"), string(sums))
				run(t, dir, "get", m.Path+"@"+version)
				run(t, dir, "build", "-o", os.DevNull, ".")
			} else { // a program; to compile the frameworks of all of them would take minutes
				if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, filepath.FromSlash(m.Dir)))); err != nil {
					t.Fatal(err)
				}
				for _, other := range modules {
					run(t, dir, "mod", "edit", "-dropreplace="+other.Path)
				}
				run(t, dir, "list", "-deps", ".") // loads every package that it needs
			}
		})
	}
	if used < 2 {
		t.Errorf("%d modules were used", used)
	}
}

func TestWhatIsNoReleaseIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ version, changes, dir string }{
		"no version":            {"0.1.0", "## [Unreleased]\n- x\n", "sub"},
		"half a version":        {"v1", "## [Unreleased]\n- x\n", "sub"},
		"nothing to release":    {"v0.1.0", "## [Unreleased]\n", "sub"},
		"a module of that name": {"v0.1.0", "## [Unreleased]\n- x\n", "other"},
	} {
		root := t.TempDir()
		write(t, filepath.Join(root, "go.mod"), "module example.com/m\n")
		write(t, filepath.Join(root, "CHANGELOG.md"), c.changes)
		write(t, filepath.Join(root, c.dir, "go.mod"), "module example.com/m/sub\n\nrequire example.com/m v0.0.0\n")
		if tags, err := Prepare(root, c.version, time.Now()); err == nil {
			t.Errorf("%s: %v", name, tags)
		}
	}
}

// clone copies what a clone has: no installed packages, nothing of git.
func clone(t *testing.T, repository string) (root string) {
	t.Helper()
	root = t.TempDir()
	err := filepath.WalkDir(repository, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		relative, err := filepath.Rel(repository, name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(root, relative)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// publish puts a module into a module proxy, without the modules in its folders.
func publish(t *testing.T, proxy, root string, m Module) {
	t.Helper()
	dir := filepath.Join(root, filepath.FromSlash(m.Dir))
	at := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v", version)
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, at+".mod", string(mod))
	write(t, at+".info", fmt.Sprintf("{%q: %q}", "Version", version))
	out, err := os.Create(at + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := zip.CreateFromDir(out, module.Version{Path: m.Path, Version: version}, dir); err != nil {
		t.Fatal(err)
	}
}

// environment returns a function that runs go with an empty module cache, and proxy as one more source of modules.
func environment(t *testing.T, proxy string) (run func(t *testing.T, dir string, args ...string)) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache, rest, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	env := append(os.Environ(),
		"GOMODCACHE="+t.TempDir(),
		"GOPROXY="+strings.Join([]string{"file://" + filepath.ToSlash(proxy), "file://" + filepath.ToSlash(filepath.Join(cache, "cache", "download")), rest}, ","),
		"GONOSUMDB=github.com/qwelp/*",
		"GOFLAGS=-modcacherw -trimpath -mod=mod", // the directory can be removed, and what was built before is found though the module cache is another
		"GOTOOLCHAIN=local",
		"GOWORK=off",
	)
	return func(t *testing.T, dir string, args ...string) {
		t.Helper()
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = dir, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
