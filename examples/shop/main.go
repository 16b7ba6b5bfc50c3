// Command shop is a small shop with co-browsing support, to try qwelp with: a catalogue, a cart, a checkout, a page behind
// a login and one that never stops changing. It needs no database server, no Node and no network, and forgets everything when it stops.
//
//	go run ./examples/shop
//
// prints two addresses. Open the customer's, press the support button and start a session; open the agent's in another
// window and type the code. [run] is all there is to see of qwelp: the shop itself knows nothing of it.
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
	"os"
	ossignal "os/signal"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

const (
	headerTimeout = 5 * time.Second
	stopTimeout   = 5 * time.Second
)

func main() {
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run serves the shop until ctx is done, then lets running requests and sessions end within stopTimeout.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("shop", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	token := flags.String("agent-token", "", "let in agents who know this `token` (default: a new random one at every start)")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Shop serves a small shop with co-browsing support.\nIt prints the customer's URL and the agent's URL, and stops at Ctrl+C.\n\nFlags:")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *token == "" {
		*token = rand.Text()
	}

	db, kept, err := openHistory()
	if err != nil {
		return err
	}
	defer db.Close()

	shop := newShop()
	q, err := middleware.New(middleware.Options{
		Settings: sender.Settings{Branding: sender.Branding{
			PrimaryColor:   "#1f5f4a",
			LogoURL:        "/static/mark.svg",
			SupportMessage: "Somebody from the shop can look at this page with you. What you type into card and password fields stays with you.",
		}},
		Routes: []middleware.Route{
			{Pattern: "/checkout", Settings: sender.Settings{Branding: sender.Branding{PrimaryColor: "#2f4b8f"}}},
		},
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			s.MetaData = metaData(shop.visitor(r))
			return s, true
		},
		Signal: signal.Config{Agents: signal.AgentToken(*token), Observer: kept},
	})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: q.Wrap(shop), ReadHeaderTimeout: headerTimeout}

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	origin := "http://" + reachable(listener.Addr().(*net.TCPAddr))
	fmt.Fprintf(stdout, "Customer: %s/\nAgent:    %s/_qwelp/agent/?token=%s\n", origin, origin, url.QueryEscape(*token))

	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err = errors.Join(q.Shutdown(end), server.Shutdown(end), kept.Close(end))
	<-served
	return err
}

// metaData is what the agent is told of the customer besides the page.
func metaData(v visitor) map[string]any {
	data := map[string]any{"cartItems": v.Cart.Count(), "cartTotal": v.Cart.Total().String()}
	if v.Name != "" {
		data["customer"] = v.Name
	}
	return data
}

// reachable is the address to type into a browser: one that listens on every interface is reached on this machine's own.
func reachable(addr *net.TCPAddr) string {
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, fmt.Sprint(addr.Port))
}
