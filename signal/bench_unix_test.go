//go:build unix

package signal

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

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

// BenchmarkRelay measures how much processor time one relayed message costs the server. The clients are another process: 50 pairs, each
// of which has one message on its way at any time.
func BenchmarkRelay(b *testing.B) {
	for _, kind := range []string{"text", "packet"} {
		b.Run(kind, func(b *testing.B) {
			s, hs := listenForBenchmark(b)
			load := startLoad(b, hs.URL, kind)
			load.wait(b) // for the sessions
			for _, c := range s.connections() {
				c.packets = newPacketBudget(time.Now())
				for _, unlimited := range []*bucket{&c.messages, &c.socket.bytes, &c.packets.packets, &c.packets.bytes} {
					unlimited.tokens, unlimited.burst = 1e15, 1e15 // the rate limit is not what is measured
				}
			}
			const batch = 2000
			load.send(b, batch) // warm
			load.wait(b)
			n := 0
			b.ResetTimer()
			begin := cpuTime()
			for b.Loop() {
				if n%batch == 0 {
					load.send(b, batch)
					load.wait(b)
				}
				n++
			}
			spent := cpuTime() - begin
			sent := (n + batch - 1) / batch * batch
			b.ReportMetric(float64(spent)/1000/float64(sent), "server-µs/op")
			load.end(b)
			hs.Close()
			if err := s.Shutdown(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
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
