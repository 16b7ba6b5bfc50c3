package signal

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// grants is a TURN server that counts.
type grants struct {
	mu     sync.Mutex
	number int
	log    []string
}

func (g *grants) Grant(session, member string, role wire.Role, client netip.Addr) ([]wire.ICEServer, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.number++
	g.log = append(g.log, fmt.Sprintf("grant %s %v", role, client))
	return []wire.ICEServer{{URLs: []string{"turn:own.example"}, Username: member, Credential: fmt.Sprint("secret", g.number)}}, 5 * time.Minute
}

func (g *grants) Revoke(_, member string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = append(g.log, "revoke "+member)
}

// heard gives what was asked of it since the last time.
func (g *grants) heard() string {
	synctest.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	text := strings.Join(g.log, ", ")
	g.log = nil
	return text
}

func TestEachMemberGetsCredentialsOfItsOwn(t *testing.T) {
	turn := &grants{}
	static := wire.ICEServer{URLs: []string{"stun:stun.example"}}
	inWorld(t, Config{TURN: turn, ICEServers: []wire.ICEServer{static}}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		told := func(member string, n int) []wire.ICEServer {
			return []wire.ICEServer{static, {URLs: []string{"turn:own.example"}, Username: member, Credential: fmt.Sprint("secret", n)}}
		}
		equals(t, "the sender's", started.ICEServers, told(started.Member, 1))
		equals(t, "the agent's", joined.ICEServers, told(joined.Member, 2))
		equals(t, "granted", turn.heard(), "grant sender 192.0.2.1, grant agent 192.0.2.1")

		time.Sleep(5*time.Minute - time.Second)
		expectQuiet(sender)
		time.Sleep(time.Minute)
		news := []wire.Credentials{expect[wire.Credentials](sender), expect[wire.Credentials](agent)}
		if news[0].ICEServers[1].Credential == started.ICEServers[1].Credential || news[1].ICEServers[1].Username != joined.Member {
			t.Errorf("after half of their life: got %v", news)
		}
		turn.heard()

		sender.ws.Close()
		expect[wire.MemberAway](agent)
		equals(t, "while the sender is away", turn.heard(), "")
		again := w.customerFrom(dialing{from: "192.0.2.7:99"})
		again.send(wire.Resume{Token: started.Token})
		resumed := expect[wire.Resumed](again)
		if got := resumed.ICEServers[1]; got.Username != started.Member || got.Credential == started.ICEServers[1].Credential {
			t.Errorf("resumed with %v", got)
		}
		equals(t, "granted", turn.heard(), "grant sender 192.0.2.7")
		if strings.Contains(w.logs.String(), "secret") {
			t.Errorf("credentials in the log:\n%s", w.logs)
		}
	})
}

func TestWhoIsOutOfTheSessionLosesItsCredentials(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(sender, agent *client)
		want func(sender, agent string) string
	}{
		"the session ends": {
			func(sender, _ *client) { sender.send(wire.End{}) },
			func(sender, agent string) string { return "revoke " + sender + ", revoke " + agent },
		},
		"the agent leaves": {
			func(_, agent *client) { agent.send(wire.Leave{}) },
			func(_, agent string) string { return "revoke " + agent },
		},
		"the agent stays away": {
			func(_, agent *client) { agent.ws.Close(); time.Sleep(2*time.Minute + time.Second) },
			func(_, agent string) string { return "revoke " + agent },
		},
		"the customer stays away": {
			func(sender, _ *client) { sender.ws.Close(); time.Sleep(2*time.Minute + time.Second) },
			func(sender, agent string) string { return "revoke " + sender + ", revoke " + agent },
		},
	} {
		t.Run(name, func(t *testing.T) {
			turn := &grants{}
			inWorld(t, Config{TURN: turn}, func(t *testing.T, w *world) {
				sender, agent, started, joined := w.pair()
				turn.heard()
				c.do(sender, agent)
				var once []string // each replica, and each connection, may say it
				for s := range strings.SplitSeq(turn.heard(), ", ") {
					if len(once) == 0 || !strings.Contains(strings.Join(once, ", "), s) {
						once = append(once, s)
					}
				}
				equals(t, "revoked", strings.Join(once, ", "), c.want(started.Member, joined.Member))
			})
		})
	}
}
