package turn

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	pion "github.com/pion/turn/v5"

	"github.com/qwelp/qwelp-go/internal/leaktest"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// TestMain fails the run when goroutines are left after the last test.
func TestMain(m *testing.M) {
	before := leaktest.Running()
	code := m.Run()
	if code == 0 {
		if left := leaktest.Since(before, "signal/turn.", "pion/turn"); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines are left:\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}

// Places on this machine that tell clients apart.
var (
	here     = netip.MustParseAddr("127.0.0.1") // the server, and its relays
	customer = netip.MustParseAddr("127.0.0.2")
	agent    = netip.MustParseAddr("127.0.0.3")
	foreign  = netip.MustParseAddr("127.0.0.4")
)

// world is a server with one socket of each kind.
type world struct {
	*Server
	t        *testing.T
	udp, tcp net.Addr
	logs     *syncBuffer
}

func newWorld(t *testing.T, change func(*Config)) *world {
	t.Helper()
	w := &world{t: t, logs: &syncBuffer{}}
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.udp, w.tcp = udp.LocalAddr(), tcp.Addr()
	cfg := Config{
		Host: "127.0.0.1", UDP: []net.PacketConn{udp}, TCP: []net.Listener{tcp}, RelayAddrs: []netip.Addr{here}, InsecureLoopback: true,
		Logger: slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&cfg)
	}
	w.Server, err = New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if n := entries(w.Server); n != 0 {
			t.Errorf("%d entries are left", n)
		}
	})
	return w
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// credential grants, and gives what is for TURN.
func (w *world) credential(session, member string, role wire.Role, at netip.Addr) wire.ICEServer {
	w.t.Helper()
	servers, _ := w.Grant(session, member, role, at)
	for _, s := range servers {
		if s.Username != "" {
			return s
		}
	}
	w.t.Fatalf("no credentials in %v", servers)
	return wire.ICEServer{}
}

func (w *world) sender(session string) wire.ICEServer {
	w.t.Helper()
	w.agent(session) // for there to be somebody to relay to
	return w.credential(session, "s", wire.RoleSender, customer)
}

func (w *world) agent(session string) wire.ICEServer {
	w.t.Helper()
	w.Grant(session, "s", wire.RoleSender, customer)
	return w.credential(session, "a", wire.RoleAgent, agent)
}

// client is a TURN client at an address, over UDP or TCP.
func (w *world) client(network string, from netip.Addr, c wire.ICEServer) *pion.Client {
	w.t.Helper()
	cfg := pion.ClientConfig{
		TURNServerAddr: w.udp.String(), STUNServerAddr: w.udp.String(), Username: c.Username, Password: c.Credential, RTO: 50 * time.Millisecond,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled},
	}
	switch network {
	case "udp":
		cfg.Conn = w.socket(from)
	case "tcp":
		cfg.TURNServerAddr, cfg.STUNServerAddr = w.tcp.String(), w.tcp.String()
		cfg.Conn = pion.NewSTUNConn(w.dial(from))
	}
	client, err := pion.NewClient(&cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := client.Listen(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		client.Close()
		cfg.Conn.Close()
	})
	return client
}

// socket is a UDP socket of the test's own.
func (w *world) socket(at netip.Addr) *net.UDPConn {
	w.t.Helper()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, 0)))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn
}

// dial opens a connection to the TCP listener.
func (w *world) dial(from netip.Addr) net.Conn {
	w.t.Helper()
	d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	conn, err := d.Dial("tcp4", w.tcp.String())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn
}

// relay opens a relay.
func (w *world) relay(network string, from netip.Addr, c wire.ICEServer) net.PacketConn {
	w.t.Helper()
	conn, err := w.client(network, from, c).Allocate()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn
}

// refused checks that a relay is refused, for that reason.
func (w *world) refused(network string, from netip.Addr, c wire.ICEServer, want string) {
	w.t.Helper()
	conn, err := w.client(network, from, c).Allocate()
	if err == nil {
		conn.Close()
		w.t.Errorf("a relay was opened, want %q", want)
	} else if !strings.Contains(err.Error(), want) {
		w.t.Errorf("refused with %q, want %q", err, want)
	}
}

// hello begins what is sent to see whether anything passes.
const hello = "hello over there"

// greetings counts what passes has sent, so that none is taken for a later one.
var greetings atomic.Int32

// passes sends a datagram until it arrives: the first may come before the other side's permission. What was sent on the same way before has arrived by then, and
// must have been greetings too.
func passes(t *testing.T, from net.PacketConn, to net.PacketConn, at net.Addr) net.Addr {
	t.Helper()
	text, buf := fmt.Sprint(hello, greetings.Add(1)), make([]byte, 1500)
	for range 50 {
		if _, err := from.WriteTo([]byte(text), at); err != nil {
			t.Fatal(err)
		}
		to.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		for {
			n, addr, err := to.ReadFrom(buf)
			if err != nil {
				break
			}
			if !strings.HasPrefix(string(buf[:n]), hello) {
				t.Fatalf("got %.50q", buf[:n])
			}
			if string(buf[:n]) == text {
				return addr
			}
		}
	}
	t.Fatal("nothing arrives")
	return nil
}

// until waits for something that other goroutines bring about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if ok() {
			return
		}
		<-tick.C
	}
	t.Fatalf("not in 5 s: %s", what)
}

func (w *world) counts() (relays, streams int) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.Server.relays), len(w.streams)
}

// asker asks single questions over UDP, as no library would.
type asker struct {
	t     *testing.T
	conn  net.PacketConn
	to    net.Addr
	key   []byte
	user  string
	nonce stun.Nonce
}

// asks gives an asker at an address.
func (w *world) asks(from netip.Addr, c wire.ICEServer) *asker {
	w.t.Helper()
	return &asker{t: w.t, conn: w.socket(from), to: w.udp, user: c.Username, key: pion.GenerateAuthKey(c.Username, realm, c.Credential)}
}

// asker gives an asker who has opened a relay.
func (w *world) asker(from netip.Addr, c wire.ICEServer) *asker {
	w.t.Helper()
	a := w.asks(from, c)
	if code := a.ask(stun.MethodAllocate, transportAttr(17)); code != 0 {
		w.t.Fatalf("no relay: %d", code)
	}
	return a
}

// ask gives the error code of the answer, 0 for success.
func (a *asker) ask(method stun.Method, attrs ...stun.Setter) int {
	a.t.Helper()
	for range 3 {
		setters := append([]stun.Setter{stun.TransactionID, stun.NewType(method, stun.ClassRequest)}, attrs...)
		if a.nonce != nil {
			setters = append(setters, stun.NewUsername(a.user), stun.NewRealm(realm), a.nonce, stun.MessageIntegrity(a.key))
		}
		answer := a.exchange(stun.MustBuild(setters...))
		var code stun.ErrorCodeAttribute
		if code.GetFrom(answer) != nil {
			return 0
		}
		if (code.Code != stun.CodeUnauthorized || a.nonce != nil) && code.Code != stun.CodeStaleNonce {
			return int(code.Code)
		}
		if err := a.nonce.GetFrom(answer); err != nil {
			a.t.Fatal(err)
		}
	}
	return int(stun.CodeUnauthorized)
}

func (a *asker) exchange(question *stun.Message) *stun.Message {
	a.t.Helper()
	buf := make([]byte, 1500)
	// Asked once: nothing is lost on one machine, and of the same question asked again the server makes another one.
	if _, err := a.conn.WriteTo(question.Raw, a.to); err != nil {
		a.t.Fatal(err)
	}
	a.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		n, _, err := a.conn.ReadFrom(buf)
		if err != nil {
			a.t.Fatalf("no answer: %v", err)
		}
		answer := &stun.Message{Raw: buf[:n]}
		if answer.Decode() == nil && answer.TransactionID == question.TransactionID {
			return answer
		}
	}
}

// attribute is an attribute byte by byte.
type attribute struct {
	kind  stun.AttrType
	value []byte
}

func (a attribute) AddTo(m *stun.Message) error {
	m.Add(a.kind, a.value)
	return nil
}

func transportAttr(protocol byte) attribute {
	return attribute{stun.AttrRequestedTransport, []byte{protocol, 0, 0, 0}}
}

// peer is XOR-PEER-ADDRESS.
type peer netip.AddrPort

func (p peer) AddTo(m *stun.Message) error {
	ap := netip.AddrPort(p)
	return stun.XORMappedAddress{IP: ap.Addr().AsSlice(), Port: int(ap.Port())}.AddToAs(m, stun.AttrXORPeerAddress)
}

// askOnce reports whether a question without a password is answered, soon.
func (a *asker) askOnce(method stun.Method) bool {
	a.t.Helper()
	question := stun.MustBuild(stun.TransactionID, stun.NewType(method, stun.ClassRequest))
	if _, err := a.conn.WriteTo(question.Raw, a.to); err != nil {
		a.t.Fatal(err)
	}
	a.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	_, _, err := a.conn.ReadFrom(make([]byte, 1500))
	return err == nil
}
