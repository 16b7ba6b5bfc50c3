package signal

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/metadata"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal/wire"
)

var tagKey = bytes.Repeat([]byte{3}, vouch.MinKey)

type object = map[string]any

func signedNow(text string) string { return vouch.Sign(tagKey, []byte(text), time.Now()) }

func TestOnlyWhatTheServerSignedIsVerified(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		told := func(s wire.Start) (metaData, verified object) {
			sender, agent := w.customer(), w.agent("ann")
			sender.send(s)
			joined := agent.join(expect[wire.Started](sender).Code)
			expect[wire.MemberJoined](sender)
			sender.send(wire.End{})
			return joined.MetaData, joined.Verified
		}
		page := object{"customer": "4711", "plan": "gold"}
		for name, c := range map[string]struct {
			start              wire.Start
			metaData, verified object
		}{
			"signed":              {wire.Start{MetaData: page, Signed: signedNow(`{"customer":"4711"}`)}, object{"plan": "gold"}, object{"customer": "4711"}},
			"another of the page": {wire.Start{MetaData: page, Signed: signedNow(`{"customer":"4712"}`)}, page, object{"customer": "4712"}},
			"by the server alone": {wire.Start{Signed: signedNow(`{"customer":"4711","n":1.0}`)}, nil, object{"customer": "4711", "n": 1.0}},
			"by the page alone":   {wire.Start{MetaData: page}, page, nil},
			"forged":              {wire.Start{MetaData: page, Signed: signedNow(`{"customer":"4711"}`) + "A"}, page, nil},
			"foreign":             {wire.Start{MetaData: page, Signed: vouch.Sign(bytes.Repeat([]byte{4}, 32), []byte(`{}`), time.Now())}, page, nil},
			"expired":             {wire.Start{MetaData: page, Signed: vouch.Sign(tagKey, []byte(`{"customer":"4711"}`), time.Now().Add(-25*time.Hour))}, page, nil},
			"no object":           {wire.Start{MetaData: page, Signed: signedNow(`["customer"]`)}, page, nil},
			"keys of any kind":    {wire.Start{MetaData: object{"customer ✓ verified": "4712"}, Signed: signedNow(`{"":1,"first name":"Ada"}`)}, object{"customer ✓ verified": "4712"}, object{"": 1.0, "first name": "Ada"}},
			"a number too large":  {wire.Start{MetaData: page, Signed: signedNow(`{"n":1234567890123456789}`)}, page, nil},
			"too deep":            {wire.Start{MetaData: page, Signed: signedNow(`{"a":[[[[[[[1]]]]]]],"n":1}`)}, page, object{"a": []any{[]any{[]any{[]any{[]any{[]any{nil}}}}}}, "n": 1.0}},
		} {
			metaData, verified := told(c.start)
			equals(t, name+": metaData", metaData, c.metaData)
			equals(t, name+": verified", verified, c.verified)
		}
		equals(t, "signatures that do not hold", w.Stats().Unverified, uint64(4))
		if log := w.logs.String(); strings.Count(log, "metaData is not verified") != 4 || strings.Count(log, "a part of what is signed") != 2 || strings.Contains(log, "4711") {
			t.Errorf("the log is %s", log)
		}
	})
}

func TestALogInDuringASessionReachesItsAgents(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		sender.ws.Close()
		expect[wire.MemberAway](agent)
		next := w.customer()
		next.resume(started.Token)
		expect[wire.MemberBack](agent)
		next.send(wire.Tell{MetaData: object{"customer": "Ada", "cart": 3.0}, Signed: signedNow(`{"customer":"Ada"}`)})
		equals(t, "told", expect[wire.Told](agent), wire.Told{MetaData: object{"cart": 3.0}, Verified: object{"customer": "Ada"}})
		next.send(wire.Tell{MetaData: object{"customer": "the page says Eve"}})
		equals(t, "told", expect[wire.Told](agent), wire.Told{MetaData: object{"customer": "the page says Eve"}, Verified: object{"customer": "Ada"}})
		next.send(wire.Tell{MetaData: object{"customer": "the page says Eve"}, Signed: signedNow(`{"customer":"Ada"}`)})
		next.send(wire.Tell{Signed: "forged"})
		expectQuiet(agent)
		agent.ws.Close()
		expect[wire.MemberAway](next)
		back := w.agent("ann").resume(joined.Token)
		equals(t, "verified after a reload", back.Verified, object{"customer": "Ada"})
		equals(t, "metaData after a reload", back.MetaData, object{"customer": "the page says Eve"})
	})
}

func TestWhatIsVerifiedDoesNotDependOnWhatThePageSays(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		sender, agent, _, _ := w.pair()
		sender.send(wire.Tell{MetaData: object{"too large": 1e17}, Signed: signedNow(`{"customer":"Ada"}`)})
		expectError(sender, wire.ErrMetaData)
		equals(t, "told", expect[wire.Told](agent), wire.Told{Verified: object{"customer": "Ada"}})
	})
}

func TestOnlyTheSenderTellsAndNotTooOften(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey}, func(t *testing.T, w *world) {
		sender, agent, _, _ := w.pair()
		for i := range tellBurst + 10 {
			sender.send(wire.Tell{MetaData: object{"n": float64(i)}})
		}
		for i := range tellBurst {
			equals(t, "told", expect[wire.Told](agent).MetaData, object{"n": float64(i)})
		}
		expectQuiet(agent)
		time.Sleep(2 * time.Second)
		sender.send(wire.Tell{MetaData: object{"n": "later"}})
		equals(t, "told", expect[wire.Told](agent).MetaData, object{"n": "later"})
		time.Sleep(2 * time.Second)
		sender.send(wire.Tell{MetaData: object{"n": strings.Repeat("x", metadata.MaxBytes)}})
		expectError(sender, wire.ErrMetaData)
		agent.send(wire.Tell{MetaData: object{"customer": "of the agent's making"}})
		expectClose(agent, wire.CloseBadMessage)
	})
}

func TestAnAgentOnAnotherReplicaIsToldToo(t *testing.T) {
	inWorld(t, Config{MetaDataKey: tagKey, Broker: NewMemoryBroker()}, func(t *testing.T, w *world) {
		other := newWorld(t, Config{MetaDataKey: tagKey, Broker: w.store.broker})
		sender, agent := w.customer(), other.agent("ann")
		agent.join(sender.start().Code)
		expect[wire.MemberJoined](sender)
		sender.send(wire.Tell{Signed: signedNow(`{"customer":"Ada"}`)})
		equals(t, "told", expect[wire.Told](agent).Verified, object{"customer": "Ada"})
	})
}
