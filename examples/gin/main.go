// Command gin is a Gin app with co-browsing support:
//
//	go -C examples/gin run .
//
// It prints two addresses, the customer's and the agent's. [app] is all there is to see of qwelp.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/gin-contrib/gzip"
	"github.com/gin-gonic/gin"
	"github.com/qwelp/qwelp-go/middleware"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "gin:", err)
		os.Exit(1)
	}
}
