// Command chi is a chi app with co-browsing support:
//
//	go -C examples/chi run .
//
// It prints two addresses, the customer's and the agent's. [app] is all there is to see of qwelp.
package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/qwelp/qwelp-go/middleware"
)

//go:embed page.html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "*.html"))

// app is the app's handler. The router at the top uses q.Wrap: one in a group, a sub-router or With sees only the paths of its own
// routes, and so never qwelp's. Compress comes before it, which costs least: pages are compressed once, when the tag is in.
func app(q *middleware.Middleware) http.Handler {
	r := chi.NewRouter()
	r.Use(chimiddleware.Compress(5), q.Wrap)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		pages.ExecuteTemplate(w, "page.html", r.FormValue("name"))
	})
	r.Get("/api/hello", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"hello": r.FormValue("name")})
	})
	return r
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chi:", err)
		os.Exit(1)
	}
}
