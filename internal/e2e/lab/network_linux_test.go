package lab

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// internet makes an Internet or skips the test.
func internet(t *testing.T) *Internet {
	t.Helper()
	n, err := NewInternet(1)
	if errors.Is(err, ErrUnsupported) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// echo has a host answer what comes over TCP to the server's address with the same.
func echo(t *testing.T, n *Internet) {
	t.Helper()
	var listener net.Listener
	err := n.Server.do(func() (err error) {
		listener, err = net.Listen("tcp4", netip.AddrPortFrom(ServerAddr, WebPort).String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go io.Copy(conn, conn)
		}
	}()
}

// dial connects a host to the server.
func dial(t *testing.T, h *Host) net.Conn {
	t.Helper()
	var conn net.Conn
	err := h.do(func() (err error) {
		conn, err = net.DialTimeout("tcp4", netip.AddrPortFrom(ServerAddr, WebPort).String(), 5*time.Second)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestHostsReachEachOtherAsTheRulesSay(t *testing.T) {
	n := internet(t)
	echo(t, n)
	conn := dial(t, n.Customer)
	if err := exchange(conn, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	lift := n.Impose(Rule{Between: [2]string{TheCustomer}, Delay: 50 * time.Millisecond})
	begin := time.Now()
	if err := exchange(conn, 5*time.Second); err != nil || time.Since(begin) < 100*time.Millisecond {
		t.Errorf("with a delay of 50 ms each way an answer takes %v: %v", time.Since(begin), err)
	}
	lift()
	lift = n.Impose(Rule{Drop: true})
	if err := exchange(conn, soon); err == nil {
		t.Error("something arrives although everything is dropped")
	}
	lift()
	if err := exchange(conn, 5*time.Second); err != nil {
		t.Errorf("after the outage: %v", err)
	}
	if sent := n.Traffic()[Road{TheCustomer, TheServer, TCP, WebPort}]; sent == 0 {
		t.Error("no traffic is counted")
	}
}

func TestAConnectionThatTheNetworkHasForgottenStaysSilent(t *testing.T) {
	n := internet(t)
	echo(t, n)
	old, other := dial(t, n.Customer), dial(t, n.Agent)
	flows := n.Open(TheCustomer, TheServer, WebPort)
	if len(flows) != 1 {
		t.Fatalf("open: %v", flows)
	}
	n.Impose(Rule{Flows: flows, Drop: true})
	if err := exchange(old, soon); !timedOut(err) {
		t.Errorf("the old connection tells %v, want silence", err)
	}
	for _, conn := range []net.Conn{other, dial(t, n.Customer)} {
		if err := exchange(conn, 5*time.Second); err != nil {
			t.Errorf("another connection: %v", err)
		}
	}
}

func TestAHostThatMovesHasOnlyItsNewAddress(t *testing.T) {
	n := internet(t)
	echo(t, n)
	old := dial(t, n.Customer)
	if err := n.Customer.Move(netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if err := n.Customer.Move(MobileAddr); err != nil {
		t.Fatal(err)
	}
	if err := exchange(old, soon); err == nil {
		t.Error("the old address is still reached")
	}
	conn := dial(t, n.Customer)
	if err := exchange(conn, 5*time.Second); err != nil {
		t.Error(err)
	}
	if got := conn.LocalAddr().(*net.TCPAddr).AddrPort().Addr(); got != MobileAddr {
		t.Errorf("the new address is %v", got)
	}
}
