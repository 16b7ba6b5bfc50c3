// Command echo is an Echo app with co-browsing support:
//
//	go -C examples/echo run .
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

	"github.com/labstack/echo/v5"
	echomiddleware "github.com/labstack/echo/v5/middleware"
	"github.com/qwelp/qwelp-go/middleware"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
}
