package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// Module is a module of the repository.
type Module struct {
	Path string // as it is imported
	Dir  string // slash-separated, below the root; "." is the root itself
}

// Public reports whether others can use it.
func (m Module) Public() bool { return !strings.Contains(m.Path+"/", "/internal/") }

// Tag returns the git tag of a version of the module.
func (m Module) Tag(version string) string {
	if m.Dir == "." {
		return version
	}
	return m.Dir + "/" + version
}

// Modules lists the modules below root, that of the root first.
func Modules(root string) (all []Module, err error) {
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.Name() != "go.mod" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		found := Module{modfile.ModulePath(text), filepath.ToSlash(dir)}
		if found.Dir == "." {
			all = append([]Module{found}, all...)
		} else {
			all = append(all, found)
		}
		return nil
	})
	if err == nil && (len(all) == 0 || all[0].Dir != ".") {
		err = errors.New("no go.mod at the root")
	}
	return all, err
}

// Prepare makes the files below root those of a version, and returns the tags of the public ones: every module requires the others in it, instead of v0.0.0, which nobody can download. The replace
// directives stay: they are for work in the repository, and those who use a module do not see them.
func Prepare(root, version string, day time.Time) (tags []string, err error) {
	if semver.Canonical(version) != version {
		return nil, fmt.Errorf("%q is no version such as v0.1.0", version)
	}
	modules, err := Modules(root)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		if m.Dir != "." && m.Path != modules[0].Path+"/"+m.Dir {
			return nil, fmt.Errorf("%s: the module is called %s", m.Dir, m.Path)
		}
		if m.Public() {
			tags = append(tags, m.Tag(version))
		}
		if err := require(filepath.Join(root, filepath.FromSlash(m.Dir), "go.mod"), modules[0].Path, version); err != nil {
			return nil, err
		}
	}
	return tags, changelog(filepath.Join(root, "CHANGELOG.md"), version, day)
}

// require sets the version of all modules below repository that a go.mod requires.
func require(name, repository, version string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	file, err := modfile.Parse(name, text, nil)
	if err != nil {
		return err
	}
	for _, r := range file.Require {
		if r.Mod.Path == repository || strings.HasPrefix(r.Mod.Path, repository+"/") {
			if err := file.AddRequire(r.Mod.Path, version); err != nil {
				return err
			}
		}
	}
	file.Cleanup()
	text, err = file.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// changelog gives what is unreleased the name of a version.
func changelog(name, version string, day time.Time) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	const heading = "## [Unreleased]\n"
	before, after, ok := strings.Cut(string(text), heading)
	if !ok || strings.TrimSpace(after) == "" {
		return fmt.Errorf("%s: nothing is unreleased", name)
	}
	return os.WriteFile(name, fmt.Appendf(nil, "%s%s\n## [%s] - %s\n%s", before, heading, strings.TrimPrefix(version, "v"), day.Format(time.DateOnly), after), 0o644)
}
