package signal

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// budgets are the budgets that replicas share. A budget that the broker cannot count is no budget: the answer is then
// "unavailable".
type budgets struct {
	broker Broker
	log    *slog.Logger

	// Held by one guess of an agent at a time, and by one of a network whose agent is not proven: otherwise many could look before the first is counted.
	ofAgents, ofNetworks slots
}

func newBudgets(b Broker, log *slog.Logger) *budgets {
	return &budgets{broker: b, log: log, ofAgents: newSlots(), ofNetworks: newSlots()}
}

// slots are held by somebody at a time. Some share one, which costs them no more than waiting.
type slots [64]chan struct{}

func newSlots() (s slots) {
	for i := range s {
		s[i] = make(chan struct{}, 1)
	}
	return s
}

// hold waits for somebody's slot. release may be called again.
func (s *slots) hold(ctx context.Context, who string) (release func(), err error) {
	sum := fnv.New32a()
	sum.Write([]byte(who))
	slot := s[sum.Sum32()%uint32(len(s))]
	select {
	case slot <- struct{}{}:
		return sync.OnceFunc(func() { <-slot }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// unavailable says that nothing can be counted.
func (b *budgets) unavailable(while string, err error) *wire.Error {
	b.log.Warn("signal: broker failed", "while", while, "err", err)
	e := refusal(wire.ErrUnavailable)
	return &e
}

// start admits a new session or, when the result is not nil, says why not.
func (b *budgets) start(ctx context.Context, key secret, remote string) *wire.Error {
	c := count{startsOfRemote, b.broker, key.hide("remote", remote)}
	ok, err := c.spend(ctx)
	switch {
	case err != nil:
		return b.unavailable("count starts", err)
	case !ok:
		return c.refuse(ctx)
	}
	return nil
}

// provenFor is how long an agent who has given a right support code is bounded by the agent's own budget alone: what others of an office, or attackers
// anywhere, use up must not keep those from work who do it.
const provenFor = 24 * time.Hour

// turn is the right to try one support code. It must be ended.
type turn struct {
	budgets  *budgets
	session  string // that waits under the code; empty: none
	agent    count
	share    count    // what the agent has used up of those of all
	others   []count  // of the network, then of all; none for who is proven
	proof    string   // the key of what says that the agent is proven
	releases []func() // of the slots
}

// guess admits a try of a hidden support code or, when there is an error, says why not. The right code would get the same answer. It takes the time of two
// calls of the broker.
func (b *budgets) guess(ctx context.Context, st store, key secret, hidden, agent, remote string) (turn, *wire.Error) {
	who, network := key.hide("agent", agent), key.hide("remote", remote)
	t := turn{budgets: b, agent: count{missesOfAgent, b.broker, who}, share: count{shareOfAgent, b.broker, who}, proof: "proven/" + who}
	var proof []byte
	err := atOnce(
		func() (err error) { proof, err = b.broker.Get(ctx, t.proof); return err },
		func() (err error) { t.session, err = st.find(ctx, hidden); return err },
	)
	if err == nil {
		err = t.hold(ctx, &b.ofAgents, who)
	}
	if err == nil && proof == nil {
		t.others = []count{{missesOfRemote, b.broker, network}, {missesOfAll, b.broker, "all"}}
		err = t.hold(ctx, &b.ofNetworks, network)
	}
	counts := append([]count{t.agent}, t.others...)
	spent := make([]bool, len(counts))
	if err == nil {
		var looks []func() error
		for i, c := range counts {
			looks = append(looks, func() (err error) { spent[i], err = c.spent(ctx); return err })
		}
		err = atOnce(looks...)
	}
	if err != nil {
		t.end()
		return turn{}, b.unavailable("count guesses", err)
	}
	for i, c := range counts {
		if spent[i] {
			t.end()
			b.log.Warn("signal: guess budget used up", "budget", c.kind)
			return turn{}, c.refuse(ctx)
		}
	}
	return t, nil
}

func (t *turn) hold(ctx context.Context, s *slots, who string) error {
	release, err := s.hold(ctx, who)
	if err == nil {
		t.releases = append(t.releases, release)
	}
	return err
}

// end lets others guess. It may be called again.
func (t turn) end() {
	for _, release := range t.releases {
		release()
	}
}

// miss counts a wrong code. One agent's count against the network no more than its share, or it would keep all others there from joining; what is beyond
// counts against the agent, so that every miss is as many calls of the broker.
func (t turn) miss(ctx context.Context) {
	within := true
	spend := func(c count) func() error {
		return func() error { _, err := c.spend(ctx); return err }
	}
	if len(t.others) == 0 {
		t.failed(spend(t.agent)())
		return
	}
	t.failed(atOnce(spend(t.agent), func() (err error) { within, err = t.share.spend(ctx); return err }))
	network, all := t.others[0], t.others[1]
	if !within {
		network = t.share
	}
	t.failed(atOnce(spend(network), spend(all)))
}

// hit notes a right code.
func (t turn) hit(ctx context.Context) {
	yes := []byte{1}
	ok, err := t.budgets.broker.Set(ctx, t.proof, nil, yes, provenFor)
	if err == nil && !ok {
		_, err = t.budgets.broker.Set(ctx, t.proof, yes, yes, provenFor)
	}
	t.failed(err)
}

func (t turn) failed(err error) {
	if err != nil {
		t.budgets.log.Warn("signal: broker failed", "while", "count guesses", "err", err)
	}
}

// atOnce makes calls of the broker at once. A panic of one is a panic of the caller.
func atOnce(calls ...func() error) error {
	var all sync.WaitGroup
	errs, panics := make([]error, len(calls)), make([]any, len(calls))
	for i, call := range calls {
		all.Go(func() {
			defer func() { panics[i] = recover() }()
			errs[i] = call()
		})
	}
	all.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	return errors.Join(errs...)
}
