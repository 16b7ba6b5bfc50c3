//go:build unix

package signal

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// BenchmarkIdleConnection measures what one connected customer costs the server in memory, in bytes of heap and stack. The clients
// are bare sockets, whose own cost is measured first and taken off.
func BenchmarkIdleConnection(b *testing.B) {
	const n = 500
	memory := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	connect := func(url string, hello bool) (clients []*websocket.Conn) {
		dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, ReadBufferSize: 256, WriteBufferSize: 256}
		for range n {
			ws, _, err := dialer.Dial(url, http.Header{"Origin": {strings.Replace(url, "ws", "http", 1)}})
			if err != nil {
				b.Fatal(err)
			}
			if hello {
				send(b, ws, wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleSender})
				receive(b, ws)
			}
			clients = append(clients, ws)
		}
		return clients
	}
	for b.Loop() {
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			upgrader := websocket.Upgrader{ReadBufferSize: 16, WriteBufferSize: 16, Subprotocols: []string{wire.Subprotocol}}
			if _, err := upgrader.Upgrade(w, r, nil); err != nil {
				b.Error(err)
			}
		}))
		before := memory()
		clients := connect(wsURL(bare), false)
		own := memory() - before
		s, hs := listenForBenchmark(b)
		before = memory()
		served := connect(wsURL(hs), true)
		all := memory() - before
		b.ReportMetric((float64(all)-float64(own))/n, "B/conn")
		for _, ws := range append(clients, served...) {
			ws.Close()
		}
		bare.Close()
		hs.Close()
		if err := s.Shutdown(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRelay measures how much processor time one relayed message costs, with its client's share, and how many go through
// when as many clients as can keep within the rate limit send.
func BenchmarkRelay(b *testing.B) {
	s, hs := listenForBenchmark(b)
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	dial := func(role wire.Role, id int) *websocket.Conn {
		ws, _, err := dialer.Dial(wsURL(hs), http.Header{"Origin": {hs.URL}, "X-Agent": {fmt.Sprint("agent", id)}})
		if err != nil {
			b.Fatal(err)
		}
		send(b, ws, wire.Hello{Versions: []int{wire.Version}, Role: role})
		receive(b, ws)
		return ws
	}
	type pair struct {
		sender, agent *websocket.Conn
		data          []byte
	}
	var pairs []pair
	for i := range 100 {
		p := pair{sender: dial(wire.RoleSender, i), agent: dial(wire.RoleAgent, i)}
		send(b, p.sender, wire.Start{})
		send(b, p.agent, wire.Join{Code: receive(b, p.sender).(wire.Started).Code})
		to := receive(b, p.agent).(wire.Joined).Member
		receive(b, p.sender)
		p.data, _ = wire.Encode(wire.Description{To: to, Link: "1", Kind: wire.Offer, SDP: strings.Repeat("a=x\r\n", 60)})
		pairs = append(pairs, p)
	}
	for _, c := range s.connections() {
		c.messages.tokens, c.messages.burst = 1e9, 1e9 // the rate limit is not what is measured
		c.socket.bytes.tokens, c.socket.bytes.burst = 1e12, 1e12
	}
	begin := cpuTime()
	i := 0
	for b.Loop() {
		p := pairs[i%len(pairs)]
		i++
		if err := p.sender.WriteMessage(websocket.TextMessage, p.data); err != nil {
			b.Fatal(err)
		}
		if _, _, err := p.agent.ReadMessage(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime()-begin)/1000/float64(b.N), "cpu-µs/op")
	for _, p := range pairs {
		p.sender.Close()
		p.agent.Close()
	}
	hs.Close()
	if err := s.Shutdown(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// cpuTime gives the processor time of this process in nanoseconds.
func cpuTime() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func listenForBenchmark(b *testing.B) (*Server, *httptest.Server) {
	s, err := New(Config{Agents: everybody, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return s, httptest.NewServer(s)
}

func send(b *testing.B, ws *websocket.Conn, m wire.Message) {
	data, err := wire.Encode(m)
	if err == nil {
		err = ws.WriteMessage(websocket.TextMessage, data)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func receive(b *testing.B, ws *websocket.Conn) wire.Message {
	_, data, err := ws.ReadMessage()
	if err != nil {
		b.Fatal(err)
	}
	m, err := wire.Decode(data)
	if err != nil {
		b.Fatal(err)
	}
	return m
}
