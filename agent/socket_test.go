package agent

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestAServerThatDoesNotAnswerAPingIsLeft(t *testing.T) {
	for _, answers := range []bool{true, false} {
		t.Run(fmt.Sprint(answers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				go serve(there, answers)
				dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) { return here, nil }}
				ws, _, err := dialer.Dial("ws://shop.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				s := newSocket(ws)
				ended := make(chan time.Time, 1)
				go func() {
					for {
						if _, err := s.read(); err != nil {
							ended <- time.Now()
							return
						}
					}
				}()
				begin := time.Now()
				s.probe()
				want := probeTimeout
				if answers {
					want = idleTimeout
				}
				if took := (<-ended).Sub(begin); took != want {
					t.Errorf("the server is left after %v, want %v", took, want)
				}
				s.close()
				there.Close()
			})
		})
	}
}

func TestASilentConnectionIsProbedWhileItCarriesTheLink(t *testing.T) {
	for _, carries := range []bool{true, false} {
		t.Run(fmt.Sprint(carries), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				go serve(there, false)
				dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) { return here, nil }}
				ws, _, err := dialer.Dial("ws://shop.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				s := newSocket(ws)
				begin := time.Now()
				go s.watch(func() bool { return carries })
				_, err = s.read()
				want := idleTimeout
				if carries {
					want = stillness + probeTimeout
				}
				if took := time.Since(begin); took != want {
					t.Errorf("the server is left after %v, want %v: %v", took, want, err)
				}
				s.close()
				there.Close()
			})
		})
	}
}

// serve upgrades a connection and reads what comes; it answers a Ping, or nothing.
func serve(conn net.Conn, answers bool) {
	listener := &oneConn{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conn <- conn
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer listener.Close()
		var upgrader websocket.Upgrader
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
			if answers {
				_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`))
			}
		}
	})}
	_ = server.Serve(listener)
}

// oneConn is a listener for one connection.
type oneConn struct {
	conn   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conn:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *oneConn) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
