package signal

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/leaktest"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Where the packages are that docs/attacks.md names, from here.
var attackedPackages = map[string]string{
	"signal": ".", "wire": "wire", "turn": "turn", "brokertest": "brokertest", "seal": "../internal/seal", "vouch": "../internal/vouch", "visible": "../internal/visible", "metadata": "../internal/metadata", "history": "history", "postgres": "../internal/postgres", "e2e": "../internal/e2e",
	"middleware": "../middleware", "assets": "../assets", "agent": "../agent", "sender": "../sender", "sendertest": "../sender/sendertest", "qwelp": "..",
	"redisbroker": "redisbroker", "trunk": "../internal/trunk",
}

func TestTheTableOfAttacksNamesTestsThatExist(t *testing.T) {
	doc, err := os.ReadFile("../docs/attacks.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for name, dir := range attackedPackages {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] += string(text)
		}
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([SF]\d+) \|.*$`).FindAllStringSubmatch(string(doc), -1) {
		rows[row[1]] = row[0]
	}
	named := regexp.MustCompile("`(\\w+)\\.((?:Test|Fuzz)\\w+)`")
	for letter, n := range map[string]int{"S": 43, "F": 15} {
		for i := range n {
			id := fmt.Sprint(letter, i+1)
			if tests := named.FindAllString(rows[id], -1); tests == nil && !strings.Contains(rows[id], "**open**") {
				t.Errorf("%s has neither a test nor the word open", id)
			}
		}
	}
	for _, test := range named.FindAllStringSubmatch(string(doc), -1) {
		if !strings.Contains(sources[test[1]], "\nfunc "+test[2]+"(") {
			t.Errorf("there is no test %s in package %s", test[2], test[1])
		}
	}
}

func TestWhatWasPlantedInAPageStartsNothing(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		planted := newResumeToken("planted", "planted").String()
		c := w.customer()
		c.send(wire.Resume{Token: planted})
		expectError(c, wire.ErrGone)
		started := c.start() // the same connection gets ids that nobody else knows
		if strings.Contains(started.Session+started.Member+started.Token, "planted") {
			t.Errorf("the planted token lives on: %+v", started)
		}
		raw := `{"type":"start","session":"planted","member":"planted","token":"planted","code":"123456789"}`
		c = w.customer()
		if err := c.ws.WriteMessage(websocket.TextMessage, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		if s := expect[wire.Started](c); s.Session == "planted" || s.Member == "planted" || s.Code == "123456789" {
			t.Errorf("the client chose: %+v", s)
		}
	})
}

func TestTheAgentTokenMakesNoHeaders(t *testing.T) {
	const token = "a\r\nSet-Cookie: b=c\r\n\r\n<script>"
	agents := AgentToken(token)
	escaped := url.QueryEscape(token)
	for name, test := range map[string]struct {
		target string
		change func(*http.Request)
		want   int
	}{
		"the right token in the address": {"/_qwelp/agent/?token=" + escaped, unchanged, http.StatusSeeOther},
		"from a link elsewhere":          {"/_qwelp/agent/?token=" + escaped, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusOK},
		"in the form":                    {"/_qwelp/agent/", post("http://example.com", token), http.StatusSeeOther},
		"a path that goes on":            {"/x%0d%0aSet-Cookie:%20b=c/agent/%0d%0a?token=" + escaped, unchanged, http.StatusSeeOther},
		"a wrong token":                  {"/_qwelp/agent/?token=%0d%0aSet-Cookie:+b=c", unchanged, http.StatusUnauthorized},
		"another method":                 {"/_qwelp/agent/", func(r *http.Request) { r.Method = "A\r\nB: c" }, http.StatusMethodNotAllowed},
	} {
		w := signInTo(agents, test.target, test.change)
		equals(t, name, w.Code, test.want)
		for field, values := range w.Result().Header {
			if strings.ContainsAny(field+strings.Join(values, ""), "\r\n") || len(values) != 1 {
				t.Errorf("%s: %s: %q", name, field, values)
			}
		}
		var wire strings.Builder // as a server writes it
		if err := w.Result().Write(&wire); err != nil || strings.Contains(wire.String(), "\nSet-Cookie: b=c") {
			t.Errorf("%s: %v, %q", name, err, wire.String())
		}
	}
}

// dialTCP connects to a real server, and greets.
func dialTCP(t *testing.T, hs *httptest.Server, role wire.Role) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := dialer.Dial(wsURL(hs), http.Header{"Origin": {hs.URL}, "X-Agent": {"ann"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	say(ws, wire.Hello{Versions: []int{wire.Version}, Role: role})
	hear(ws)
	return ws
}

// pairTCP gives a customer, an agent and the agent's member id.
func pairTCP(t *testing.T, hs *httptest.Server) (sender, agent *websocket.Conn, to string) {
	t.Helper()
	sender, agent = dialTCP(t, hs, wire.RoleSender), dialTCP(t, hs, wire.RoleAgent)
	say(sender, wire.Start{})
	say(agent, wire.Join{Code: hear(sender).(wire.Started).Code})
	to = hear(agent).(wire.Joined).Member
	hear(sender)
	return sender, agent, to
}

// allocated gives how many bytes have been allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestFramesThatAreTooLargeCostNoMemory(t *testing.T) {
	_, hs := listen(t, Config{})
	var clients []*websocket.Conn
	for range 50 {
		clients = append(clients, dialTCP(t, hs, wire.RoleSender))
	}
	head := []byte{0x82, 0x80 | 127, 0, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4} // 32 MiB are announced
	megabyte := make([]byte, 1<<20)
	before := allocated()
	for _, ws := range clients {
		ws.NetConn().Write(append(head, megabyte...)) // fails once the server has closed
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) && !errors.Is(err, net.ErrClosed) {
			t.Logf("closed with %v", err)
		}
	}
	own := len(clients) * (len(megabyte) + 64<<10) // what append copies
	if cost := int(allocated()-before) - own; cost > 1<<20 {
		t.Errorf("%d MiB cost %d bytes", 32*len(clients), cost)
	}
}

func TestAFloodOfPacketsForWhoDoesNotReadIsHeldBack(t *testing.T) {
	s, hs := listen(t, Config{})
	sender, stuck, to := pairTCP(t, hs)
	bystander, other, partner := pairTCP(t, hs)
	data := wire.AppendRelayed(nil, to, "link", make([]byte, wire.MaxRelayBytes))
	sent := 0
	for ; sent < 4*packetByteBurst/len(data); sent++ {
		sender.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
		if sender.WriteMessage(websocket.BinaryMessage, data) != nil {
			break
		}
	}
	if sent == 4*packetByteBurst/len(data) {
		t.Errorf("nobody holds the flood back: %d packets are sent", sent)
	}
	for _, c := range s.connections() {
		c.out.mu.Lock()
		if c.out.packetBytes > maxPacketBytes {
			t.Errorf("%d bytes wait", c.out.packetBytes)
		}
		c.out.mu.Unlock()
	}
	for range 100 { // while the flood is held back; that nobody waits for it is shown in faked time
		if err := bystander.WriteMessage(websocket.BinaryMessage, wire.AppendRelayed(nil, partner, "link", []byte("x"))); err != nil {
			t.Fatal(err)
		}
		if _, _, err := other.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
	for range s.Stats().Packets - 100 { // whoever did not read loses nothing of it
		if _, _, err := stuck.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNothingIsLeftWhenMembersHaveComeAndGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := NewMemoryBroker()
		w := newWorld(t, Config{Broker: broker})
		w.customer().ws.Close() // starts what runs for ever
		time.Sleep(time.Minute)
		synctest.Wait()
		before := leaktest.Running()
		for i := range 100 {
			sender, agent, started, joined := w.pair()
			sender.pass(joined.Member, "link", "x")
			sender.send(wire.Carried{Member: joined.Member, Path: wire.PathRelay})
			switch i % 5 {
			case 0:
				sender.send(wire.End{})
			case 1:
				agent.send(wire.Leave{})
			case 2: // both are gone for good
			case 3:
				w.customer().resume(started.Token)
			case 4:
				agent.ws.NetConn().Close()
				w.agent("ann").resume(joined.Token)
			}
			synctest.Wait()
			sender.ws.NetConn().Close()
			agent.ws.NetConn().Close()
		}
		for _, c := range w.connections() {
			c.socket.Close()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if left := leaktest.Since(before); left != "" {
			t.Errorf("goroutines are left:\n%s", left)
		}
		equals(t, "now", fmt.Sprint(w.Stats().Connections, w.Stats().Sessions, w.Stats().RelayLinks), "0 0 0")
		w.mu.Lock()
		equals(t, "timers", len(w.timers), 0)
		w.mu.Unlock()
		m := inMemory(broker)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.purge()
		for key := range m.entries {
			if strings.HasPrefix(key, "session/") || strings.HasPrefix(key, "code/") {
				t.Errorf("the broker still has %s", key)
			}
		}
	})
}
