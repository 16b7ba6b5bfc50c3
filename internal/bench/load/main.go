// Command load measures what many sessions cost the app's server: customers who are connected and do nothing, beside a server that
// is the bare WebSocket library, and sessions that the server relays. It prints tables for docs/benchmarks.md:
//
//	go -C internal/bench run ./load
//
// The server is a process of its own with GOMAXPROCS=1; what it uses is read from /proc. The clients are bare WebSockets that speak the
// protocol, in this process. It needs Linux and as many file descriptors as there are connections.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

const token = "load-token"

func main() {
	serving := flag.String("serve", "", "be this server: "+ours+" or "+bare)
	idle := flag.Int("idle", 5_000, "customers who do nothing; 0 leaves it out")
	dialers := flag.Int("dialers", 16, "customers who connect at once")
	sessions := flag.Int("sessions", 1_000, "sessions that are relayed; 0 leaves it out")
	rate := flag.Int("rate", 30, "frames a second and session")
	size := flag.Int("size", 300, "bytes of a frame")
	length := flag.Duration("length", 20*time.Second, "how long to measure")
	flag.Parse()
	err := error(nil)
	if *serving != "" {
		err = serve(*serving)
	} else {
		err = report(plan{*idle, *dialers, *sessions, *rate, *size, *length})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// plan is what to measure.
type plan struct {
	idle, dialers, sessions, rate, size int
	length                              time.Duration
}

func report(p plan) error {
	if p.idle > 0 {
		if err := measureIdle(p); err != nil {
			return err
		}
	}
	if p.sessions == 0 {
		return nil
	}
	s, err := startServer(ours)
	if err != nil {
		return err
	}
	defer s.stop()
	return measureRelay(s, p)
}
