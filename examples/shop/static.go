package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// static serves the files below /static/. Each has the hash of its content as its ETag, so a browser asks again and is
// told "not modified" until a new build really changed the file.
func (s *shop) static(files fs.FS) http.HandlerFunc {
	tags := contentTags(files)
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		tag, ok := tags[name]
		if !ok {
			s.notFound(w, r)
			return
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, files, name)
	}
}

// contentTags hashes every file once.
func contentTags(files fs.FS) map[string]string {
	tags := make(map[string]string)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		tags[name] = fmt.Sprintf(`"%x"`, sha256.Sum256(body))
		return err
	})
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return tags
}
