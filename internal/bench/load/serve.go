package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// The servers that can be measured.
const (
	ours = "qwelp"
	bare = "gorilla" // holds connections, answers what a customer asks with as many bytes as ours, and does nothing else
)

func handlerOf(kind string) (http.Handler, error) {
	switch kind {
	case ours:
		quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
		q, err := middleware.New(middleware.Options{Logger: quiet, Signal: signal.Config{
			Agents: signal.AgentToken(token), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		}})
		if err != nil {
			return nil, err
		}
		return q.Wrap(http.NotFoundHandler()), nil
	case bare:
		return http.HandlerFunc(serveBare), nil
	}
	return nil, fmt.Errorf("no server is called %q", kind)
}

// serveBare is the library as its examples use it, with answers that a customer takes for those of a session.
func serveBare(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10, Subprotocols: []string{wire.Subprotocol}}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	answers := []wire.Message{wire.Welcome{Version: wire.Version}, wire.Started{Code: "123456789", Session: strings.Repeat("s", 26), Member: strings.Repeat("m", 26), Token: strings.Repeat("t", 97)}}
	for n := 0; ; n++ {
		if _, _, err := ws.ReadMessage(); err != nil {
			return
		}
		if n < len(answers) {
			data, err := wire.Encode(answers[n])
			if err != nil || ws.WriteMessage(websocket.TextMessage, data) != nil {
				return
			}
		}
	}
}

// serve serves until its standard input ends.
func serve(kind string) error {
	runtime.GOMAXPROCS(1)
	handler, err := handlerOf(kind)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(listener, handler)
	fmt.Println(listener.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// server is the process that serves.
type server struct {
	kind    string
	address string
	pid     int
	stop    func()
}

func startServer(kind string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(self, "-serve", kind)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server does not start: %w", err)
	}
	return &server{kind, strings.TrimSpace(address), command.Process.Pid, func() {
		in.Close()
		command.Wait()
	}}, nil
}
