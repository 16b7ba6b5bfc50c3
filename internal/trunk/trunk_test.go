package trunk

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

var pair = Pair{"session", "customer", "agent"}

// replica is a node to which members are connected, and what has come for them.
type replica struct {
	*Node
	got    chan string
	opened chan *Trunk
}

func (r *replica) receive(packet []byte) error {
	r.got <- string(packet)
	return nil
}

func (r *replica) url() string { return "http://" + r.Addr().String() }

// start starts a replica. change may change its configuration.
func start(t testing.TB, name string, change func(*Config)) *replica {
	t.Helper()
	r := &replica{got: make(chan string, 10), opened: make(chan *Trunk, 1)}
	config := Config{
		Replica: name, Secret: bytes.Repeat([]byte("s"), MinSecret), MaxPacket: 64 << 10, Logger: slog.New(slog.DiscardHandler),
		Accept: func(p Pair, conn string) (Receive, func(*Trunk), bool) {
			return r.receive, func(t *Trunk) { r.opened <- t }, p == pair && conn == "conn"
		},
	}
	if change != nil {
		change(&config)
	}
	node, err := Listen("127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(node.Close)
	r.Node = node
	return r
}

func (r *replica) dial(t *testing.T, to *replica, name string, p Pair, conn string) (*Trunk, error) {
	return r.Dial(t.Context(), to.url(), name, p, conn, r.receive)
}

func TestPacketsGoBothWays(t *testing.T) {
	one, two := start(t, "one", nil), start(t, "two", nil)
	here, err := one.dial(t, two, "two", pair, "conn")
	if err != nil {
		t.Fatal(err)
	}
	there := <-two.opened
	for _, packet := range []string{"a", strings.Repeat("b", 40<<10)} {
		if err := errors.Join(here.Send([]byte(packet)), there.Send([]byte("to "+packet))); err != nil {
			t.Fatal(err)
		}
		if got, back := <-two.got, <-one.got; got != packet || back != "to "+packet {
			t.Errorf("%d and %d bytes have come", len(got), len(back))
		}
	}
	here.Close()
	<-there.Done()
	if err := there.Send([]byte("late")); err == nil {
		t.Error("a closed trunk takes packets")
	}
}

func TestWhoDoesNotProveTheSecretGetsNoTrunk(t *testing.T) {
	two := start(t, "two", nil)
	other := func(c *Config) { c.Secret = bytes.Repeat([]byte("x"), MinSecret) }
	for name, test := range map[string]struct {
		from *replica
		to   string
		pair Pair
		conn string
		want error
	}{
		"another secret":     {start(t, "one", other), "two", pair, "conn", nil},
		"another replica":    {start(t, "one", nil), "three", pair, "conn", nil},
		"another session":    {start(t, "one", nil), "two", Pair{"other", "customer", "agent"}, "conn", ErrAway},
		"another connection": {start(t, "one", nil), "two", pair, "gone", ErrAway},
	} {
		trunk, err := test.from.dial(t, two, test.to, test.pair, test.conn)
		if err == nil {
			trunk.Close()
		}
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// A listener that does not hold the secret learns nothing that opens another trunk: what it hears holds for its own number only.
func TestAProofHoldsOnce(t *testing.T) {
	two := start(t, "two", nil)
	url := "ws" + strings.TrimPrefix(two.url(), "http") + "/trunk/session/customer/agent?replica=one&conn=conn"
	connect := func() (*websocket.Conn, []byte) {
		ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.Close() })
		_, number, err := ws.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		return ws, number
	}
	first, number := connect()
	own := bytes.Repeat([]byte("n"), nonceBytes)
	proof := append(own, names{pair, "one", "two"}.proof(two.config.Secret, "dial", own, number)...)
	if err := first.WriteMessage(websocket.BinaryMessage, proof); err != nil {
		t.Fatal(err)
	}
	if _, _, err := first.ReadMessage(); err != nil {
		t.Fatal("a proof does not hold:", err)
	}
	again, _ := connect()
	if err := again.WriteMessage(websocket.BinaryMessage, proof); err != nil {
		t.Fatal(err)
	}
	if _, _, err := again.ReadMessage(); err == nil {
		t.Error("a proof holds twice")
	}
}

func TestAReplicaIsDialledOnlyWhereReplicasMayBe(t *testing.T) {
	one := start(t, "one", func(c *Config) { c.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	web := httptest.NewServer(nil)
	defer web.Close()
	for _, base := range []string{web.URL, start(t, "two", nil).url(), "ftp://10.0.0.1", "10.0.0.1:1", "http://"} {
		if _, err := one.Dial(t.Context(), base, "two", pair, "conn", one.receive); err == nil {
			t.Errorf("%s is dialled", base)
		}
	}
}

func TestWhoReadsSlowlyHoldsTheOtherSideUp(t *testing.T) {
	var taken atomic.Int64
	slow := make(chan struct{})
	one := start(t, "one", nil)
	two := start(t, "two", func(c *Config) {
		c.Accept = func(Pair, string) (Receive, func(*Trunk), bool) {
			return func(packet []byte) error {
				taken.Add(1)
				<-slow
				return nil
			}, func(*Trunk) {}, true
		}
	})
	here, err := one.dial(t, two, "two", pair, "conn")
	if err != nil {
		t.Fatal(err)
	}
	const packet, all = 16 << 10, 1000
	var sent atomic.Int64
	done := make(chan error, 1)
	go func() {
		for range all {
			if err := here.Send(make([]byte, packet)); err != nil {
				done <- err
				return
			}
			sent.Add(1)
		}
		done <- nil
	}()
	// Until it stands still: were that too early, only fewer would have been sent.
	for before := int64(-1); before != sent.Load(); {
		before = sent.Load()
		<-time.After(200 * time.Millisecond)
	}
	if n := sent.Load() * packet; n > 4<<20 {
		t.Errorf("%d bytes wait for who reads nothing", n)
	}
	close(slow)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	one, two := start(t, "one", nil), start(t, "two", nil)
	here, err := one.dial(t, two, "two", pair, "conn")
	if err != nil {
		t.Fatal(err)
	}
	two.Close()
	<-here.Done()
	if _, err := one.dial(t, two, "two", pair, "conn"); err == nil {
		t.Error("a replica that is gone takes a trunk")
	}
	one.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one.Dial(ctx, two.url(), "two", pair, "conn", one.receive); err == nil {
		t.Error("a closed replica opens a trunk")
	}
}
