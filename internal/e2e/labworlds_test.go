package e2e

import (
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/lab"
)

// Rules of bad networks.
var (
	noUDP    = lab.Rule{Protocol: lab.UDP, Drop: true}
	noDirect = lab.Rule{Between: [2]string{lab.TheCustomer, lab.TheAgent}, Drop: true}
	slow     = lab.Rule{Between: [2]string{lab.TheCustomer}, Delay: 200 * time.Millisecond, Loss: 0.1}
)

// fault is one row of the table.
type fault struct {
	name   string
	within time.Duration               // it is to be over
	do     func() (returned time.Time) // when things are in order again
	still  time.Duration               // the longest standstill there may be; 0: any
	on     string                      // the path the link is to take before; "": any
	ends   string                      // the path the link is to end up on; "": any
	seated bool                        // both ends are to be connected to the server again
	first  bool                        // there was no picture before
	slow   bool                        // for the report only
}

// outage takes away the network of a host.
func (w *world) outage(host string, d time.Duration) func() time.Time {
	return func() time.Time {
		if w.net == nil {
			return <-w.proxies[host].HoldFor(d)
		}
		return <-w.net.ImposeFor(d, lab.Rule{Between: [2]string{host}, Drop: true})
	}
}

// impose has rules hold from now on.
func (w *world) impose(rules ...lab.Rule) func() time.Time {
	return func() time.Time {
		w.net.Impose(rules...)
		return time.Now()
	}
}

// halfOpen has the network forget the connections of a host to the server.
func (w *world) halfOpen(host string) func() time.Time {
	return func() time.Time {
		if w.net == nil {
			w.proxies[host].Forget()
			return time.Now()
		}
		w.net.Impose(lab.Rule{Flows: w.net.Open(host, lab.TheServer, lab.WebPort), Drop: true})
		return time.Now()
	}
}

// move gives the customer another address, after a while without any.
func (w *world) move() time.Time {
	if err := w.net.Customer.Move(netip.Addr{}); err != nil {
		w.t.Fatal(err)
	}
	<-time.After(time.Second)
	if err := w.net.Customer.Move(lab.MobileAddr); err != nil {
		w.t.Fatal(err)
	}
	return time.Now()
}

// restart ends the server with a signal and starts it again.
func (w *world) restart(with os.Signal) func() time.Time {
	return func() time.Time {
		w.server.Stop(with)
		if err := w.server.Restart(); err != nil {
			w.t.Fatal(err)
		}
		return time.Now()
	}
}

func (w *world) unplugged() fault {
	d := full(time.Minute, 3*time.Second)
	return fault{name: fmt.Sprintf("customer without network for %v", d), within: afterReturn, do: w.outage(lab.TheCustomer, d)}
}

func (w *world) slowed() fault {
	d := full(30*time.Second, 3*time.Second)
	return fault{
		name: fmt.Sprintf("400 ms round trip and 10 %% loss for %v", d), within: afterReturn,
		do: func() time.Time { return <-w.net.ImposeFor(d, slow) },
	}
}

func (w *world) moved() fault {
	return fault{name: "another address (Wi-Fi to LTE, 1 s without any)", within: afterReturn, do: w.move}
}

func (w *world) forgotten(host string) fault {
	return fault{name: "half-open TCP of the " + host, within: forgotten, do: w.halfOpen(host)}
}

func (w *world) restarted() fault {
	return fault{name: "server restarts (SIGTERM)", within: afterReturn, still: takeover, do: w.restart(syscall.SIGTERM), on: "direct", ends: "direct", seated: true}
}

func (w *world) killed() fault {
	return fault{name: "server dies and starts again (SIGKILL)", within: afterReturn, still: takeover, do: w.restart(syscall.SIGKILL), on: "direct", ends: "direct", seated: true}
}

// inReport makes a fault one that only the report has time for.
func inReport(f fault) fault {
	f.slow = true
	return f
}

// labWorld is a world and what happens in it.
type labWorld struct {
	name string
	slow bool // for the report only
	run  func(*world)
}

// namespaceWorlds are the worlds of the lab. In each, one fault follows the other.
var namespaceWorlds = []labWorld{
	{"a path that changes", false, func(w *world) {
		w.begin(true)
		w.joinRobot()
		w.suffer(fault{name: "no direct path any more, but TURN", within: takeover, still: takeover, do: w.impose(noDirect), on: "direct", ends: "TURN"})
		w.suffer(inReport(w.slowed()))
		w.suffer(w.unplugged())
		w.suffer(inReport(w.moved()))
		w.finish()
	}},
	{"only the relay", false, func(w *world) {
		w.begin(false)
		w.joinRobot()
		w.suffer(fault{name: "no UDP any more", within: takeover, still: takeover, do: w.impose(noUDP), on: "direct", ends: "relay"})
		w.suffer(inReport(w.slowed()))
		w.suffer(inReport(w.unplugged()))
		w.suffer(inReport(w.forgotten(lab.TheCustomer)))
		w.suffer(w.forgotten(lab.TheAgent))
		w.suffer(inReport(w.moved()))
		w.finish()
	}},
	{"a server that goes", false, func(w *world) {
		w.begin(false)
		w.joinRobot()
		w.suffer(w.slowed())
		w.suffer(w.restarted())
		w.suffer(w.killed())
		w.finish()
	}},
	{"the console without a direct path", false, func(w *world) {
		w.begin(true)
		w.impose(noDirect)()
		w.row(fault{name: "no direct path from the start, but TURN", within: afterReturn, do: w.joinConsole, ends: "TURN", first: true})
		w.suffer(inReport(w.slowed()))
		w.suffer(inReport(w.unplugged()))
		w.suffer(w.moved())
		w.finish()
	}},
	{"the console without UDP", true, func(w *world) {
		w.begin(false)
		w.impose(noUDP)()
		w.row(fault{name: "no UDP from the start", within: afterReturn, do: w.joinConsole, ends: "relay", first: true})
		w.suffer(w.forgotten(lab.TheAgent))
		w.suffer(w.forgotten(lab.TheCustomer))
		w.suffer(w.unplugged())
		w.finish()
	}},
}

// loopbackWorlds are what is left of them where there are no namespaces.
var loopbackWorlds = []labWorld{
	{"only the relay", false, func(w *world) {
		w.beginHere()
		w.customer.BeforeEachPage(relayOnly)
		w.customer.Go(w.url(lab.TheCustomer))
		w.joinRobot()
		w.suffer(w.unplugged())
		w.suffer(w.forgotten(lab.TheCustomer))
		w.finish()
	}},
	{"a server that goes", false, func(w *world) {
		w.beginHere()
		w.customer.Go(w.url(lab.TheCustomer))
		w.joinRobot()
		w.suffer(w.restarted())
		w.suffer(w.killed())
		w.finish()
	}},
}
