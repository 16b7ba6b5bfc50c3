// Package goget checks that other people can use the module: from a module zip, as the module proxy would
// hand it out, with nothing but Go.
package goget

import (
	"debug/buildinfo"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

var qwelp = module.Version{Path: "github.com/qwelp/qwelp-go", Version: "v0.0.1"}

const app = `package main

import (
	"log"
	"net/http"

	"github.com/qwelp/qwelp-go/middleware"
)

func main() {
	q, err := middleware.New(middleware.Options{})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:0", q.Wrap(http.NotFoundHandler())))
}
`

func TestAnAppBuildsWithNothingButGo(t *testing.T) {
	repository, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	proxy := publish(t, repository)

	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), app)
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.26.0\n")
	// With the known sums no checksum database needs to be asked about the dependencies.
	sums, err := os.ReadFile(filepath.Join(repository, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sums))

	run := environment(t, dir, proxy)
	run("get", qwelp.Path+"/middleware@"+qwelp.Version)
	run("build", "-o", "app", ".")

	info, err := buildinfo.ReadFile(filepath.Join(dir, "app"))
	if err != nil {
		t.Fatal(err)
	}
	linked := make(map[string]bool)
	for _, dep := range info.Deps {
		linked[dep.Path] = true
		if strings.HasPrefix(dep.Path, "github.com/pion/") || strings.Contains(dep.Path, "sqlite") {
			t.Errorf("an app with the middleware alone links %s", dep.Path)
		}
	}
	// The database driver of an example is no dependency of an app.
	if mod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || strings.Contains(string(mod), "sqlite") {
		t.Errorf("the app's go.mod is %s, %v", mod, err)
	}
	if !linked[qwelp.Path] {
		t.Errorf("the app links %v, not %s", linked, qwelp.Path)
	}
}

// publish lays out a module proxy with the module in root and returns its URL. What is in the zip is what
// a clone has: no nested modules, no installed packages.
func publish(t *testing.T, root string) (url string) {
	t.Helper()
	var files []zip.File
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		if entry.IsDir() {
			_, err := os.Stat(filepath.Join(name, "go.mod"))
			if err == nil || entry.Name() == "node_modules" || entry.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		relative, err := filepath.Rel(root, name)
		if err == nil && entry.Type().IsRegular() {
			files = append(files, file{filepath.ToSlash(relative), name})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	proxy := t.TempDir()
	versions := filepath.Join(proxy, filepath.FromSlash(qwelp.Path), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(versions, qwelp.Version)
	write(t, filepath.Join(versions, "list"), qwelp.Version+"\n")
	write(t, at+".info", fmt.Sprintf("{%q: %q}", "Version", qwelp.Version))
	write(t, at+".mod", string(mod))
	out, err := os.Create(at + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	if err := zip.Create(out, qwelp, files); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(proxy)
}

// file is a file of the zip.
type file struct{ name, path string }

func (f file) Path() string                 { return path.Clean(f.name) }
func (f file) Lstat() (fs.FileInfo, error)  { return os.Lstat(f.path) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.path) }

// environment returns a function that runs go in dir, on a machine that has no other program, an empty
// module cache, and proxy as one more source of modules.
func environment(t *testing.T, dir, proxy string) (run func(args ...string)) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT", "GOMODCACHE", "GOPROXY", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	goroot, downloads := lines[0], "file://"+filepath.ToSlash(filepath.Join(lines[1], "cache", "download"))
	env := []string{
		"PATH=" + t.TempDir(),
		"HOME=" + t.TempDir(),
		"GOROOT=" + goroot,
		"GOCACHE=" + lines[3],
		"GOMODCACHE=" + t.TempDir(),
		"GOPROXY=" + strings.Join([]string{proxy, downloads, lines[2]}, ","),
		"GONOSUMDB=" + qwelp.Path,
		"GOFLAGS=-modcacherw", // or the directory could not be removed
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"CGO_ENABLED=0",
	}
	return func(args ...string) {
		t.Helper()
		cmd := exec.Command(filepath.Join(goroot, "bin", "go"), args...)
		cmd.Dir, cmd.Env = dir, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
