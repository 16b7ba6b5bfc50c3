// Command cluster is an app of several replicas, which share Redis:
//
//	go -C examples/cluster run . -addr 127.0.0.1:8081 -redis redis://127.0.0.1:6379 -agent-token 0123456789abcdef -secret $SECRET
//	go -C examples/cluster run . -addr 127.0.0.1:8082 -redis redis://127.0.0.1:6379 -agent-token 0123456789abcdef -secret $SECRET
//
// A session that a customer starts on one can be joined on the other. README.md has it all behind a load balancer.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	ossignal "os/signal"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

const (
	drainTimeout = 20 * time.Second // for clients to move to another replica
	stopTimeout  = 5 * time.Second
	secretBytes  = 32
)

func main() {
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// settings are what the flags say.
type settings struct {
	addr, redis, token string
	secret             []byte
	trusted            []netip.Prefix
	peer               *signal.Peer // nil: without -peer
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8080", "listen on `host:port`; port 0 takes any free port")
	flags.StringVar(&s.redis, "redis", "redis://127.0.0.1:6379", "`URL` of the Redis that all replicas share; see docs/guides/redis.md for Sentinel and clusters")
	flags.StringVar(&s.token, "agent-token", rand.Text(), "let in agents who know this `token`, the same for all replicas (default: a new random one)")
	secret := flags.String("secret", "", "what signs metaData: 32 bytes in `hex`, the same for all replicas (default: random, for one replica)")
	peer := flags.String("peer", "", "this replica's own `host:port` for the others, such as 10.0.0.7:7443, so that links are relayed between replicas; needs -secret (default: they are not)")
	trust := flags.String("trust", "", "believe the X-Forwarded-For of proxies in this `network`, such as 10.0.0.0/8 (default: of none)")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("what is %q? Flags begin with -", flags.Arg(0))
	}
	var err error
	if s.secret, err = hex.DecodeString(*secret); err != nil || len(s.secret) != secretBytes && *secret != "" {
		return s, errors.New("-secret: want 64 hex digits, such as those of: openssl rand -hex 32")
	}
	if *peer != "" {
		if _, port, err := net.SplitHostPort(*peer); err != nil || port == "" {
			return s, fmt.Errorf("-peer: %q: want host:port", *peer)
		}
		if len(s.secret) == 0 {
			return s, errors.New("-peer: needs -secret, by which replicas know each other")
		}
		s.peer = &signal.Peer{Listen: *peer, Secret: s.secret}
	}
	if *trust != "" {
		network, err := netip.ParsePrefix(*trust)
		if err != nil {
			return s, fmt.Errorf("-trust: %w", err)
		}
		s.trusted = append(s.trusted, network.Masked())
	}
	return s, nil
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	broker, err := redisbroker.New(ctx, redisbroker.Options{URL: s.redis, Prefix: "cluster:", Logger: log})
	if err != nil {
		return err
	}
	defer broker.Close()
	q, err := middleware.New(middleware.Options{
		MetaDataKey: s.secret,
		Signal:      signal.Config{Agents: signal.AgentToken(s.token), Broker: broker, TrustedProxies: s.trusted, Peer: s.peer},
		Logger:      log,
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: q.Wrap(app()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	fmt.Fprintf(stdout, "Customer: http://%[1]s/\nAgent:    http://%[1]s/_qwelp/agent/?token=%[2]s\n", reachable(listener), url.QueryEscape(s.token))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	err = q.Drain(drain)
	end, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err = errors.Join(err, q.Shutdown(end), server.Shutdown(end)) // the broker after it: the other replicas are told
	<-served
	return err
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body><main><h1>{{.Title}}</h1><p><a href="{{.Next}}">Next page</a></p><p><label>Your question <input name="question"></label></p></main></body></html>
`))

// app is two pages: the session goes on from one to the other, whichever replica serves them.
func app() http.Handler {
	mux := http.NewServeMux()
	for path, data := range map[string]struct{ Title, Next string }{
		"/{$}":    {"First page", "second"},
		"/second": {"Second page", "./"},
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			page.Execute(w, data)
		})
	}
	return mux
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
