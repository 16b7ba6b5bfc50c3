// Command bundle builds assets/dist from the TypeScript, CSS and HTML in sender/src and agent/src, with
// esbuild's Go API and no Node. Run it by
//
//	go generate ./assets
//
// index.d.ts, which also lives in assets/dist, comes from "npm run types": only tsc can make it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

func main() {
	root := flag.String("root", filepath.Join("..", ".."), "`directory` of the repository")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// run writes all bundles, or none when one of them fails.
func run(root string) error {
	files, err := dist(root)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "assets", "dist")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// dist returns the files of assets/dist by name: every bundle, to be read, and its body in brotli, which is what programs hold and serve.
func dist(root string) (files map[string][]byte, err error) {
	bundles, err := Bundle(root, targets)
	if err != nil {
		return nil, err
	}
	files = maps.Clone(bundles)
	for name, body := range bundles {
		var coded bytes.Buffer
		w := brotli.NewWriterLevel(&coded, brotli.BestCompression)
		if _, err := w.Write(body); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		files[name+".br"] = coded.Bytes()
	}
	return files, nil
}
