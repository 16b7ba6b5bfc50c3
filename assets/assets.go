// Package assets holds what qwelp sends to browsers: the sender for the customer's page and the console
// for the agent. The files in dist are bundled from the TypeScript in sender/src and agent/src and are
// committed, so that a Go program needs nothing but this module.
//
// [Path] names a file by the hash of all of them. Such a name never changes its meaning, so browsers may
// keep it forever, and a page that was loaded before an update of the program never mixes two versions.
//
// All functions are safe for concurrent use.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// The bundles contain what the first line generates, and "go generate ./..." comes here before it goes there.
//go:generate go generate ../sender ../signal/wire
//go:generate go -C ../internal/tools run ./bundle

// What is embedded is in brotli already: that is what browsers get, a program is smaller for it, and to compress so well takes longer than a
// first visitor would wait.
//
//go:embed dist/*.br dist/index.d.ts
var embedded embed.FS

// Hash returns the version of the embedded files: the first 12 hex digits of the SHA-256 over the names
// and bytes of all of them.
func Hash() string { return hash() }

// Path returns the place of the file name below the handler of [Handler], without a leading slash:
// Path("auto.js") is "<hash>/auto.js". It does not check that there is such a file.
func Path(name string) string { return Hash() + "/" + name }

// source is an embedded file.
type source struct {
	name  string
	bytes []byte
	coded bool // bytes are the body in brotli
}

// body returns the file's bytes in no coding.
func (s source) body() []byte {
	if s.coded {
		return decompress(s.bytes)
	}
	return s.bytes
}

// sources returns the files of dist, sorted by name. Errors are impossible: the files are in the program.
var sources = sync.OnceValue(func() []source {
	entries, err := fs.ReadDir(embedded, "dist")
	if err != nil {
		panic(err)
	}
	files := make([]source, 0, len(entries))
	for _, entry := range entries {
		body, err := embedded.ReadFile("dist/" + entry.Name())
		if err != nil {
			panic(err)
		}
		name, coded := strings.CutSuffix(entry.Name(), ".br")
		files = append(files, source{name, body, coded})
	}
	return files
})

var hash = sync.OnceValue(func() string {
	sum := sha256.New()
	for _, file := range sources() {
		fmt.Fprintf(sum, "%s %d\n", file.name, len(file.bytes))
		sum.Write(file.bytes)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
})
