package turn

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v4"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestTwoEndsOfASessionMeetOverTheirRelays(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			w := newWorld(t, nil)
			a := w.relay(network, customer, w.sender("1"))
			b := w.relay(network, agent, w.agent("1"))
			a.WriteTo([]byte(hello), b.LocalAddr()) // makes the permission
			if from := passes(t, b, a, a.LocalAddr()); from.String() != b.LocalAddr().String() {
				t.Errorf("it comes from %v, want %v", from, b.LocalAddr())
			}
			passes(t, a, b, b.LocalAddr())
		})
	}
}

// The public address of many machines in clouds is none of their own.
func TestRelaysMeetBehindAddressTranslation(t *testing.T) {
	public := netip.MustParseAddr("203.0.113.7")
	w := newWorld(t, func(c *Config) { c.RelayAddrs, c.InsecureLoopback = []netip.Addr{public}, false })
	a := w.relay("udp", customer, w.sender("1"))
	b := w.relay("udp", agent, w.agent("1"))
	a.WriteTo([]byte(hello), b.LocalAddr())
	if from := addrPort(passes(t, b, a, a.LocalAddr())); from.Addr() != public || from.String() != b.LocalAddr().String() {
		t.Errorf("it comes from %v, want %v", from, b.LocalAddr())
	}
	passes(t, a, b, b.LocalAddr())
	if got := w.asker(customer, w.sender("1")).ask(stun.MethodCreatePermission, peer(netip.AddrPortFrom(agent, 4000))); got != 403 {
		t.Errorf("loopback without InsecureLoopback: got %d, want 403", got)
	}
}

func TestARelayReachesTheAddressTheOtherEndSignalsFrom(t *testing.T) {
	w := newWorld(t, nil)
	a := w.relay("udp", customer, w.sender("1"))
	w.agent("1")
	direct := w.socket(agent)
	passes(t, a, direct, direct.LocalAddr())
	passes(t, direct, a, a.LocalAddr())
}

func TestOurOwnSTUNIsTheOnlyDefault(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.RelayAddrs = nil })
	servers, again := w.Grant("1", "s", wire.RoleSender, customer)
	if len(servers) != 1 || len(servers[0].URLs) != 1 || servers[0].URLs[0] != "stun:"+w.udp.String() || servers[0].Username != "" {
		t.Errorf("got %v", servers)
	}
	if again != 5*time.Minute {
		t.Errorf("granted anew after %v", again)
	}
	client := w.client("udp", customer, wire.ICEServer{})
	mapped, err := client.SendBindingRequest()
	if err != nil || addrPort(mapped).Addr() != customer {
		t.Errorf("got %v, %v", mapped, err)
	}
	if code := w.asks(customer, wire.ICEServer{Username: "a", Credential: "b"}).ask(stun.MethodAllocate, transportAttr(17)); code != 400 {
		t.Errorf("a relay is refused with %d, want 400", code)
	}
}

func TestCredentialsAreForOneMemberAndOneTime(t *testing.T) {
	w := newWorld(t, nil)
	good := w.sender("1")
	forged := func(change func(*wire.ICEServer)) wire.ICEServer {
		c := good
		change(&c)
		return c
	}
	longer := username(w.sessions["1"].members["s"].tag, time.Now().Add(time.Hour))
	other := newWorld(t, nil).sender("1")
	gone := w.sender("2")
	w.Revoke("2", "s")
	w.sender("2") // who has the same name is somebody else
	old := w.sessions["1"].members["s"].tag
	over := wire.ICEServer{Username: username(old, time.Now().Add(-time.Second))}
	over.Credential = w.secret.password(over.Username)
	for name, c := range map[string]wire.ICEServer{
		"wrong password": forged(func(c *wire.ICEServer) { c.Credential = "x" }),
		"later expiry":   forged(func(c *wire.ICEServer) { c.Username = longer }),
		"unknown member": forged(func(c *wire.ICEServer) { c.Username += "x" }),
		"no expiry":      forged(func(c *wire.ICEServer) { c.Username = "x" }),
		"expired":        over,
		"of another app": other,
		"revoked":        gone,
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.refused("udp", customer, c, "40")
		})
	}
	w.t = t
	stolen := w.asks(foreign, good)
	stolen.nonce = w.asker(customer, good).nonce
	if code := stolen.ask(stun.MethodAllocate, transportAttr(17)); code != 401 {
		t.Errorf("from another address: got %d, want 401", code)
	}
	w.relay("udp", customer, good)
	if strings.Contains(w.logs.String(), good.Credential) || strings.Contains(w.logs.String(), good.Username) {
		t.Errorf("credentials in the log:\n%s", w.logs)
	}
}

func TestAGrantLapsesUnlessItIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{
			cfg: Config{CredentialLifetime: 10 * time.Minute, BytesPerSecond: 1}, turn: []string{"turn:x"},
			sessions: map[string]*session{}, members: map[string]*member{}, networks: map[netip.Prefix]*network{},
		}
		first, _ := s.Grant("1", "s", wire.RoleSender, customer)
		time.Sleep(9 * time.Minute)
		second, _ := s.Grant("1", "s", wire.RoleSender, customer)
		if first[0].Username == second[0].Username || first[0].Credential == second[0].Credential {
			t.Error("the credentials are the same")
		}
		time.Sleep(10*time.Minute - time.Nanosecond)
		if n := entries(s); n != 3 {
			t.Errorf("%d entries just before it lapses, want 3", n)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if n := entries(s); n != 0 {
			t.Errorf("%d entries after it has lapsed", n)
		}
	})
}

func entries(s *Server) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.sessions) + len(s.members) + len(s.networks) + len(s.relays) + len(s.streams)
}

func TestRevokingClosesRelays(t *testing.T) {
	w := newWorld(t, nil)
	c := w.sender("1")
	w.agent("1")
	w.relay("udp", customer, c)
	w.relay("tcp", customer, c)
	w.Revoke("1", "s")
	until(t, "the relays are closed", func() bool { relays, _ := w.counts(); return relays == 0 })
	until(t, "the connection is closed", func() bool { _, streams := w.counts(); return streams == 0 })
	w.refused("tcp", customer, c, "401")
}

func TestAnotherSessionsRelayIsOutOfReach(t *testing.T) {
	w := newWorld(t, nil)
	mine := w.relay("udp", customer, w.sender("1"))
	w.agent("1")
	facing := w.relay("udp", agent, w.agent("1"))
	other := w.relay("udp", agent, w.agent("2"))
	same := w.relay("udp", customer, w.sender("1"))
	for _, target := range []net.PacketConn{other, same} { // both let the address in
		target.WriteTo([]byte("x"), mine.LocalAddr())
	}
	facing.WriteTo([]byte("x"), mine.LocalAddr())
	for _, target := range []net.PacketConn{other, same} {
		for range 5 {
			if _, err := mine.WriteTo([]byte("intruder"), target.LocalAddr()); err != nil {
				t.Fatal(err)
			}
		}
	}
	passes(t, mine, facing, facing.LocalAddr()) // by now the others would have arrived
	for _, target := range []net.PacketConn{other, same} {
		target.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, from, err := target.ReadFrom(make([]byte, 100)); err == nil {
			t.Errorf("%d bytes came from %v", n, from)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	w := newWorld(t, nil)
	w.relay("udp", customer, w.sender("1"))
	w.relay("tcp", agent, w.agent("1"))
	silent := w.dial(foreign)
	until(t, "the connections are served", func() bool { _, streams := w.counts(); return streams == 2 })
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("a connection is still open")
	}
	if relays, streams := w.counts(); relays+streams != 0 {
		t.Errorf("%d relays and %d streams are left", relays, streams)
	}
	if servers, _ := w.Grant("1", "s", wire.RoleSender, customer); servers != nil {
		t.Errorf("a closed server grants %v", servers)
	}
	if err := w.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
