// Command load measures what many sessions cost the app's server: customers who are connected and do nothing, and sessions that the server
// relays. It prints tables for docs/benchmarks.md:
//
//	go -C internal/bench run ./load
//
// The server is a process of its own with GOMAXPROCS=1; what it uses is read from /proc. The clients are bare WebSockets that speak the
// protocol, in this process. It needs Linux and as many file descriptors as there are connections.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

const token = "load-token"

func main() {
	serving := flag.Bool("serve", false, "be the server")
	idle := flag.Int("idle", 10_000, "customers who do nothing")
	sessions := flag.Int("sessions", 1_000, "sessions that are relayed")
	rate := flag.Int("rate", 30, "frames a second and session")
	size := flag.Int("size", 300, "bytes of a frame")
	length := flag.Duration("length", 20*time.Second, "how long to measure")
	flag.Parse()
	err := error(nil)
	if *serving {
		err = serve()
	} else {
		err = report(plan{*idle, *sessions, *rate, *size, *length})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// plan is what to measure.
type plan struct {
	idle, sessions, rate, size int
	length                     time.Duration
}

// serve is an app with one page, until its standard input ends.
func serve() error {
	runtime.GOMAXPROCS(1)
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	q, err := middleware.New(middleware.Options{Logger: quiet, Signal: signal.Config{
		Agents: signal.AgentToken(token), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(listener, q.Wrap(http.NotFoundHandler()))
	fmt.Println(listener.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// server is the process that serves.
type server struct {
	address string
	pid     int
	stop    func()
}

func startServer() (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(self, "-serve")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server does not start: %w", err)
	}
	return &server{strings.TrimSpace(address), command.Process.Pid, func() {
		in.Close()
		command.Wait()
	}}, nil
}

func report(p plan) error {
	for _, measure := range []func(*server, plan) error{measureIdle, measureRelay} {
		s, err := startServer()
		if err != nil {
			return err
		}
		err = measure(s, p)
		s.stop()
		if err != nil {
			return err
		}
	}
	return nil
}
