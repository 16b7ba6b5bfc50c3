package e2e

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/lab"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// The lab shows what becomes of a session when the network or the server fails in the middle of it. This writes docs/reliability.md, with
// faults of full length; without -lab they are short:
//
//	go -C internal/e2e test -run Lab -lab ../../docs/reliability.md -timeout 20m
var (
	labReport   = flag.String("lab", "", "have faults of full length in the lab and write what came of them into this `file`")
	labLoopback = flag.Bool("lab-loopback", false, "have the lab make no network namespaces")
)

// How soon a session is to be live again.
const (
	afterReturn = 5 * time.Second  // of the network
	takeover    = 3 * time.Second  // by the relay, when the data channel dies
	forgotten   = 10 * time.Second // by the network: a connection that only looks open
)

// full gives in, such as how long a fault lasts, for the report, else short.
func full[T any](in, short T) T {
	if *labReport != "" {
		return in
	}
	return short
}

func TestTheLabSessionsSurviveWhatNetworksAndServersDo(t *testing.T) {
	worlds := namespaceWorlds
	note := ""
	if n, err := lab.NewInternet(0); errors.Is(err, lab.ErrUnsupported) || *labLoopback {
		t.Logf("no network namespaces here, so only what a proxy on this machine can do: %v", err)
		note = "Network namespaces could not be made here: these rows are what a proxy on the same machine can do.\n\n"
		worlds = loopbackWorlds
	} else if err != nil {
		t.Fatal(err)
	} else {
		n.Close()
	}
	rows := make([][]lab.Row, len(worlds))
	var running sync.WaitGroup
	room := make(chan struct{}, full(2, 4)) // worlds at a time
	for i, w := range worlds {
		if w.slow && *labReport == "" {
			continue
		}
		running.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			t.Run(w.name, func(t *testing.T) {
				world := &world{t: t}
				defer func() { rows[i] = world.rows }()
				w.run(world)
			})
		})
	}
	running.Wait()
	table := lab.Table(slices.Concat(rows...))
	t.Logf("\n%s", table)
	if *labReport != "" {
		if err := lab.WriteReport(*labReport, note+table); err != nil {
			t.Error(err)
		}
	}
}

// world is a customer, an agent and a server in a session.
type world struct {
	t           *testing.T
	net         *lab.Internet         // nil: everything is on this machine
	proxies     map[string]*lab.Proxy // of the customer and the agent then
	server      *lab.Server
	customer    *browser.Page
	robot       *lab.Robot    // the agent, or
	console     *browser.Page // the console
	certificate []byte
	paths       []string
	traffic     map[lab.Road]int
	looked      time.Time     // at the traffic
	seen        []lab.Reading // by the console
	rows        []lab.Row
}

// begin makes a world of namespaces with a server, and with the customer on the counter page.
func (w *world) begin(turn bool) {
	w.t.Helper()
	var err error
	if w.net, err = lab.NewInternet(1); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(w.net.Close)
	w.serve(w.net.Server, netip.AddrPortFrom(lab.ServerAddr, lab.WebPort), turn)
	w.customer = browser.OpenIn(w.t, 800, 600, w.net.Customer.Browser)
	w.customer.Go(w.url(lab.TheCustomer))
}

// beginHere is begin without namespaces.
func (w *world) beginHere() {
	w.t.Helper()
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	addr := free.Addr().(*net.TCPAddr).AddrPort()
	free.Close()
	w.serve(nil, addr, false)
	w.proxies = map[string]*lab.Proxy{}
	for _, name := range []string{lab.TheCustomer, lab.TheAgent} {
		if w.proxies[name], err = lab.StartProxy(addr.String()); err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(w.proxies[name].Close)
	}
	w.customer = browser.OpenIn(w.t, 800, 600, (*lab.Host)(nil).Browser)
}

func (w *world) serve(host *lab.Host, at netip.AddrPort, turn bool) {
	w.t.Helper()
	certificate, key, err := lab.Certificate(at.Addr())
	if err != nil {
		w.t.Fatal(err)
	}
	w.certificate = certificate
	w.server, err = lab.StartServer(host, lab.ServerTask{Addr: at.String(), Token: token, Certificate: certificate, Key: key, TURN: turn})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		w.server.Stop(syscall.SIGTERM)
		w.examine("server", w.server.Log())
	})
}

// examine looks at the log of a process that has ended.
func (w *world) examine(process, log string) {
	if lab.Broken(log) {
		w.t.Errorf("the %s's log tells of a bug", process)
	}
	if w.t.Failed() {
		w.t.Logf("the %s's log:\n%s", process, log)
	}
}

// url is the app's, as a host reaches it.
func (w *world) url(host string) string {
	if w.net != nil {
		return "https://" + lab.ServerAddr.String()
	}
	return "https://" + w.proxies[host].Addr()
}

// joinRobot has the customer start a session and an agent in Go join it.
func (w *world) joinRobot() {
	w.t.Helper()
	code := startSession(w.customer)
	var host *lab.Host
	if w.net != nil {
		host = w.net.Agent
	}
	var err error
	w.robot, err = lab.StartRobot(host, lab.AgentTask{URL: w.url(lab.TheAgent), Code: code, Token: token, Certificate: w.certificate})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		w.robot.Stop()
		w.examine("agent", w.robot.Log())
	})
}

// joinConsole has the customer start a session and an agent join it with the console, and gives when that was clicked.
func (w *world) joinConsole() (clicked time.Time) {
	w.t.Helper()
	code := startSession(w.customer)
	w.console = browser.OpenIn(w.t, 1000, 700, w.net.Agent.Browser)
	w.console.Go(w.url(lab.TheAgent) + "/_qwelp/agent/?token=" + token)
	w.console.Fill("Support code", code)
	clicked = time.Now()
	w.console.Click("button", "Join")
	return clicked
}

// readings are what the agent was shown so far.
func (w *world) readings() []lab.Reading {
	if w.console == nil {
		return w.robot.Readings()
	}
	// Only the page that runs the mirror sees what it shows.
	if more, err := browser.TryEval[[]lab.Reading](w.console, `(() => { if (!window.readings) {`+lab.Recorder(inMirror("doc"))+`} return window.readings.splice(0) })()`); err == nil {
		w.seen = append(w.seen, more...)
	}
	return w.seen
}

// lookAtPath notes which path the link takes, twice a second.
func (w *world) lookAtPath() {
	if w.net == nil || time.Since(w.looked) < 500*time.Millisecond {
		return
	}
	w.looked = time.Now()
	traffic := w.net.Traffic()
	way := lab.Ways(w.traffic, traffic)
	if w.traffic != nil && way != "" && (len(w.paths) == 0 || w.paths[len(w.paths)-1] != way) {
		w.paths = append(w.paths, way)
	}
	w.traffic = traffic
}

// until waits until ok holds, and reports whether it does before a minute was in vain.
func (w *world) until(ok func() bool) (held bool) {
	patience.Holds(time.Minute, func() bool {
		w.lookAtPath()
		held = ok()
		return held || w.robot != nil && w.robot.Over()
	})
	return held
}

// on waits until the link takes a path; "" is any.
func (w *world) on(path string) bool {
	return path == "" || w.net == nil || w.until(func() bool { return len(w.paths) > 0 && strings.HasPrefix(w.paths[len(w.paths)-1], path) })
}

// live waits until the agent sees what is now, and has for a second.
func (w *world) live(since time.Time) (after time.Duration, ok bool) {
	ok = w.until(func() (ok bool) {
		after, ok = lab.Recovered(w.readings(), since)
		return ok
	})
	return after, ok
}

// suffer has a fault happen to a session that is live, and waits until it is live again.
func (w *world) suffer(f fault) {
	w.t.Helper()
	if f.slow && *labReport == "" {
		return
	}
	w.paths = nil
	if _, ok := w.live(time.Now()); !ok {
		w.t.Fatalf("before %s: the agent does not see what is now", f.name)
	}
	if !w.on(f.on) {
		w.t.Fatalf("before %s: the link does not take the path %q, but %q", f.name, f.on, w.paths)
	}
	w.row(f)
}

// row has a fault happen and takes down what comes of it.
func (w *world) row(f fault) {
	w.t.Helper()
	struck := time.Now()
	returned := f.do()
	if f.first {
		struck = returned
	}
	row := lab.Row{Fault: f.name, Ends: "Go", Framed: w.console == nil}
	if w.console != nil {
		row.Ends = "console"
	}
	measured := *labReport != "" // on a machine that does nothing else; how long anything takes beside other work says nothing
	against := func(format string, args ...any) { row.Against = append(row.Against, fmt.Sprintf(format, args...)) }
	after, ok := w.live(returned)
	if !ok {
		against("never live again")
	} else if measured && after > f.within {
		against("live again after %v, want %v", after, f.within)
	}
	if ok && f.seated {
		var at time.Time
		if !w.until(func() bool {
			stats, told := w.server.Stats()
			at = told
			return stats.Connections == 2 && stats.Sessions == 1
		}) {
			against("not connected to the server again")
		} else if seated := at.Sub(returned); seated > after {
			after = seated
		}
	}
	if ok && f.ends != "" && !w.until(func() bool {
		return w.net == nil || len(w.paths) > 0 && strings.HasPrefix(w.paths[len(w.paths)-1], f.ends)
	}) {
		against("it does not end up on the path %s", f.ends)
	}
	row.After, row.Paths, row.Tally = after, w.paths, lab.Count(w.readings(), struck)
	if measured && f.still > 0 && row.Tally.Standstill > f.still {
		against("a standstill of %v, want at most %v", row.Tally.Standstill, f.still)
	}
	if row.Tally.Lost > 0 || row.Tally.Doubled > 0 || row.Tally.Disorderly > 0 {
		against("%+v", row.Tally)
	}
	w.rows = append(w.rows, row)
	if len(row.Against) > 0 {
		stats, _ := w.server.Stats()
		w.t.Errorf("%s: %s; paths: %s; the customer is told %q; the server counts %+v", f.name, strings.Join(row.Against, "; "), strings.Join(w.paths, ", "), w.customer.Texts("status", ""), stats)
		if w.console != nil {
			w.t.Logf("the console says %q, shows:\n%s", w.console.Complaints(), w.console.Text())
		}
	}
	if !ok {
		w.t.FailNow()
	}
}

// finish stops the counter and compares what both ends show.
func (w *world) finish() {
	w.t.Helper()
	count := browser.Eval[int](w.customer, `halt()`)
	var last lab.Reading
	if !w.until(func() bool {
		if readings := w.readings(); len(readings) > 0 {
			last = readings[len(readings)-1]
		}
		return last.Count == count && last.Orderly && !last.Loading
	}) {
		w.t.Errorf("the customer has counted to %d, the agent sees %+v", count, last)
	}
	if errors := w.customer.Errors(); len(errors) > 0 {
		w.t.Errorf("the customer's page: %q", errors)
	}
}
