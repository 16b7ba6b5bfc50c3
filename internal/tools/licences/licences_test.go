package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTheLicencesAreComplete(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := Text(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s needs updating. Run: go generate ./internal", file)
	}
}

func TestAModuleWithoutALicenceIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "README.md", "free for all")
	write(t, dir, "NOTICE", "made by us")
	if got, err := texts(dir); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}

func TestTheLicenceComesBeforeWhatGoesWithIt(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"AUTHORS", "NOTICE.txt", "LICENSE.md", "PATENTS", "license.go"} {
		write(t, dir, name, name)
	}
	got, err := texts(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"LICENSE.md", "NOTICE.txt", "PATENTS"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
