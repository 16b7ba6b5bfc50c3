// Command gen writes the TypeScript side of a Go package: run by go generate in the package's directory, it reads the package's
// syntax and writes <package>.gen.ts beside it (types, constants, decoders), frame.gen.ts where there are frame operations, and
// enums.gen.go where values of a closed set are decoded.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	outputs, err := generate(".")
	if err == nil {
		for name, text := range outputs {
			if err = os.WriteFile(name, text, 0o644); err != nil {
				break
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate returns the files to write for the package in dir, by name.
func generate(dir string) (map[string][]byte, error) {
	p, err := load(dir)
	if err != nil {
		return nil, err
	}
	outputs := map[string][]byte{p.name + ".gen.ts": p.typeScript()}
	if p.name == "sender" {
		outputs = map[string][]byte{"src/settings.gen.ts": p.typeScript()}
	}
	if len(p.ops) > 0 {
		outputs["frame.gen.ts"] = p.frames()
	}
	if len(p.unions) > 0 {
		text, err := p.enumTable()
		if err != nil {
			return nil, err
		}
		outputs["enums.gen.go"] = text
	}
	abs := map[string][]byte{}
	for name, text := range outputs {
		abs[filepath.Join(dir, name)] = text
	}
	return abs, nil
}
