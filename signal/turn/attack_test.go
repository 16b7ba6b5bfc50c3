package turn

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v4"

	"github.com/qwelp/qwelp-go/internal/tokenbucket"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestForbiddenPeersGetNoPermission(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MaxPerSession = 2 })
	c := w.sender("1")
	w.agent("2")
	a := w.asker(customer, c)
	at := func(s string) peer { return peer(netip.AddrPortFrom(netip.MustParseAddr(s), 4000)) }
	for addr, want := range map[string]int{
		"127.0.0.1": 0,   // the relays
		"127.0.0.3": 0,   // the session's agent
		"127.0.0.2": 403, // itself
		"127.0.0.4": 403, // nobody of the session
		"0.0.0.0":   403, "10.0.0.1": 403, "169.254.169.254": 403, "100.100.100.200": 403, "8.8.8.8": 403,
		"::1": 443, "64:ff9b::7f00:1": 443, "fe80::1": 443, "2001:4860:4860::8888": 443, // of the other family
	} {
		if got := a.ask(stun.MethodCreatePermission, at(addr)); got != want {
			t.Errorf("permission for %s: got %d, want %d", addr, got, want)
		}
		if want == 403 { // as pion says it
			want = 401
		}
		if got := a.ask(stun.MethodChannelBind, attribute{stun.AttrChannelNumber, []byte{0x40, addr[len(addr)-1], 0, 0}}, at(addr)); got != want {
			t.Errorf("channel to %s: got %d, want %d", addr, got, want)
		}
	}
	if got := a.ask(stun.MethodCreatePermission, at("127.0.0.3"), at("10.0.0.1")); got != 403 {
		t.Errorf("a forbidden peer behind a good one: got %d", got)
	}
	if got := a.ask(stun.MethodConnect, at("127.0.0.3")); got != 447 {
		t.Errorf("TCP to a peer (RFC 6062): got %d, want 447", got)
	}
	if got := a.ask(stun.MethodConnectionBind, attribute{stun.AttrConnectionID, []byte{0, 0, 0, 1}}); got != 400 {
		t.Errorf("binding a TCP connection: got %d, want 400", got)
	}
	for name, attrs := range map[string][]stun.Setter{
		"for TCP peers":  {transportAttr(6)},
		"with even port": {transportAttr(17), attribute{stun.AttrEvenPort, []byte{0x80}}},
		"for IPv6":       {transportAttr(17), attribute{stun.AttrRequestedAddressFamily, []byte{2, 0, 0, 0}}},
	} {
		b := w.asks(customer, c)
		if got := b.ask(stun.MethodAllocate, attrs...); got != 508 {
			t.Errorf("a relay %s: got %d, want 508", name, got)
		}
	}
}

func TestAddressesThatAreNotPublicAreRefused(t *testing.T) {
	own := netip.MustParseAddr("93.184.216.34")
	p := policy{own: []netip.Addr{own}}
	intranet := policy{private: prefixes("10.0.0.0/8", "fd00::/8", "100.64.0.0/10", "169.254.0.0/16"), own: []netip.Addr{own}}
	for _, text := range []string{
		"127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1", "255.255.255.255", "ff02::1",
		"100.100.100.200", "fd00:ec2::254", "192.0.0.192", "168.63.129.16", "93.184.216.34", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
		"::7f00:1", "172.16.0.1", "192.168.1.1", "198.18.0.1", "203.0.113.9", "192.0.2.1", "240.0.0.1", "fc00::1", "fec0::1", "2001:db8::1", "3fff::1", "100::1",
	} {
		if p.admits(netip.MustParseAddr(text)) || intranet.admits(netip.MustParseAddr(text)) {
			t.Errorf("%s is admitted", text)
		}
	}
	for _, text := range []string{"10.1.2.3", "100.64.0.1", "fd12::1"} {
		if addr := netip.MustParseAddr(text); p.admits(addr) || !intranet.admits(addr) {
			t.Errorf("%s: got %t, on an intranet of it %t", text, p.admits(addr), intranet.admits(addr))
		}
	}
	for _, text := range []string{"8.8.8.8", "::ffff:8.8.8.8", "2001:4860:4860::8888", "2606:4700::1111"} {
		if !p.admits(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
}

// Whatever a stranger asks over UDP, and a known address asks without a password, the answer is never larger for a stranger.
func TestNothingAmplifies(t *testing.T) {
	w := newWorld(t, nil)
	w.sender("1")
	padding := attribute{0x8022, bytes.Repeat([]byte("x"), 300)} // SOFTWARE
	var unknown []stun.Setter
	for kind := stun.AttrType(0x7000); kind < 0x7020; kind++ {
		unknown = append(unknown, attribute{kind, nil})
	}
	type question struct {
		name    string
		method  stun.Method
		answers bool
		attrs   []stun.Setter
	}
	questions := []question{
		{"bare binding", stun.MethodBinding, false, nil},
		{"bare relay", stun.MethodAllocate, false, []stun.Setter{transportAttr(17)}},
		{"refresh", stun.MethodRefresh, false, nil},
		{"long binding", stun.MethodBinding, true, []stun.Setter{padding}},
		{"long relay", stun.MethodAllocate, true, []stun.Setter{transportAttr(17), padding}},
		{"unknown attributes", stun.MethodBinding, true, unknown},
		{"forged nonce", stun.MethodAllocate, true, []stun.Setter{
			stun.NewUsername("1795000000000.x"), stun.NewRealm(realm), stun.NewNonce("x"), padding, stun.MessageIntegrity("x"),
		}},
		{"no username", stun.MethodAllocate, true, []stun.Setter{stun.NewNonce("x"), padding, stun.MessageIntegrity("x")}},
	}
	stranger, witness := w.socket(foreign), w.socket(customer)
	buf := make([]byte, 1500)
	for _, q := range questions {
		m := stun.MustBuild(append([]stun.Setter{stun.TransactionID, stun.NewType(q.method, stun.ClassRequest)}, q.attrs...)...)
		for _, conn := range []*net.UDPConn{stranger, witness} {
			if _, err := conn.WriteTo(m.Raw, w.udp); err != nil {
				t.Fatal(err)
			}
		}
		witness.SetReadDeadline(time.Now().Add(5 * time.Second))
		known, _, err := witness.ReadFrom(buf)
		if err != nil { // one reader answers in turn: the stranger has his answer by now
			t.Fatalf("%s: a member gets no answer: %v", q.name, err)
		}
		if known > largestAnswer && known > len(m.Raw) {
			t.Errorf("%s: the answer has %d bytes, more than %d", q.name, known, largestAnswer)
		}
		if _, err := witness.WriteTo([]byte("end"), stranger.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		stranger.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, answered := 0, false
		for text := ""; text != "end"; {
			read, _, err := stranger.ReadFrom(buf)
			if err != nil {
				t.Fatal(err)
			}
			if text = string(buf[:read]); text != "end" {
				n, answered = read, true
			}
		}
		if answered != q.answers || n > len(m.Raw) {
			t.Errorf("%s: answered %t with %d bytes to %d", q.name, answered, n, len(m.Raw))
		}
	}
	if relays, streams := w.counts(); relays+streams != 0 || len(w.networks) != 2 {
		t.Errorf("strangers left %d relays, %d streams, %d addresses", relays, streams, len(w.networks)-2)
	}
}

func TestAFloodOfQuestionsIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{networks: map[netip.Prefix]*network{}, strangers: tokenbucket.New(strangersPerSecond, strangersPerSecond)}
		s.network(networkOf(customer)).members = 1
		long := make([]byte, largestAnswer)
		for _, second := range []struct{ member, stranger int }{{askedBurst, strangersPerSecond}, {askedPerSecond, strangersPerSecond}} {
			for from, want := range map[netip.Addr]int{customer: second.member, foreign: second.stranger} {
				admitted := 0
				for range 10_000 {
					if s.admit(from, long) {
						admitted++
					}
				}
				if admitted != want {
					t.Errorf("%s: %d of 10000 questions are answered, want %d", from, admitted, want)
				}
			}
			data := []byte{0x40, 0, 0, 0}
			if !s.admit(customer, data) || s.admit(foreign, data) || s.admit(foreign, nil) {
				t.Error("data is let in of strangers, or is counted as a question")
			}
			time.Sleep(time.Second)
		}
	})
}

func TestQuotas(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*Config)
		refused func(w *world) (from netip.Addr, c wire.ICEServer)
	}{
		"of a session": {
			func(c *Config) { c.MaxPerSession = 2 },
			func(w *world) (netip.Addr, wire.ICEServer) { return agent, w.agent("1") },
		},
		"of an address": {
			func(c *Config) { c.MaxPerAddress = 2 },
			func(w *world) (netip.Addr, wire.ICEServer) { return customer, w.sender("2") },
		},
		"of the server": {
			func(c *Config) { c.MaxRelays = 2 },
			func(w *world) (netip.Addr, wire.ICEServer) { return customer, w.sender("3") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.change)
			mine := w.sender("1")
			w.asker(customer, mine)
			last := w.asker(customer, mine)
			from, other := c.refused(w)
			if got := w.asks(from, other).ask(stun.MethodAllocate, transportAttr(17)); got != 486 {
				t.Errorf("one too many: got %d, want 486", got)
			}
			if got := last.ask(stun.MethodRefresh, attribute{stun.AttrLifetime, []byte{0, 0, 0, 0}}); got != 0 {
				t.Errorf("closing one: got %d", got)
			}
			w.asker(from, other)
		})
	}
}

func TestASessionPassesOnNoMoreThanItMay(t *testing.T) {
	const rate = 1000
	begin := time.Now()
	w := newWorld(t, func(c *Config) { c.BytesPerSecond = rate })
	client := w.client("udp", customer, w.sender("1"))
	a, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	w.agent("1")
	direct := w.socket(agent)
	passes(t, a, direct, direct.LocalAddr())
	for range 100 {
		if _, err := a.WriteTo(make([]byte, 1000), direct.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	// One reader reads what a client sends, in turn: by the time of the answer, all has been passed on that ever will.
	if _, err := client.SendBindingRequest(); err != nil {
		t.Fatal(err)
	}
	most := 16*rate + int(rate*time.Since(begin).Seconds()) + 1
	if _, err := w.socket(here).WriteTo([]byte("end"), direct.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	direct.SetReadDeadline(time.Now().Add(5 * time.Second))
	received, buf := 0, make([]byte, 1500)
	for {
		n, _, err := direct.ReadFrom(buf)
		if err != nil {
			t.Fatal(err)
		}
		if string(buf[:n]) == "end" {
			break
		}
		received += n
	}
	if received < 8*rate || received > most {
		t.Errorf("%d of 100000 bytes were passed on, want about %d", received, 16*rate)
	}
}

func TestARelayHasSoManyPermissionsAndChannels(t *testing.T) {
	w := newWorld(t, nil)
	a := w.asker(customer, w.sender("1"))
	bind := func(i int) int {
		number := attribute{stun.AttrChannelNumber, []byte{0x40, byte(i), 0, 0}}
		return a.ask(stun.MethodChannelBind, number, peer(netip.AddrPortFrom(agent, uint16(2000+i))))
	}
	for i := range maxHeld - 1 { // and one permission for all of them
		if got := bind(i); got != 0 {
			t.Fatalf("channel %d: got %d", i, got)
		}
	}
	if got := bind(maxHeld); got == 0 {
		t.Error("one channel too many")
	}
	if got := a.ask(stun.MethodCreatePermission, peer(netip.AddrPortFrom(here, 2000))); got == 0 {
		t.Error("one permission too many")
	}
}

func TestNobodyAloneGetsARelay(t *testing.T) {
	w := newWorld(t, nil)
	c := w.credential("1", "s", wire.RoleSender, customer)
	w.credential("1", "second", wire.RoleSender, customer)
	if got := w.asks(customer, c).ask(stun.MethodAllocate, transportAttr(17)); got != 486 {
		t.Errorf("got %d, want 486", got)
	}
}

// Members who signal on two replicas meet from relay to relay.
func TestRelaysOfTwoReplicasMeet(t *testing.T) {
	second := netip.MustParseAddr("127.0.0.5")
	const rate = 1000 // so low that what is spent is not earned again while the test looks
	one := newWorld(t, func(c *Config) { c.OtherRelays, c.BytesPerSecond = []netip.Addr{second}, rate })
	two := newWorld(t, func(c *Config) { c.RelayAddrs, c.OtherRelays = []netip.Addr{second}, []netip.Addr{here} })
	a := one.relay("udp", customer, one.credential("1", "s", wire.RoleSender, customer))
	b := two.relay("udp", agent, two.credential("1", "a", wire.RoleAgent, agent))
	a.WriteTo([]byte(hello), b.LocalAddr())
	passes(t, b, a, a.LocalAddr())
	passes(t, a, b, b.LocalAddr())

	// A relay of another session finds the port, and neither gets in nor uses up what this one may pass on.
	spent := one.sessions["1"].bytes.Spent
	stranger := two.relay("udp", foreign, two.credential("2", "s", wire.RoleSender, foreign))
	before := spent()
	for range 20 {
		stranger.WriteTo(make([]byte, 1000), a.LocalAddr())
	}
	passes(t, b, a, a.LocalAddr())         // by now the stranger's would have arrived
	if now := spent(); now > before+1000 { // greetings cost little
		t.Errorf("a stranger has spent %v bytes of the session", now-before)
	}

	service := func(port uint16) bool {
		one.mu.RLock()
		defer one.mu.RUnlock()
		return one.mayMeet(one.sessions["1"].members["s"], netip.AddrPortFrom(second, port))
	}
	if service(22) || service(8080) || !service(50_000) {
		t.Error("services of the other replica are in reach, or its relays are not")
	}
}
