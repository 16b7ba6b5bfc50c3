package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const (
	token  = "0123456789abcdef"
	secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)

// TestMain is the program itself when a test starts it as a process.
func TestMain(m *testing.M) {
	if os.Getenv("CLUSTER_REPLICA") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// replica is a process of the app.
type replica struct {
	cmd    *exec.Cmd
	origin string
}

func start(t *testing.T, redis *redistest.Server) *replica {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-addr", "127.0.0.1:0", "-redis", redis.URL(), "-agent-token", token, "-secret", secret, "-peer", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "CLUSTER_REPLICA=1")
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, lines)
	return &replica{cmd, strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "Customer:")), "/")}
}

// customer is the socket of a customer's browser.
type customer struct {
	t  *testing.T
	ws *websocket.Conn
}

func connect(t *testing.T, r *replica) *customer {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 10 * time.Second}
	ws, _, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(r.origin, "http")+"/_qwelp/signal", http.Header{"Origin": {r.origin}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	c := &customer{t, ws}
	c.send(wire.Hello{Versions: []int{1}, Role: wire.RoleSender})
	expect[wire.Welcome](c)
	return c
}

func (c *customer) send(m wire.Message) {
	c.t.Helper()
	data, err := wire.Encode(m)
	if err == nil {
		err = c.ws.WriteMessage(websocket.TextMessage, data)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// expect reads up to the next message of that kind.
func expect[M wire.Message](c *customer) M {
	c.t.Helper()
	for {
		c.ws.SetReadDeadline(time.Now().Add(30 * time.Second))
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			c.t.Fatalf("waiting for %T: %v", *new(M), err)
		}
		if kind != websocket.TextMessage {
			continue
		}
		switch m, err := wire.Decode(data); m := m.(type) {
		case M:
			return m
		case wire.Ping:
			c.send(wire.Pong{})
		default:
			if err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

func TestAnAgentJoinsOnOneReplicaWhatACustomerBeganOnAnother(t *testing.T) {
	redis := redistest.Start(t)
	one, two := start(t, redis), start(t, redis)
	first := connect(t, one)
	first.send(wire.Start{MetaData: map[string]any{"customer": "4711"}})
	started := expect[wire.Started](first)

	ana, err := agent.Join(t.Context(), two.origin, started.Code, agent.Options{Token: token, Name: "Ana"})
	if err != nil {
		t.Fatal(err)
	}
	defer ana.Leave(t.Context())
	joined := expect[wire.MemberJoined](first).Member
	if joined.Name != "Ana" || ana.MetaData()["customer"] != "4711" {
		t.Errorf("the customer sees %+v, the agent %v", joined, ana.MetaData())
	}
	if _, err := agent.Join(t.Context(), one.origin, started.Code, agent.Options{Token: token}); !errors.Is(err, agent.ErrUnknownCode) {
		t.Errorf("the code once more: %v", err)
	}

	// Both ways: what the customer's page offers, the agent answers.
	first.send(wire.Description{To: joined.ID, Link: "a.0", Kind: wire.Offer, SDP: offer})
	if answer := expect[wire.Description](first); answer.From != joined.ID || answer.Kind != wire.Answer || answer.Link != "a.0" {
		t.Errorf("the answer is %+v", answer)
	}

	// The next page comes from the other replica, and so does every page after the first replica is gone.
	second := connect(t, two)
	second.send(wire.Resume{Token: started.Token})
	if members := expect[wire.Resumed](second).Members; len(members) != 1 || members[0].ID != joined.ID {
		t.Errorf("resumed with %+v", members)
	}
	one.cmd.Process.Signal(syscall.SIGTERM)
	if err := one.cmd.Wait(); err != nil {
		t.Errorf("the first replica ends with %v", err)
	}
	second.send(wire.End{})
	expect[wire.Ended](second)
	select {
	case <-ana.Done():
	case <-time.After(30 * time.Second):
		t.Error("the agent's session goes on")
	}
}

// offer is what a browser offers for one data channel.
const offer = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\na=fingerprint:sha-256 " +
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n" +
	"a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\n"

func TestBothPagesHaveAHeadingAndTheTag(t *testing.T) {
	one := start(t, redistest.Start(t))
	for path, heading := range map[string]string{"/": "<h1>First page</h1>", "/second": "<h1>Second page</h1>"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, one.origin+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Dest", "document")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.Contains(string(text), heading) || strings.Count(string(text), "/auto.js") != 1 {
			t.Errorf("%s: got %s, %v", path, text, err)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-redis", "127.0.0.1:6379"}, "Options.URL"},
		{[]string{"-secret", "abc"}, "-secret: want 64 hex digits"},
		{[]string{"-secret", secret[:32]}, "-secret: want 64 hex digits"},
		{[]string{"-peer", "10.0.0.1"}, "-peer"},
		{[]string{"-peer", "10.0.0.1:7443"}, "-peer: needs -secret"},
		{[]string{"-trust", "10.0.0.1"}, "-trust"},
		{[]string{"redis://x"}, "redis://x"},
	} {
		if err := run(context.Background(), c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.args, err, c.want)
		}
	}
	var help strings.Builder
	if err := run(context.Background(), []string{"-help"}, io.Discard, &help); !errors.Is(err, flag.ErrHelp) || !strings.Contains(help.String(), "relayed between replicas") {
		t.Errorf("-help: %v, %s", err, help.String())
	}
}
