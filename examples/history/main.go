// Command history is an app that keeps the history of its support sessions in SQLite:
//
//	go run ./examples/history
//
// prints the customer's address, the agent's, and that of the history. [open] is all there is to it: an app gives the database it has, with the driver it uses.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	ossignal "os/signal"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3/driver"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

const stopTimeout = 5 * time.Second

func main() {
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

// open opens the database and begins to keep what it hears, each session for a month.
func open(file string) (*sql.DB, *history.History, error) {
	// Several connections, and other programs, may use the file at once.
	db, err := driver.Open("file:" + url.PathEscape(file) + "?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, nil, err
	}
	h, err := history.New(history.Config{DB: db, Keep: 30 * 24 * time.Hour})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, h, nil
}

// run serves the app until ctx is done, or only does what -forget asks.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("history", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	token := flags.String("agent-token", rand.Text(), "let in agents who know this `token`")
	file := flags.String("db", "history.db", "the database `file`; made when it is not there")
	forget := flags.String("forget", "", "erase what is kept of the customer with this `key=value` in metaData, then stop")
	if err := flags.Parse(args); err != nil {
		return err
	}
	db, h, err := open(*file)
	if err != nil {
		return err
	}
	defer db.Close()
	if *forget != "" {
		key, value, _ := strings.Cut(*forget, "=")
		n, err := h.Forget(ctx, key, value)
		fmt.Fprintf(stdout, "Forgotten: %d sessions\n", n)
		return errors.Join(err, h.Close(ctx))
	}
	q, err := middleware.New(middleware.Options{
		// An app says who has logged in. Here whoever is asked for by name has.
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			if name := r.URL.Query().Get("name"); name != "" {
				s.MetaData["customer"] = name
			}
			return s, true
		},
		Signal: signal.Config{Agents: signal.AgentToken(*token), Observer: h},
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: q.Wrap(http.HandlerFunc(page)), ReadHeaderTimeout: 5 * time.Second}
	fmt.Fprintf(stdout, "Customer: http://%[1]s/?name=Ada\nAgent:    http://%[1]s/_qwelp/agent/?token=%[2]s\nHistory:  http://%[1]s/_qwelp/agent/history?token=%[2]s\n", reachable(listener), url.QueryEscape(*token))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	// The history last, as it hears of what ends.
	err = errors.Join(q.Shutdown(end), server.Shutdown(end), h.Close(end))
	<-served
	return err
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

func page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><head><title>An app</title></head><body><main><h1>An app that remembers</h1>
<p>Start a session with the button, join it as an agent, end it, and look into the history.</p></main></body></html>`)
}
