// Command echo is an Echo app with co-browsing support. It prints the customer's address and the agent's:
//
//	go -C examples/echo run .
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

	"github.com/labstack/echo/v5"
	echomiddleware "github.com/labstack/echo/v5/middleware"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

//go:embed page.html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "*.html"))

// app is the app's handler: q wraps all of Echo, as in echo.StartConfig{}.Start(ctx, q.Wrap(e)). With e.Use(echo.WrapMiddleware(q.Wrap))
// pages that e.HTTPErrorHandler writes would have no tag, for Echo calls it after its middlewares have returned; and Echo's Gzip,
// used before it, would compress qwelp's scripts a second time.
func app(q *middleware.Middleware) http.Handler {
	e := echo.New()
	e.Renderer = &echo.TemplateRenderer{Template: pages}
	e.Use(echomiddleware.Gzip())
	e.GET("/", func(c *echo.Context) error { return c.Render(http.StatusOK, "page.html", c.QueryParam("name")) })
	e.GET("/api/hello", func(c *echo.Context) error {
		return c.JSON(http.StatusOK, map[string]string{"hello": c.QueryParam("name")})
	})
	return q.Wrap(e)
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
