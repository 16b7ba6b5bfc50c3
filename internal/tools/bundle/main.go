// Command bundle builds assets/dist from the TypeScript, CSS and HTML in sender/src and agent/src, with
// esbuild's Go API and no Node. Run it by
//
//	go generate ./assets
//
// index.d.ts, which also lives in assets/dist, comes from "npm run types": only tsc can make it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
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
	files, err := Bundle(root, targets)
	if err != nil {
		return err
	}
	dist := filepath.Join(root, "assets", "dist")
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dist, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}
