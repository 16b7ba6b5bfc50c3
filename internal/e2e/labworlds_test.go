package e2e

import (
	"fmt"
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
	return fault{name: "another address (Wi-Fi to LTE)", within: afterReturn, do: w.move}
}

func (w *world) forgotten(host string) fault {
	return fault{name: "half-open TCP of the " + host, within: forgotten, do: w.halfOpen(host)}
}

func (w *world) restarted() fault {
	return fault{name: "server restarts (SIGTERM)", within: afterReturn, do: w.restart(syscall.SIGTERM), ends: "direct", seated: true}
}

func (w *world) killed() fault {
	return fault{name: "server dies and starts again (SIGKILL)", within: afterReturn, do: w.restart(syscall.SIGKILL), ends: "direct", seated: true}
}

// inReport makes a fault one that only the report has time for.
func inReport(f fault) fault {
	f.slow = true
	return f
}

// namespaceWorlds are the worlds of the lab. In each, one fault follows the other.
var namespaceWorlds = []struct {
	name string
	run  func(*world)
}{
	{"a path that changes", func(w *world) {
		w.begin(true)
		w.joinRobot()
		w.suffer(w.slowed())
		w.suffer(fault{name: "no direct path any more, but TURN", within: takeover, do: w.impose(noDirect), ends: "TURN"})
		w.suffer(w.unplugged())
		w.suffer(w.moved())
		w.finish()
	}},
	{"only the relay", func(w *world) {
		w.begin(false)
		w.joinRobot()
		w.suffer(fault{name: "no UDP any more", within: takeover, do: w.impose(noUDP), ends: "relay"})
		w.suffer(inReport(w.slowed()))
		w.suffer(w.unplugged())
		w.suffer(w.forgotten(lab.TheCustomer))
		w.suffer(w.forgotten(lab.TheAgent))
		w.suffer(inReport(w.moved()))
		w.finish()
	}},
	{"a server that goes", func(w *world) {
		w.begin(false)
		w.joinRobot()
		w.suffer(w.restarted())
		w.suffer(w.killed())
		w.finish()
	}},
	{"the console without a direct path", func(w *world) {
		w.begin(true)
		w.impose(noDirect)()
		w.row(fault{name: "no direct path from the start, but TURN", within: afterReturn, do: w.joinConsole, ends: "TURN", first: true})
		w.suffer(inReport(w.slowed()))
		w.suffer(w.unplugged())
		w.suffer(w.moved())
		w.finish()
	}},
	{"the console without UDP", func(w *world) {
		w.begin(false)
		w.impose(noUDP)()
		w.row(fault{name: "no UDP from the start", within: afterReturn, do: w.joinConsole, ends: "relay", first: true})
		w.suffer(w.forgotten(lab.TheAgent))
		w.suffer(inReport(w.forgotten(lab.TheCustomer)))
		w.suffer(inReport(w.unplugged()))
		w.finish()
	}},
}

// loopbackWorlds are what is left of them where there are no namespaces.
var loopbackWorlds = []struct {
	name string
	run  func(*world)
}{
	{"only the relay", func(w *world) {
		w.beginHere()
		w.customer.BeforeEachPage(`delete window.RTCPeerConnection`)
		w.customer.Go(w.url(lab.TheCustomer))
		w.joinRobot()
		w.suffer(w.unplugged())
		w.suffer(w.forgotten(lab.TheCustomer))
		w.finish()
	}},
	{"a server that goes", func(w *world) {
		w.beginHere()
		w.customer.Go(w.url(lab.TheCustomer))
		w.joinRobot()
		w.suffer(w.restarted())
		w.suffer(w.killed())
		w.finish()
	}},
}
