// Command proxy puts co-browsing support in front of any website, whatever it is written in:
//
//	go run ./examples/proxy -target http://127.0.0.1:3000
//
// It prints two addresses, the customer's and the agent's. WebSockets and event streams pass through. docs/proxy.md tells what the website
// gets to see, and what was tried.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	ossignal "os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

const stopTimeout = 5 * time.Second

func main() {
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("proxy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	target := flags.String("target", "", "`URL` of the website, such as http://127.0.0.1:3000")
	host := flags.String("host", "", "ask the website by this `name` (default: that of -target when it is a domain, else the one the customer asked for)")
	var trusted networks
	flags.Var(&trusted, "trust", "believe the X-Forwarded-* of proxies in this `network`, such as 10.0.0.0/8; may be given several times (default: of nobody)")
	settings := flags.String("settings", "", "JSON `file` with the sender's settings: a QwelpSettings object, see docs/api.md#settings")
	classic := flags.Bool("classic-loader", false, "for pages whose import map stands in the body")
	token := flags.String("agent-token", "", "let in agents who know this `token` (default: a new random one at every start)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *token == "" {
		*token = rand.Text()
	}
	site, err := url.Parse(*target)
	if err != nil || site.Host == "" || site.Scheme != "http" && site.Scheme != "https" || strings.Trim(site.Path, "/")+site.RawQuery != "" {
		return errors.New("-target: not the URL of a whole website, such as http://127.0.0.1:3000")
	}
	if u, err := url.Parse("//" + *host); err != nil || u.Host != *host {
		return errors.New("-host: not a host, such as shop.example or localhost:3000")
	}
	if *host == "" && isDomain(site.Hostname()) {
		*host = site.Host
	}
	s, err := readSettings(*settings)
	if err != nil {
		return fmt.Errorf("-settings: %w", err)
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	q, err := middleware.New(middleware.Options{
		Settings:      s,
		ClassicLoader: *classic,
		Signal:        signal.Config{Agents: signal.AgentToken(*token), TrustedProxies: trusted},
		Logger:        log,
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	p := proxy{site: site, host: *host, trusted: trusted, log: log}
	server := &http.Server{Handler: q.Wrap(p.handler()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	origin := "http://" + reachable(listener)
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
	err = errors.Join(q.Shutdown(end), server.Shutdown(end))
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

// isDomain tells whether a host is asked for by a name that others share its address with. A name without a dot is that of this machine, or of
// another one in the same private network.
func isDomain(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Contains(host, ".")
}

// networks is a flag that may be given several times.
type networks []netip.Prefix

func (n *networks) String() string { return fmt.Sprint(*n) }

func (n *networks) Set(text string) error {
	prefix, err := netip.ParsePrefix(text)
	*n = append(*n, prefix.Masked())
	return err
}
