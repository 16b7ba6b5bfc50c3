// Command proxy puts co-browsing support in front of any website, whatever it is written in:
//
//	go run ./examples/proxy -target http://127.0.0.1:3000
//
// It prints two addresses, the customer's and the agent's. WebSockets and event streams pass through. The target is told by X-Forwarded-For,
// -Host and -Proto who asked for what.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	ossignal "os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
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
	settings := flags.String("settings", "", "JSON `file` with the sender's settings: an object with branding, metaData and customerKey")
	token := flags.String("agent-token", "", "let in agents who know this `token` (default: a new random one at every start)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *token == "" {
		*token = rand.Text()
	}
	site, err := url.Parse(*target)
	if err != nil || site.Host == "" || site.Scheme != "http" && site.Scheme != "https" {
		return errors.New("-target: not the URL of a website, such as http://127.0.0.1:3000")
	}
	s, err := readSettings(*settings)
	if err != nil {
		return fmt.Errorf("-settings: %w", err)
	}
	q, err := middleware.New(middleware.Options{Settings: s, Signal: signal.Config{Agents: signal.AgentToken(*token)}})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: q.Wrap(proxyTo(site)), ReadHeaderTimeout: 10 * time.Second}
	origin := "http://" + listener.Addr().String()
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

// readSettings reads a QwelpSettings object; without a file, the defaults. Fields that do not exist are errors: they are typing mistakes.
func readSettings(file string) (s sender.Settings, err error) {
	if file == "" {
		return s, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return s, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	return s, d.Decode(&s)
}

// proxyTo passes requests on to a website, and sends what it says of its own origin back as ours.
func proxyTo(site *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(site)
			r.SetXForwarded()
		},
		FlushInterval: -1, // what streams, streams on
		ModifyResponse: func(r *http.Response) error {
			h := r.Header
			if location, err := url.Parse(h.Get("Location")); err == nil && location.Host != "" && location.Host == site.Host {
				h.Set("Location", (&url.URL{Path: location.Path, RawPath: location.RawPath, RawQuery: location.RawQuery, Fragment: location.Fragment}).String())
			}
			cookies := h["Set-Cookie"]
			for i, cookie := range cookies {
				cookies[i] = ownCookie(cookie, site)
			}
			return nil
		},
	}
}

// ownCookie takes the website's domain off a cookie, so that the browser keeps it for us. Secure stays: browsers take such cookies over
// plain HTTP from this machine, and from elsewhere the proxy belongs behind TLS.
func ownCookie(cookie string, site *url.URL) string {
	parts := strings.Split(cookie, ";")
	kept := parts[:1]
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		domain := strings.TrimPrefix(strings.ToLower(value), ".")
		if strings.EqualFold(name, "Domain") && strings.HasSuffix("."+site.Hostname(), "."+domain) {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, ";")
}
