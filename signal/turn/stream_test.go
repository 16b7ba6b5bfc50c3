package turn

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v4"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// pipe is the client's end of a stream whose other end a server without sockets serves.
func pipe(t *testing.T, s *Server) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	if err := s.open(far); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		near.Close()
		synctest.Wait()
		if n := entries(s); n != 0 {
			t.Errorf("%d entries are left", n)
		}
	})
	return near
}

func bareServer() *Server {
	return &Server{
		cfg:      Config{MaxPerAddress: 10, MaxRelays: 10, RelayAddrs: []netip.Addr{here}},
		networks: map[netip.Prefix]*network{}, relays: map[netip.AddrPort]*relay{}, streams: map[*stream]bool{},
	}
}

var binding = stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw

func TestConnectionsThatDoNotGetOnAreClosed(t *testing.T) {
	drip := func(conn net.Conn) {
		for _, b := range append([]byte{0, 1, 1, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 300)...) {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
	for name, c := range map[string]struct {
		say   func(conn net.Conn)
		after time.Duration
	}{
		"silence":                 {func(net.Conn) {}, openTimeout},
		"half a message":          {func(conn net.Conn) { conn.Write(binding[:10]) }, frameTimeout},
		"a message byte by byte":  {drip, frameTimeout},
		"HTTP":                    {func(conn net.Conn) { conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) }, 0},
		"TLS":                     {func(conn net.Conn) { conn.Write([]byte{22, 3, 1, 0, 200, 1, 0, 0}) }, 0},
		"no cookie":               {func(conn net.Conn) { conn.Write(make([]byte, 20)) }, 0},
		"bits of no message":      {func(conn net.Conn) { conn.Write([]byte{0xff, 0xff, 0xff, 0xff}) }, 0},
		"a length that is uneven": {func(conn net.Conn) { conn.Write([]byte{0, 1, 0, 3, 0x21, 0x12, 0xa4, 0x42}) }, 0},
		"a huge message":          {func(conn net.Conn) { conn.Write([]byte{0, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42}) }, 0},
		"huge data of a channel":  {func(conn net.Conn) { conn.Write([]byte{0x40, 0, 0xff, 0xff}) }, 0},
		"a flood of indications": {func(conn net.Conn) {
			indication := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodSend, stun.ClassIndication)).Raw
			for range 100 {
				conn.Write(indication)
			}
		}, openTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := pipe(t, bareServer())
				start := time.Now()
				said := make(chan struct{})
				go func() {
					defer close(said)
					c.say(conn)
				}()
				if _, err := io.Copy(io.Discard, conn); err != nil {
					t.Error(err)
				}
				if got := time.Since(start); got != c.after {
					t.Errorf("closed after %v, want %v", got, c.after)
				}
				<-said
			})
		})
	}
}

func TestAClientThatIsGoneWithoutAWordIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bareServer()
		near, far := net.Pipe()
		defer near.Close()
		c := newStream(s, far)
		r := &relay{transport: &transport{socket: c}}
		s.relays[netip.AddrPortFrom(here, 50_000)] = r
		start := time.Now()
		if _, err := c.read(make([]byte, 100)); err == nil || time.Since(start) != idleTimeout {
			t.Errorf("with a relay: got %v after %v", err, time.Since(start))
		}
		clear(s.relays)
		c.release()
		start = time.Now()
		if _, err := c.read(make([]byte, 100)); err == nil || time.Since(start) != lastWords {
			t.Errorf("after its last relay: got %v after %v", err, time.Since(start))
		}
	})
}

func TestAClientThatReadsNothingIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := newStream(bareServer(), far)
		start := time.Now()
		if _, err := c.WriteTo(binding, nil); err == nil || time.Since(start) != writeTimeout {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		if _, err := near.Write(binding); err == nil {
			t.Error("the connection is still open")
		}
	})
}

func TestOneAddressHasSoManyConnections(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MaxPerAddress = 2 })
	w.dial(foreign)
	w.dial(foreign)
	third := w.dial(foreign)
	third.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := third.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("one too many: got %v", err)
	}
	w.relay("tcp", customer, w.sender("1"))
}

func TestMessagesAreReadHoweverTheyAreCut(t *testing.T) {
	data := []byte{0x40, 0, 0, 5, 'h', 'e', 'l', 'l', 'o', 0, 0, 0} // padded
	long := stun.MustBuild(stun.TransactionID, stun.BindingRequest, attribute{0x8022, make([]byte, 1400)}).Raw
	input := bytes.Join([][]byte{binding, data, binding, long, data}, nil)
	for _, size := range []int{1, 3, 21, len(input)} {
		near, far := net.Pipe()
		c := newStream(bareServer(), far)
		go func() {
			for rest := input; len(rest) > 0; {
				n := min(size, len(rest))
				near.Write(rest[:n])
				rest = rest[n:]
			}
		}()
		buf := make([]byte, 1600)
		for _, want := range [][]byte{binding, data, binding, long, data} {
			n, err := c.read(buf)
			if err != nil || !bytes.Equal(buf[:n], want) {
				t.Fatalf("in pieces of %d: got %d bytes, %v, want %d", size, n, err, len(want))
			}
		}
		far.Close()
	}
}

// The address that signals is not always the one the browser has here. Whoever proves the password on a stream cannot have forged it.
func TestAStreamShowsWhereItsMemberIs(t *testing.T) {
	w := newWorld(t, nil)
	theirs := w.credential("1", "a", wire.RoleAgent, agent)
	c := w.credential("1", "s", wire.RoleSender, foreign)
	if got := w.asks(customer, c).askOnce(stun.MethodBinding); got {
		t.Error("an unknown address is answered over UDP")
	}
	w.relay("tcp", customer, c)
	w.asker(customer, c)
	b := w.asker(agent, theirs)
	if got := b.ask(stun.MethodCreatePermission, peer(netip.AddrPortFrom(customer, 4000))); got != 0 {
		t.Errorf("permission for it: got %d", got)
	}
}

func FuzzStream(f *testing.F) {
	f.Add(binding)
	f.Add([]byte{0x40, 0, 0, 1, 'x', 0, 0, 0})
	f.Add([]byte{0, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42})
	f.Fuzz(func(t *testing.T, input []byte) {
		near, far := net.Pipe()
		defer far.Close()
		go func() {
			near.Write(input)
			near.Close()
		}()
		c := newStream(bareServer(), far)
		buf := make([]byte, 1600)
		for read := 0; ; {
			n, err := c.read(buf)
			if err != nil {
				return
			}
			if n < 4 || n >= len(buf) || !bytes.Equal(buf[:n], input[read:read+n]) {
				t.Fatalf("a message of %d bytes at %d", n, read)
			}
			if buf[0] < 0x40 && int(binary.BigEndian.Uint16(buf[2:])) != n-20 {
				t.Fatalf("a message of %d bytes says %d", n, binary.BigEndian.Uint16(buf[2:]))
			}
			read += n
		}
	})
}
