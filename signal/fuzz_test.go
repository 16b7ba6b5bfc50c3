package signal

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// FuzzProtocol lets three clients of two replicas send legal and illegal messages in any order, come and go, and wait. Whatever
// they do: nothing panics, a code admits one agent, the epochs of a member grow, no token is given twice, and nobody hears of
// another session, neither by a message nor by a packet.
func FuzzProtocol(f *testing.F) {
	ops := func(steps ...byte) []byte { return steps }
	const s, a, b = 0 << 6, 1 << 6, 2 << 6
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opAgent, 0, a+opJoin, 0, s+opDescribe, 1, a+opDescribe, 0, s+opEnd, 0))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opAgent, 0, b+opAgent, 0, a+opJoin, 0, b+opJoin, 0, a+opLeave, 0, b+opJoin, 0))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opAgent, 0, a+opJoin, 0, s+opDrop, 0, s+opCustomer, 0, s+opResume, 0, a+opCandidate, 0))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opAgent, 0, a+opJoin, 0, s+opDrop, 0, s+opWait, 150, s+opCustomer, 0, s+opResume, 0))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, b+opCustomer, 0, b+opStart, 0, a+opAgent, 0, a+opJoin, 1, s+opCandidate, 2, b+opResume, 0))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opCustomer, 0, a+opResume, 0, s+opResume, 0, s+opWait, 255, s+opWait, 255, s+opWait, 255))
	f.Add(ops(s+opCustomer, 0, s+opStart, 0, a+opAgent, 0, a+opJoin, 0, s+opPacket, 1, a+opPacket, 0, s+opCarried, 1, a+opPing, 0, a+opLeave, 0, s+opPacket, 1))
	f.Add(ops(s+opCustomer, 0, s+opGarbage, 1, s+opCustomer, 0, s+opGarbage, 2, s+opJoin, 9, s+opLeave, 0, a+opStart, 0))
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 200 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			shared := NewMemoryBroker()
			m := &model{
				t: t, worlds: [2]*world{newWorld(t, Config{Broker: shared}), newWorld(t, Config{Broker: shared})},
				admitted: map[string]bool{}, epochs: map[string]int{}, sessions: map[string]string{}, given: map[string]bool{},
			}
			for len(script) >= 2 {
				m.step(script[0], script[1])
				synctest.Wait()
				m.listen()
				script = script[2:]
			}
			for _, w := range m.worlds {
				if strings.Contains(w.logs.String(), "panic") {
					t.Error(w.logs)
				}
			}
		})
	})
}

// The steps of a script: two bits for the client, six for what it does; the second byte is an argument.
const (
	opCustomer = iota
	opAgent
	opStart
	opJoin
	opResume
	opDescribe
	opCandidate
	opLeave
	opEnd
	opGarbage
	opDrop
	opWait
	opPong
	opPacket
	opCarried
	opPing
	opCount
)

// model is what the clients know together, and what must hold.
type model struct {
	t       *testing.T
	worlds  [2]*world
	clients [3]*client
	session [3]string // of each client

	codes, tokens, members []string
	tried                  [3]string
	admitted               map[string]bool   // codes
	epochs                 map[string]int    // member → epoch
	sessions               map[string]string // member → session
	given                  map[string]bool   // tokens
}

func (m *model) step(op, arg byte) {
	i := int(op>>6) % len(m.clients)
	op = op & 0x3f % opCount
	switch {
	case op == opWait:
		time.Sleep(time.Duration(arg) * time.Second)
		return
	case op == opCustomer || op == opAgent:
		m.connect(i, op == opAgent, m.worlds[arg%2])
		return
	case m.clients[i] == nil:
		return
	case op == opDrop:
		m.drop(i)
		return
	}
	pick := func(list []string) string {
		if int(arg) < len(list) {
			return list[arg]
		}
		return fmt.Sprint(arg)
	}
	switch op {
	case opStart:
		m.send(i, wire.Start{})
	case opJoin:
		m.tried[i] = pick(m.codes)
		m.send(i, wire.Join{Code: m.tried[i]})
	case opResume:
		m.send(i, wire.Resume{Token: pick(m.tokens)})
	case opDescribe:
		m.send(i, wire.Description{To: pick(m.members), Link: "1", Kind: wire.Offer, SDP: "v=0"})
	case opCandidate:
		m.send(i, wire.Candidate{To: pick(m.members), Link: "1", Candidate: "x"})
	case opLeave:
		m.send(i, wire.Leave{})
	case opEnd:
		m.send(i, wire.End{})
	case opPong:
		m.send(i, wire.Pong{})
	case opPacket:
		m.write(i, websocket.BinaryMessage, wire.AppendRelayed(nil, pick(m.members), "1", []byte("x")))
	case opCarried:
		m.send(i, wire.Carried{Member: pick(m.members), Path: wire.PathRelay})
	case opPing:
		m.send(i, wire.Ping{})
	case opGarbage:
		m.write(i, websocket.TextMessage, []byte(strings.Repeat("{", int(arg))))
	}
}

func (m *model) connect(i int, agent bool, w *world) {
	m.drop(i)
	d, hello := dialing{}, wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleSender}
	if agent {
		d.agent, hello.Role = fmt.Sprint("agent", i%2), wire.RoleAgent
	}
	m.clients[i] = w.dial(d)
	m.send(i, hello)
}

func (m *model) drop(i int) {
	if m.clients[i] != nil {
		m.clients[i].ws.Close()
	}
	m.clients[i], m.session[i] = nil, ""
}

func (m *model) send(i int, msg wire.Message) {
	data, err := wire.Encode(msg)
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(i, websocket.TextMessage, data)
}

// write does not mind that the server has closed the connection.
func (m *model) write(i, kind int, data []byte) {
	m.clients[i].ws.SetWriteDeadline(time.Now().Add(time.Minute))
	m.clients[i].ws.WriteMessage(kind, data)
}

// listen reads what has come and checks it.
func (m *model) listen() {
	for i, c := range m.clients {
		for c != nil {
			select {
			case msg, open := <-c.inbox:
				if open {
					m.check(i, msg)
					continue
				}
				m.drop(i)
			case r := <-c.relay:
				m.hears(i, wire.Member{ID: r.member})
				continue
			default:
			}
			break
		}
	}
}

func (m *model) check(i int, msg wire.Message) {
	switch msg := msg.(type) {
	case wire.Started:
		m.codes = append(m.codes, msg.Code)
		m.seat(i, msg.Session, msg.Member, msg.Token, msg.Epoch)
	case wire.Joined:
		if m.admitted[m.tried[i]] {
			m.t.Errorf("the code %q admits a second agent", m.tried[i])
		}
		m.admitted[m.tried[i]] = true
		m.seat(i, msg.Session, msg.Member, msg.Token, msg.Epoch)
		m.hears(i, msg.Members...)
	case wire.Resumed:
		m.seat(i, msg.Session, msg.Member, msg.Token, msg.Epoch)
		m.hears(i, msg.Members...)
	case wire.MemberJoined:
		m.hears(i, msg.Member)
	case wire.MemberBack:
		m.hears(i, msg.Member)
	case wire.MemberAway:
		m.hears(i, wire.Member{ID: msg.Member})
	case wire.MemberLeft:
		m.hears(i, wire.Member{ID: msg.Member})
	case wire.Description:
		m.hears(i, wire.Member{ID: msg.From})
	case wire.Sealed:
		m.hears(i, wire.Member{ID: msg.From})
	case wire.Candidate:
		m.hears(i, wire.Member{ID: msg.From})
	}
}

func (m *model) seat(i int, session, member, token string, epoch int) {
	if m.given[token] {
		m.t.Error("a token is given twice")
	}
	m.given[token] = true
	m.tokens = append(m.tokens, token)
	if epoch != m.epochs[member]+1 {
		m.t.Errorf("epoch %d follows %d", epoch, m.epochs[member])
	}
	if m.epochs[member] == 0 {
		m.members = append(m.members, member)
	}
	m.epochs[member] = epoch
	m.sessions[member] = session
	m.session[i] = session
}

// hears checks that members are of the client's own session. One that no client here has been told to be is just being told.
func (m *model) hears(i int, members ...wire.Member) {
	for _, member := range members {
		if session, known := m.sessions[member.ID]; known && session != m.session[i] {
			m.t.Errorf("client %d of session %q hears of a member of %q", i, m.session[i], session)
		}
	}
}
