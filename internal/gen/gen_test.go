package main

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGeneratedFilesAreFresh(t *testing.T) {
	for _, dir := range []string{"../../signal/wire", "../../sender"} {
		outputs, err := generate(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range outputs {
			if got, err := os.ReadFile(name); err != nil || string(got) != string(want) {
				t.Errorf("%s is stale (error %v). Run: go generate ./...", name, err)
			}
		}
	}
}

func TestEachPackageInTestdataGivesItsGoldenFiles(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no packages in testdata", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			outputs, err := generate(dir)
			if err != nil {
				t.Fatal(err)
			}
			golden, err := filepath.Glob(filepath.Join(dir, "*.golden"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range golden {
				if _, ok := outputs[strings.TrimSuffix(name, ".golden")]; !ok {
					t.Errorf("%s is no longer generated", name)
				}
			}
			for name, text := range outputs {
				if *update {
					if err := os.WriteFile(name+".golden", text, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if want, err := os.ReadFile(name + ".golden"); err != nil || string(want) != string(text) {
					t.Errorf("%s differs from its golden file (error %v); got:\n%s", name, err, text)
				}
			}
		})
	}
}

func TestTheSameSourceGivesTheSameBytes(t *testing.T) {
	first, err := generate("../../signal/wire")
	if err != nil {
		t.Fatal(err)
	}
	again, err := generate("../../signal/wire")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(again))) {
		t.Fatal("other files the second time")
	}
	for name := range first {
		if string(first[name]) != string(again[name]) {
			t.Errorf("%s differs the second time", name)
		}
	}
}

func TestSourcesThatCannotBeTranslatedAreErrors(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"no source at all", "", "no Go files"},
		{"a syntax error", "package x\nfunc {", "expected"},
		{"a set without values", "package x\n\ntype Kind string\n", "Kind has no constants"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.source != "" {
				if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(c.source), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := generate(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}
