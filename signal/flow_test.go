package signal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAnAgentWithTheCodeComesIn(t *testing.T) {
	ice := []wire.ICEServer{{URLs: []string{"stun:stun.example"}}}
	inWorld(t, Config{ICEServers: ice}, func(t *testing.T, w *world) {
		sender, agent := w.customer(), w.agent("ann")
		sender.send(wire.Start{MetaData: map[string]any{"cart": "17"}})
		started := expect[wire.Started](sender)
		if !regexp.MustCompile(`^[0-9]{9}$`).MatchString(started.Code) {
			t.Errorf("code %q, want nine digits", started.Code)
		}
		equals(t, "codeExpires", started.CodeExpires, 600_000)
		equals(t, "epoch", started.Epoch, 1)
		equals(t, "iceServers", started.ICEServers, ice)

		spoken := started.Code[:3] + "-" + started.Code[3:6] + " " + started.Code[6:]
		joined := agent.join(spoken)
		equals(t, "session", joined.Session, started.Session)
		equals(t, "others", joined.Members, []wire.Member{{ID: started.Member, Role: wire.RoleSender, Relay: wire.RelayAll}})
		equals(t, "metaData", joined.MetaData, map[string]any{"cart": "17"})
		equals(t, "iceServers", joined.ICEServers, ice)
		news := expect[wire.MemberJoined](sender)
		equals(t, "news", news.Member, wire.Member{ID: joined.Member, Role: wire.RoleAgent, Name: "Ann", Relay: wire.RelayAll})

		sender.send(wire.Description{To: joined.Member, From: "forged", Link: "1", Kind: wire.Offer, SDP: "v=0"})
		equals(t, "offer", expect[wire.Description](agent),
			wire.Description{From: started.Member, Link: "1", Kind: wire.Offer, SDP: "v=0"})
		agent.send(wire.Candidate{To: started.Member, Link: "1", Candidate: "candidate:1"})
		equals(t, "candidate", expect[wire.Candidate](sender),
			wire.Candidate{From: joined.Member, Link: "1", Candidate: "candidate:1"})
		sender.send(wire.Sealed{To: joined.Member, From: "forged", Link: "1", Key: "k", Enc: "e", Epoch: 1, Box: "b"})
		equals(t, "sealed", expect[wire.Sealed](agent), wire.Sealed{From: started.Member, Link: "1", Key: "k", Enc: "e", Epoch: 1, Box: "b"})
	})
}

func TestUnknownExpiredAndUsedCodesAreOneAndTheSame(t *testing.T) {
	broker := &callsBroker{Broker: NewMemoryBroker()}
	inWorld(t, Config{Broker: broker}, func(t *testing.T, w *world) {
		_, _, used, _ := w.pair()
		idle := w.customer()
		expired := idle.start()
		time.Sleep(10*time.Minute + time.Second)
		agent := w.agent("bob")
		guess(agent, 1) // begins the windows of the budgets
		var answers []wire.Error
		var calls [][]string
		for _, code := range []string{"000000000", used.Code, expired.Code, "", "12"} {
			broker.take()
			agent.send(wire.Join{Code: code})
			answers = append(answers, expectError(agent, wire.ErrUnknownCode))
			made := broker.take()
			slices.Sort(made) // some are made at once
			calls = append(calls, made)
		}
		for i := range answers {
			equals(t, "answer", answers[i], answers[0])
			equals(t, "what the broker is asked for", calls[i], calls[0])
		}
		if n := len(calls[0]); n < 5 || n > 10 {
			t.Errorf("the broker is asked for %q", calls[0])
		}
	})
}

func TestACodeThatNobodyTakesEndsItsSession(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender := w.customer()
		sender.start()
		time.Sleep(10*time.Minute - time.Second)
		expectQuiet(sender)
		time.Sleep(2 * time.Second)
		equals(t, "reason", expect[wire.Ended](sender).Reason, wire.EndTimeout)
		expectClose(sender, wire.CloseEnded)
	})
}

func TestMembersEndAndLeave(t *testing.T) {
	for _, by := range []wire.EndReason{wire.EndCustomer, wire.EndAgent} {
		t.Run(string(by)+" ends", func(t *testing.T) {
			inWorld(t, Config{}, func(t *testing.T, w *world) {
				sender, agent, started, joined := w.pair()
				map[wire.EndReason]*client{wire.EndCustomer: sender, wire.EndAgent: agent}[by].send(wire.End{})
				for _, c := range []*client{sender, agent} {
					equals(t, "reason", expect[wire.Ended](c).Reason, by)
					expectClose(c, wire.CloseEnded)
				}
				again := w.customer()
				again.send(wire.Resume{Token: started.Token})
				expectError(again, wire.ErrEnded)
				again.start() // the connection is as good as new
				other := w.agent("ann")
				other.send(wire.Resume{Token: joined.Token})
				expectError(other, wire.ErrEnded)
			})
		})
	}
	t.Run("an agent leaves", func(t *testing.T) {
		inWorld(t, Config{}, func(t *testing.T, w *world) {
			sender, agent, _, joined := w.pair()
			agent.send(wire.Leave{})
			equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
			agent.send(wire.Join{Code: w.customer().start().Code})
			expect[wire.Joined](agent)
			expectQuiet(sender)
			sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "x"})
			expectError(sender, wire.ErrNoMember)
			sender.send(wire.End{})
			equals(t, "reason", expect[wire.Ended](sender).Reason, wire.EndAgent)
			expectQuiet(agent)
		})
	})
}

func TestAPageLoadKeepsTheSession(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		token := started.Token
		for epoch := 2; epoch < 5; epoch++ {
			sender.ws.Close()
			equals(t, "away", expect[wire.MemberAway](agent).Member, started.Member)
			agent.send(wire.Candidate{To: started.Member, Link: "1", Candidate: "lost"})
			synctest.Wait()
			sender = w.customer()
			resumed := sender.resume(token)
			equals(t, "code", resumed.Code, started.Code)
			equals(t, "session", resumed.Session, started.Session)
			equals(t, "member", resumed.Member, started.Member)
			equals(t, "epoch", resumed.Epoch, epoch)
			equals(t, "others", resumed.Members, []wire.Member{{ID: joined.Member, Role: wire.RoleAgent, Name: "Ann", Relay: wire.RelayAll}})
			equals(t, "back", expect[wire.MemberBack](agent),
				wire.MemberBack{Member: wire.Member{ID: started.Member, Role: wire.RoleSender, Relay: wire.RelayAll}, Epoch: epoch})
			if resumed.Token == token {
				t.Error("the token did not change")
			}
			sender.send(wire.Pong{})
			synctest.Wait()
			old := w.customer()
			old.send(wire.Resume{Token: token})
			expectError(old, wire.ErrGone)
			token = resumed.Token
			agent.send(wire.Candidate{To: started.Member, Link: "1", Candidate: "found"})
			equals(t, "candidate", expect[wire.Candidate](sender).Candidate, "found")
		}
		time.Sleep(time.Hour) // nothing that was started for an absence strikes now
		expectQuiet(sender)
		expectQuiet(agent)
	})
}

func TestAPingShowsNotThatTheNewTokenHasArrived(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, _, started, _ := w.pair()
		for range 3 {
			sender.ws.Close()
			synctest.Wait()
			sender = w.customer()
			sender.send(wire.Resume{Token: started.Token})
			sender.send(wire.Ping{}) // the page comes to the front, and asks whether its connection has survived
			expect[wire.Resumed](sender)
			expect[wire.Pong](sender)
		}
	})
}

func TestAPageThatGoesBeforeItsAnswerComesLosesNothing(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, _, started, _ := w.pair()
		sender.ws.Close()
		synctest.Wait()
		hasty := w.customer()
		unseen := hasty.resume(started.Token)
		hasty.ws.Close()
		synctest.Wait()
		next := w.customer()
		resumed := next.resume(started.Token)
		equals(t, "code", resumed.Code, started.Code)
		equals(t, "epoch", resumed.Epoch, 3)
		next.send(wire.Pong{})
		synctest.Wait()
		for _, dead := range []string{started.Token, unseen.Token} {
			thief := w.customer()
			thief.send(wire.Resume{Token: dead})
			expectError(thief, wire.ErrGone)
		}
	})
}

func TestResumingReplacesTheOldConnection(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		next := w.customer()
		next.resume(started.Token)
		expectClose(sender, wire.CloseReplaced)
		expect[wire.MemberBack](agent)
		other := w.agent("ann")
		resumed := other.resume(joined.Token)
		equals(t, "the agent's code", resumed.Code, "")
		expectClose(agent, wire.CloseReplaced)
		expect[wire.MemberBack](next)
		expectQuiet(other)
	})
}

// A duplicated tab has the token that the live one has used.
func TestACopiedTokenTakesNothingFromThePageThatHasUsedIt(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		_, agent, started, _ := w.pair()
		live, copied := w.customer(), w.customer()
		live.resume(started.Token)
		expect[wire.MemberBack](agent)
		live.send(wire.Pong{})
		synctest.Wait()
		copied.send(wire.Resume{Token: started.Token})
		if e := expect[wire.Error](copied); e.Code != wire.ErrGone {
			t.Errorf("the copy gets the error %q, want %q", e.Code, wire.ErrGone)
		}
		expectQuiet(live)
		expectQuiet(agent)
	})
}

func TestATokenOpensNothingElse(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		_, _, started, joined := w.pair()
		_, secret, _ := strings.Cut(started.Token, started.Member)
		tokens := map[string]struct {
			token string
			as    func() *client
		}{
			"nonsense":                {"nonsense", w.customer},
			"empty":                   {"", w.customer},
			"two dots":                {"..", w.customer},
			"foreign characters":      {"a\x00b.c*.d", w.customer},
			"another secret":          {started.Session + "." + started.Member + "." + strings.Repeat("A", 43), w.customer},
			"another member":          {started.Session + "." + joined.Member + secret, w.customer},
			"an agent's, as customer": {joined.Token, w.customer},
			"a customer's, as agent":  {started.Token, func() *client { return w.agent("ann") }},
			"another agent's":         {joined.Token, func() *client { return w.agent("bob") }},
			"very long":               {strings.Repeat("a", 5000), w.customer},
		}
		for name, test := range tokens {
			c := test.as()
			c.send(wire.Resume{Token: test.token})
			if e := expect[wire.Error](c); e.Code != wire.ErrGone {
				t.Errorf("%s: error %q", name, e.Code)
			}
		}
		w.customer().resume(started.Token) // none of the tries used it up
		w.agent("ann").resume(joined.Token)
	})
}

func TestWhoStaysAwayIsTakenOut(t *testing.T) {
	t.Run("the customer", func(t *testing.T) {
		inWorld(t, Config{}, func(t *testing.T, w *world) {
			sender, agent, started, _ := w.pair()
			sender.ws.Close()
			expect[wire.MemberAway](agent)
			time.Sleep(2*time.Minute - time.Second)
			expectQuiet(agent)
			time.Sleep(2 * time.Second)
			equals(t, "reason", expect[wire.Ended](agent).Reason, wire.EndTimeout)
			expectClose(agent, wire.CloseEnded)
			back := w.customer()
			back.send(wire.Resume{Token: started.Token})
			expectError(back, wire.ErrEnded)
			time.Sleep(time.Hour)
			back = w.customer()
			back.send(wire.Resume{Token: started.Token})
			expectError(back, wire.ErrGone)
		})
	})
	t.Run("the agent", func(t *testing.T) {
		inWorld(t, Config{}, func(t *testing.T, w *world) {
			sender, agent, _, joined := w.pair()
			agent.ws.Close()
			expect[wire.MemberAway](sender)
			time.Sleep(2*time.Minute + time.Second)
			equals(t, "who left", expect[wire.MemberLeft](sender).Member, joined.Member)
			back := w.agent("ann")
			back.send(wire.Resume{Token: joined.Token})
			expectError(back, wire.ErrGone)
		})
	})
	t.Run("a session that waited long lives on", func(t *testing.T) {
		inWorld(t, Config{}, func(t *testing.T, w *world) {
			sender, agent, started, joined := w.pair()
			time.Sleep(24 * time.Hour)
			sender.send(wire.Candidate{To: joined.Member, Link: "1", Candidate: "late"})
			expect[wire.Candidate](agent)
			sender.ws.Close()
			expect[wire.MemberAway](agent)
			w.customer().resume(started.Token)
			expect[wire.MemberBack](agent)
		})
	})
}

func TestOneOfManyAgentsGetsTheCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := NewMemoryBroker()
		replicas := []*world{newWorld(t, Config{Broker: shared}), newWorld(t, Config{Broker: shared})}
		sender := replicas[0].customer()
		started := sender.start()
		var agents []*client
		for i := range 16 {
			d := dialing{agent: fmt.Sprintf("agent-%d", i), from: fmt.Sprintf("192.0.2.%d:1", i+1)}
			agents = append(agents, replicas[i%2].agentFrom(d))
		}
		for _, a := range agents {
			go a.send(wire.Join{Code: started.Code})
		}
		won := 0
		for _, a := range agents {
			switch m := (<-a.inbox).(type) {
			case wire.Joined:
				won++
			case wire.Error:
				equals(t, "error", m.Code, wire.ErrUnknownCode)
			default:
				t.Errorf("got %T", m)
			}
		}
		equals(t, "winners", won, 1)
		expect[wire.MemberJoined](sender)
		expectQuiet(sender)
	})
}

func TestNoSecretIsLoggedOrStored(t *testing.T) {
	spy := &spyBroker{Broker: NewMemoryBroker()}
	inWorld(t, Config{Broker: spy, MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		sender, agent := w.customer(), w.agent("ann")
		signed := signedNow(`{"iban":"canary-verified"}`)
		sender.send(wire.Start{MetaData: map[string]any{"iban": "canary-metadata"}, Signed: signed})
		started := expect[wire.Started](sender)
		joined := agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		sender.send(wire.Description{To: joined.Member, Link: "1", Kind: wire.Offer, SDP: "canary-sdp"})
		expect[wire.Description](agent)
		sender.ws.Close()
		expect[wire.MemberAway](agent)
		back := w.customer()
		resumed := back.resume(started.Token)
		back.send(wire.Tell{Signed: signed + "A"}) // which is logged
		back.send(wire.Tell{MetaData: map[string]any{"iban": strings.Repeat("canary-metadata", 1000)}})
		expectError(back, wire.ErrMetaData)
		back.send(wire.End{})
		expectClose(back, wire.CloseEnded)
		expectClose(agent, wire.CloseEnded)
		for name, secret := range map[string]string{
			"code": started.Code, "first token": started.Token, "next token": resumed.Token, "agent's token": joined.Token,
			"sdp": "canary-sdp", "name": "Ann", "signature": signed,
		} {
			if strings.Contains(w.logs.String(), secret) {
				t.Errorf("the log has the %s", name)
			}
			if name != "name" && strings.Contains(spy.String(), secret) {
				t.Errorf("the broker has the %s", name)
			}
		}
		if strings.Contains(w.logs.String(), "canary") {
			t.Error("the log has metaData")
		}
	})
}
