package signal

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// ofLaterVersion puts into a record what a later version would: fields of the session, of its first member, and a schema.
func (w *world) ofLaterVersion(id string, schema int) {
	w.t.Helper()
	raw := w.raw(id)
	var record map[string]any
	if err := json.Unmarshal(raw, &record); err != nil {
		w.t.Fatal(err)
	}
	record["queue"] = map[string]any{"name": "billing & <more>", "since": 12345678901234567}
	record["members"].([]any)[0].(map[string]any)["rights"] = []string{"view"}
	if schema > 0 {
		record["schema"] = schema
	}
	next, err := json.Marshal(record)
	if err != nil {
		w.t.Fatal(err)
	}
	if ok, err := w.store.broker.Set(w.t.Context(), sessionKey(id), raw, next, w.store.recordLife()); !ok || err != nil {
		w.t.Fatal(ok, err)
	}
}

func TestWhatALaterVersionKeepsInARecordStays(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		kept := func(when, id string) {
			t.Helper()
			synctest.Wait()
			raw := string(one.raw(id))
			for _, part := range []string{`"queue":{"name":"billing \u0026 \u003cmore\u003e","since":12345678901234567}`, `"rights":["view"]`} {
				if strings.Count(raw, part) != 1 {
					t.Errorf("%s: the record has no %s, or twice: %s", when, part, raw)
				}
			}
		}
		sender := one.customer()
		started := sender.start()
		one.ofLaterVersion(started.Session, 0)
		agent := two.agent("ann")
		agent.join(started.Code)
		expect[wire.MemberJoined](sender)
		kept("after the join", started.Session)
		next := two.customer()
		next.resume(started.Token)
		expect[wire.MemberBack](agent)
		kept("after the next page", started.Session)
		next.send(wire.Tell{MetaData: map[string]any{"a": "b"}})
		expect[wire.Told](agent)
		kept("after other metaData", started.Session)
		forget(broker.Broker)
		two.lost()
		kept("put back", started.Session)
		agent.send(wire.Leave{})
		expect[wire.MemberLeft](next)
		kept("after the agent", started.Session)
		next.send(wire.End{})
		expect[wire.Ended](next)
		kept("after the end", started.Session)
	})
}

func TestARecordOfALaterSchemaIsNotChanged(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		sender := one.customer()
		started := sender.start()
		one.ofLaterVersion(started.Session, recordSchema+1)
		before := string(one.raw(started.Session))
		agent := two.agent("ann")
		agent.send(wire.Join{Code: started.Code})
		expectError(agent, wire.ErrUnavailable)
		other := two.customer()
		other.send(wire.Resume{Token: started.Token})
		expectError(other, wire.ErrUnavailable)
		if err := one.round(); err != nil {
			t.Errorf("an error of the broker: %v", err)
		}
		expectQuiet(sender)
		equals(t, "the record", string(one.raw(started.Session)), before)
	})
}

func TestALetterOfALaterVersionReachesNobody(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, _, started, _ := w.pair()
		for _, c := range w.connections() {
			w.receive(fmt.Appendf(nil, `{"conn":%q,"session":%q,"chat":"hello"}`, c.id, started.Session))
		}
		expectQuiet(sender)
	})
}
