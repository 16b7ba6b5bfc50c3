package signal

import (
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

var (
	home    = address{"r1", "c1"}
	desk    = address{"r2", "c2"}
	another = address{"r1", "c3"}
)

// fixture gives a session of a customer and an agent, and their tokens.
func fixture() (s session, customer, agent resumeToken) {
	customer, agent = newResumeToken("S", "customer"), newResumeToken("S", "agent")
	s = startSession("S", "hidden", facts{}, time.Unix(0, 0), member{
		ID: "customer", Role: wire.RoleSender, At: home, Epoch: 1, Token: customer.hash(), Sealed: customer.seal("123456789"),
	})
	s, err := s.joined(member{ID: "agent", Role: wire.RoleAgent, Name: "Ann", Agent: "ann", At: desk, Epoch: 1, Token: agent.hash()})
	if err != nil {
		panic(err)
	}
	return s, customer, agent
}

func TestTransitionsThatAreRefusedChangeNothing(t *testing.T) {
	s, customer, agent := fixture()
	next := newResumeToken("S", "customer")
	over, _ := s.ended(wire.EndAgent)
	untaken := startSession("S", "hidden", facts{}, time.Unix(0, 0), s.Members[0])
	untakenOver, _ := untaken.ended(wire.EndTimeout)
	tests := map[string]struct {
		s     session
		apply transition
		want  error
	}{
		"a code is taken once":            {s, func(s session) (session, error) { return s.joined(member{ID: "x"}) }, errTaken},
		"nobody joins what is over":       {untakenOver, func(s session) (session, error) { return s.joined(member{ID: "x"}) }, errTaken},
		"a taken code does not expire":    {s, session.codeExpired, errUnchanged},
		"what is over does not end again": {over, func(s session) (session, error) { return s.ended(wire.EndCustomer) }, errUnchanged},
		"what is over is not left":        {over, func(s session) (session, error) { return s.left("agent") }, errUnchanged},
		"a stranger does not leave":       {s, func(s session) (session, error) { return s.left("x") }, errUnchanged},
		"another connection's end":        {s, func(s session) (session, error) { return s.away("customer", another) }, errUnchanged},
		"a connection's second end":       {s, func(s session) (session, error) { return s.away("customer", address{}) }, errUnchanged},
		"who is there does not expire":    {s, func(s session) (session, error) { return s.expired("customer", 1) }, errUnchanged},
		"the next token does not resume": {s, func(s session) (session, error) {
			return s.resumed(next, next, wire.RoleSender, "", "", another)
		}, errGone},
		"an agent's token needs the agent": {s, func(s session) (session, error) {
			return s.resumed(agent, next, wire.RoleAgent, "bob", "", another)
		}, errGone},
		"a token needs its role": {s, func(s session) (session, error) {
			return s.resumed(customer, next, wire.RoleAgent, "", "", another)
		}, errGone},
		"what is over is not resumed": {over, func(s session) (session, error) {
			return s.resumed(customer, next, wire.RoleSender, "", "", another)
		}, errEnded},
		"what is over is not told to strangers": {over, func(s session) (session, error) {
			return s.resumed(next, next, wire.RoleSender, "", "", another)
		}, errGone},
	}
	for name, test := range tests {
		before := test.s
		after, err := test.apply(test.s)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
		equals(t, name, after, before)
	}
}

func TestTransitionsLeaveTheirArgumentAlone(t *testing.T) {
	s, customer, _ := fixture()
	kept, _, _ := fixture()
	kept.Members[0], kept.Members[1] = s.Members[0], s.Members[1]
	gone, _ := s.away("customer", home)
	for name, apply := range map[string]transition{
		"away": func(s session) (session, error) { return s.away("customer", home) },
		"left": func(s session) (session, error) { return s.left("customer") },
		"end":  func(s session) (session, error) { return s.ended(wire.EndAgent) },
		"resume": func(s session) (session, error) {
			return s.resumed(customer, newResumeToken("S", "customer"), wire.RoleSender, "", "", another)
		},
	} {
		if _, err := apply(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		equals(t, "after "+name, s, kept)
	}
	if _, err := gone.expired("customer", 2); !errors.Is(err, errUnchanged) {
		t.Errorf("another absence expires: %v", err)
	}
	over, err := gone.expired("customer", 1)
	equals(t, "end", over.Ended, wire.EndTimeout)
	equals(t, "error", err, error(nil))
}

func TestSeveralAgentsMayBeMembers(t *testing.T) {
	s, _, _ := fixture()
	s.Members = append(s.Members, member{ID: "second", Role: wire.RoleAgent, At: another, Epoch: 1})
	s, err := s.left("agent")
	if err != nil || len(s.Members) != 2 || s.Ended != "" {
		t.Errorf("%+v, %v", s, err)
	}
	equals(t, "others", s.others("customer", view{}), []wire.Member{{ID: "second", Role: wire.RoleAgent}})
}

func TestTheDifferenceIsWhatTheClientMissed(t *testing.T) {
	full, customer, agent := fixture()
	alone := full
	alone.Members = full.Members[:1]
	then := func(s session, steps ...transition) session {
		for _, step := range steps {
			next, err := step(s)
			if err != nil {
				t.Fatal(err)
			}
			s = next
		}
		return s
	}
	agentAway := func(s session) (session, error) { m, _ := s.member("agent"); return s.away("agent", m.At) }
	agentBack := func(s session) (session, error) {
		return s.resumed(agent, newResumeToken("S", "agent"), wire.RoleAgent, "ann", "", another)
	}
	agentLeft := func(s session) (session, error) { return s.left("agent") }
	end := func(s session) (session, error) { return s.ended(wire.EndAgent) }
	moved := func(s session) (session, error) {
		return s.resumed(customer, newResumeToken("S", "customer"), wire.RoleSender, "", "", another)
	}
	ann := wire.Member{ID: "agent", Role: wire.RoleAgent, Name: "Ann"}
	for name, test := range map[string]struct {
		before, after session
		news          []wire.Message
		code          int
	}{
		"nothing":         {full, full, nil, 0},
		"joined":          {alone, full, []wire.Message{wire.MemberJoined{Member: ann}}, 0},
		"away":            {full, then(full, agentAway), []wire.Message{wire.MemberAway{Member: "agent"}}, 0},
		"away and back":   {full, then(full, agentAway, agentBack), []wire.Message{wire.MemberBack{Member: ann, Epoch: 2}}, 0},
		"back and away":   {full, then(full, agentBack, agentAway), []wire.Message{wire.MemberAway{Member: "agent"}}, 0},
		"away twice":      {then(full, agentAway), then(full, agentAway, agentBack, agentAway), nil, 0},
		"left":            {full, then(full, agentLeft), []wire.Message{wire.MemberLeft{Member: "agent"}}, 0},
		"away and left":   {then(full, agentAway), then(full, agentAway, agentLeft), []wire.Message{wire.MemberLeft{Member: "agent"}}, 0},
		"left and ended":  {full, then(full, agentLeft, end), []wire.Message{wire.Ended{Reason: wire.EndAgent}}, wire.CloseEnded},
		"moved":           {full, then(full, moved), nil, wire.CloseReplaced},
		"taken for dead":  {full, then(full, func(s session) (session, error) { return s.away("customer", home) }), nil, websocket.CloseServiceRestart},
		"taken out":       {full, then(full, func(s session) (session, error) { return s.left("customer") }), nil, websocket.CloseServiceRestart},
		"joined and left": {alone, then(full, agentLeft), nil, 0},
	} {
		news, code := difference(test.before, test.after, "customer", home, view{})
		equals(t, name, news, test.news)
		equals(t, name+": close", code, test.code)
	}
}
