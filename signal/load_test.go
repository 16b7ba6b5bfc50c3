package signal

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// What a load process is told.
const (
	loadURL  = "QWELP_TEST_LOAD_URL"
	loadKind = "QWELP_TEST_LOAD_KIND"
)

// load is a process with clients. It answers a line when what it was asked is done.
type load struct {
	cmd     *exec.Cmd
	asks    io.WriteCloser
	answers *bufio.Scanner
}

func startLoad(b *testing.B, url, kind string) *load {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), loadURL+"="+url, loadKind+"="+kind)
	cmd.Stderr = os.Stderr
	asks, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return &load{cmd, asks, bufio.NewScanner(answers)}
}

func (l *load) send(b *testing.B, n int) {
	if _, err := fmt.Fprintln(l.asks, n); err != nil {
		b.Fatal(err)
	}
}

func (l *load) wait(b *testing.B) {
	if !l.answers.Scan() {
		b.Fatal("the load process has gone")
	}
}

func (l *load) end(b *testing.B) {
	l.asks.Close()
	if err := l.cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}

// loadPair is a customer, an agent and what the customer sends it.
type loadPair struct {
	sender, agent *websocket.Conn
	kind          int
	data          []byte
}

// generateLoad is the main function of a load process.
func generateLoad(url, kind string) {
	pairs := make([]loadPair, 50)
	for i := range pairs {
		pairs[i] = newLoadPair(url, fmt.Sprint("agent", i), kind)
	}
	fmt.Println("ready")
	for asks := bufio.NewScanner(os.Stdin); asks.Scan(); {
		n, err := strconv.Atoi(asks.Text())
		must(err)
		var running sync.WaitGroup
		for _, p := range pairs {
			running.Go(func() {
				for range n / len(pairs) {
					must(p.sender.WriteMessage(p.kind, p.data))
					_, _, err := p.agent.ReadMessage()
					must(err)
				}
			})
		}
		running.Wait()
		fmt.Println("done")
	}
}

func newLoadPair(url, agent, kind string) loadPair {
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	dial := func(role wire.Role) *websocket.Conn {
		ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(url, "http"), http.Header{"Origin": {url}, "X-Agent": {agent}})
		must(err)
		say(ws, wire.Hello{Versions: []int{wire.Version}, Role: role})
		hear(ws)
		return ws
	}
	p := loadPair{sender: dial(wire.RoleSender), agent: dial(wire.RoleAgent), kind: websocket.TextMessage}
	say(p.sender, wire.Start{})
	say(p.agent, wire.Join{Code: hear(p.sender).(wire.Started).Code})
	to := hear(p.agent).(wire.Joined).Member
	hear(p.sender)
	if kind == "packet" {
		p.kind, p.data = websocket.BinaryMessage, wire.AppendRelayed(nil, to, "Vn3k9dWq", make([]byte, 300))
		return p
	}
	var err error
	p.data, err = wire.Encode(wire.Sealed{To: to, Link: "Vn3k9dWq.0", Seq: 1, Box: strings.Repeat("x", 200)})
	must(err)
	return p
}

func say(ws *websocket.Conn, m wire.Message) {
	data, err := wire.Encode(m)
	must(err)
	must(ws.WriteMessage(websocket.TextMessage, data))
}

func hear(ws *websocket.Conn) wire.Message {
	_, data, err := ws.ReadMessage()
	must(err)
	m, err := wire.Decode(data)
	must(err)
	return m
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
