// Command licences writes THIRD_PARTY_LICENSES.md, with the licence of every module that apps link when
// they import ours. Run it by
//
//	go generate ./internal
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// file is what the command writes, in the repository's root.
const file = "THIRD_PARTY_LICENSES.md"

func main() {
	root := flag.String("root", filepath.Join("..", ".."), "`directory` of the repository")
	flag.Parse()
	text, err := Text(*root)
	if err == nil {
		err = os.WriteFile(filepath.Join(*root, file), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}
