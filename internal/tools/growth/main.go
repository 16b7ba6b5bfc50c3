// Command growth tells by how much a program grows that wraps one handler: it builds a hello-world server with and without the
// middleware, both ways go build is used.
//
//	go -C internal/tools run ./growth
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const bare = `package main

import "net/http"

func main() {
	http.ListenAndServe("127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello")) }))
}
`

const wrapped = `package main

import (
	"net/http"

	"github.com/qwelp/qwelp-go/middleware"
)

func main() {
	q, err := middleware.New(middleware.Options{})
	if err != nil {
		panic(err)
	}
	http.ListenAndServe("127.0.0.1:0", q.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello")) })))
}
`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	// Inside the module, so that both build with its dependencies.
	dir, err := os.MkdirTemp(filepath.Join(root, "internal"), "growth")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, flags := range [][]string{nil, {"-ldflags=-s -w", "-trimpath"}} {
		var sizes [2]int64
		for i, source := range []string{bare, wrapped} {
			if sizes[i], err = build(root, dir, source, flags); err != nil {
				return err
			}
		}
		fmt.Printf("%-28s bare %6.2f MB   wrapped %6.2f MB   growth %5.2f MB\n", fmt.Sprint("go build ", flags), mb(sizes[0]), mb(sizes[1]), mb(sizes[1]-sizes[0]))
	}
	return nil
}

func build(root, dir, source string, flags []string) (int64, error) {
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o644); err != nil {
		return 0, err
	}
	binary := filepath.Join(dir, "program")
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", binary, dir)...)
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, text)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }
