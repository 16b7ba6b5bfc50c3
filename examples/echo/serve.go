package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

// run serves the app until ctx is done, then lets running requests and sessions end.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("echo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	token := flags.String("agent-token", "", "let in agents who know this `token` (default: a new random one at every start)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *token == "" {
		*token = rand.Text()
	}
	q, err := middleware.New(middleware.Options{Signal: signal.Config{Agents: signal.AgentToken(*token)}})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	origin := "http://" + listener.Addr().String()
	fmt.Fprintf(stdout, "Customer: %s/\nAgent:    %s/_qwelp/agent/?token=%s\n", origin, origin, url.QueryEscape(*token))

	server := &http.Server{Handler: app(q), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err = errors.Join(q.Shutdown(end), server.Shutdown(end))
	<-served
	return err
}
