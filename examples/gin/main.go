// Command gin is a Gin app with co-browsing support. It prints the customer's address and the agent's:
//
//	go -C examples/gin run .
package main

import (
	"crypto/rand"
	"embed"
	"flag"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"net/url"

	"github.com/gin-contrib/gzip"
	"github.com/gin-gonic/gin"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

//go:embed page.html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "*.html"))

// app is the app's handler: q wraps all of Gin, and stands where the engine would, as in http.ListenAndServe(addr, q.Wrap(engine)).
// engine.Use takes nothing that wraps an http.Handler, and engine.Run serves the engine alone.
func app(q *middleware.Middleware) http.Handler {
	gin.SetMode(gin.ReleaseMode) // or it prints every route
	engine := gin.New()
	engine.SetHTMLTemplate(pages)
	engine.Use(gin.Recovery(), gzip.Gzip(gzip.DefaultCompression))
	engine.GET("/", func(c *gin.Context) { c.HTML(http.StatusOK, "page.html", c.Query("name")) })
	engine.GET("/api/hello", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"hello": c.Query("name")})
	})
	return q.Wrap(engine)
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
