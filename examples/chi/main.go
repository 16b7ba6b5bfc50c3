// Command chi is a chi app with co-browsing support. It prints the customer's address and the agent's:
//
//	go -C examples/chi run .
package main

import (
	"crypto/rand"
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
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
	addr := flag.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	token := flag.String("agent-token", rand.Text(), "let in agents who know this `token`")
	flag.Parse()
	q, err := middleware.New(middleware.Options{Signal: signal.Config{Agents: signal.AgentToken(*token)}})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Customer: http://%[1]s/\nAgent:    http://%[1]s/_qwelp/agent/?token=%[2]s\n", reachable(listener), url.QueryEscape(*token))
	log.Fatal(http.Serve(listener, app(q)))
}

// reachable is the address to type into a browser: one that listens on every interface is reached on this machine's own, which
// browsers trust without HTTPS.
func reachable(listener net.Listener) string {
	addr := *listener.Addr().(*net.TCPAddr)
	if addr.IP.IsUnspecified() {
		addr.IP = net.IPv4(127, 0, 0, 1)
	}
	return addr.String()
}
