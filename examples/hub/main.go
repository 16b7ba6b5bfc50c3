// Command hub serves co-browsing support to websites that are elsewhere, such as static files or apps that are not written in Go:
//
//	go run ./examples/hub -site https://www.example.com -site https://*.shop.example
//
// It has no app of its own. It prints the agent's address, and the tag that the pages of these sites need; docs/guides/other-sites.md tells more.
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
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

// sites is a flag that may be given several times.
type sites []string

func (s *sites) String() string { return strings.Join(*s, " ") }

func (s *sites) Set(text string) error {
	*s = append(*s, text)
	return nil
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	token := flags.String("agent-token", "", "let in agents who know this `token` (default: a new random one at every start)")
	public := flags.String("url", "", "`URL` by which browsers reach the hub, such as https://support.example.com (default: its own address)")
	trust := flags.String("trust", "", "believe the X-Forwarded-For of proxies in this `network`, such as 10.0.0.0/8 (default: of none)")
	secret := flags.String("identity-secret", "", "take the word of servers who sign JSON Web Tokens (HS256) with this `secret`, of 32 bytes or more, for who their customers are")
	var from sites
	flags.Var(&from, "site", "let in customers on pages of this `origin`, such as https://www.example.com or https://*.example.com; may be given several times")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if len(from) == 0 {
		return errors.New("-site: missing: of which sites are the customers? Such as -site https://www.example.com")
	}
	if *token == "" {
		*token = rand.Text()
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	options := middleware.Options{
		Sites:  from,
		Signal: signal.Config{Agents: signal.AgentToken(*token), IdentitySecret: []byte(*secret)},
		Logger: log,
	}
	if err := errors.Join(reachedBy(*public, &options), trusting(*trust, &options)); err != nil {
		return err
	}
	q, err := middleware.New(options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	if *public == "" {
		*public = "http://" + reachable(listener)
	}
	base := strings.TrimRight(*public, "/") + "/_qwelp/"
	server := &http.Server{Handler: q.Wrap(http.NotFoundHandler()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	fmt.Fprintf(stdout, "Agent:  %sagent/?token=%s\n", base, url.QueryEscape(*token))
	fmt.Fprintf(stdout, "Tag:    <script type=\"module\" src=\"%scurrent/auto.js\" data-qwelp-settings=\"{}\"></script>\n", base)
	fmt.Fprintf(stdout, "Module: import { startQwelpSession, checkQwelpSessionAutoStart } from \"%scurrent/index.js\";\n", base)
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

// reachedBy has the hub work behind a proxy that browsers reach by a URL, whatever the proxy makes of Host and of the URL's path.
func reachedBy(public string, options *middleware.Options) error {
	if public == "" {
		return nil
	}
	u, err := url.Parse(public)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("-url: %q: want a URL such as https://support.example.com", public)
	}
	options.Signal.AllowedOrigins = []string{u.Scheme + "://" + u.Host}
	options.PublicPrefix = strings.TrimRight(u.Path, "/") + "/_qwelp/"
	return nil
}

func trusting(network string, options *middleware.Options) error {
	if network == "" {
		return nil
	}
	proxies, err := netip.ParsePrefix(network)
	if err != nil {
		return fmt.Errorf("-trust: %w", err)
	}
	options.Signal.TrustedProxies = []netip.Prefix{proxies.Masked()}
	return nil
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
