package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const own = "github.com/qwelp/qwelp-go"

// modules are the folders of ours that apps link.
var modules = []string{".", "signal/redisbroker"}

// platforms are those whose dependencies are looked at: some are there on one platform only.
var platforms = []string{"linux", "darwin", "windows"}

// dependency is a module that is linked into apps.
type dependency struct {
	path string
	dir  string          // where its source is
	by   map[string]bool // our packages that need it
}

// Text returns THIRD_PARTY_LICENSES.md for the module in root: the licence of every module that ends up in
// the binary of an app, with the packages that bring it there. Examples, tests and tools do not count.
func Text(root string) ([]byte, error) {
	found, err := dependencies(root)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("# Licences of third parties\n\n" +
		"What is linked into an app that imports the packages named. Made by `go generate ./internal`.\n")
	for _, path := range slices.Sorted(maps.Keys(found)) {
		dep := found[path]
		fmt.Fprintf(&out, "\n## %s\n\nNeeded by: %s\n", path, strings.Join(slices.Sorted(maps.Keys(dep.by)), ", "))
		texts, err := texts(dep.dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, text := range texts {
			fmt.Fprintf(&out, "\n```\n%s\n```\n", strings.Trim(text, "\n"))
		}
	}
	return out.Bytes(), nil
}

// texts returns the licence of the module in dir, and what has to be passed on with it.
func texts(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var licences, others []string
	for _, entry := range entries {
		name, extension, _ := strings.Cut(strings.ToUpper(entry.Name()), ".")
		licence := slices.Contains([]string{"LICENSE", "LICENCE", "COPYING"}, name)
		if entry.IsDir() || !slices.Contains([]string{"", "MD", "TXT"}, extension) || !licence && name != "NOTICE" && name != "PATENTS" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		if licence {
			licences = append(licences, string(text))
		} else {
			others = append(others, string(text))
		}
	}
	if len(licences) == 0 {
		return nil, errors.New("no licence found")
	}
	return append(licences, others...), nil
}

// dependencies returns the modules that the importable packages in root link, by path.
func dependencies(root string) (map[string]*dependency, error) {
	found := make(map[string]*dependency)
	for _, module := range modules {
		for _, platform := range platforms {
			packages, err := list(filepath.Join(root, module), platform)
			if err != nil {
				return nil, err
			}
			add(found, packages)
		}
	}
	return found, nil
}

func add(found map[string]*dependency, packages map[string]listed) {
	for _, pkg := range packages {
		name, ours := strings.CutPrefix(pkg.ImportPath, own)
		name = strings.TrimPrefix(name, "/")
		if !ours || pkg.Name == "main" || strings.HasPrefix(name+"/", "internal/") || strings.HasPrefix(name, "examples/") {
			continue
		}
		for _, path := range pkg.Deps {
			dep, ok := packages[path]
			if !ok || dep.Standard || strings.HasPrefix(dep.Module.Path+"/", own+"/") {
				continue
			}
			module := dep.Module
			if found[module.Path] == nil {
				found[module.Path] = &dependency{module.Path, module.Dir, make(map[string]bool)}
			}
			found[module.Path].by[name] = true
		}
	}
}

// listed is what is read of the output of "go list -json".
type listed struct {
	ImportPath string
	Name       string
	Standard   bool
	Module     struct{ Path, Dir string }
	Deps       []string
}

// list returns the packages in root and all they depend on, by import path.
func list(root, platform string) (map[string]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Standard,Module,Deps", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS="+platform, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	packages := make(map[string]listed)
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages[pkg.ImportPath] = pkg
	}
}
