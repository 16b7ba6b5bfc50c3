package signal

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// budget is how often something may happen in a window of time that starts with the first.
type budget struct {
	kind   string
	limit  int64
	window time.Duration
	excess string // what those are told of whom there was too much
}

// The budgets. A support code has 30 bits; these make guessing one hopeless, for one agent, one network or many together.
var (
	missesOfAgent  = budget{"miss-agent", 10, 10 * time.Minute, "wrong support codes from you"}
	shareOfAgent   = budget{"miss-remote", 5, 30 * time.Minute, ""} // of those of a network
	missesOfRemote = budget{"miss-remote", 10, 30 * time.Minute, "wrong support codes from your network"}
	missesOfAll    = budget{"miss-all", 300, 10 * time.Minute, "wrong support codes from all agents together"}
	startsOfRemote = budget{"start-remote", 1000, 10 * time.Minute, "sessions started from your network"}
	tokensOfRemote = budget{"token-remote", 10, 30 * time.Minute, ""} // the form has its own words
	tokensOfAll    = budget{"token-all", 1000, 10 * time.Minute, ""}
)

// count is one budget of one somebody.
type count struct {
	budget
	broker Broker
	who    string
}

func (c count) key() string { return "count/" + c.kind + "/" + c.who }

// spent reports whether the budget is used up.
func (c count) spent(ctx context.Context) (bool, error) {
	val, err := c.broker.Get(ctx, c.key())
	if err != nil || val == nil {
		return false, err
	}
	n, err := strconv.ParseInt(string(val), 10, 64)
	return n >= c.limit, err
}

// spend takes one, and reports whether it was there.
func (c count) spend(ctx context.Context) (bool, error) {
	n, err := c.broker.Incr(ctx, c.key(), c.window)
	if err == nil && n == 1 { // a broker tells of no counter when it expires. Should this fail, people are told to wait for the whole window
		_, _ = c.broker.Set(ctx, c.since(), nil, strconv.AppendInt(nil, time.Now().UnixMilli(), 10), c.window)
	}
	return n <= c.limit, err
}

func (c count) since() string { return c.key() + "/since" }

// rest gives how much of the window is left: all of it when that is not known, for clocks of replicas may differ.
func (c count) rest(ctx context.Context) time.Duration {
	val, err := c.broker.Get(ctx, c.since())
	if err != nil {
		return c.window
	}
	began, err := strconv.ParseInt(string(val), 10, 64)
	rest := c.window - time.Since(time.UnixMilli(began))
	if err != nil || rest > c.window {
		return c.window
	}
	return max(rest, time.Second)
}

// refuse says what there was too much of, and how long to wait.
func (c count) refuse(ctx context.Context) *wire.Error {
	rest := c.rest(ctx)
	e := refusal(wire.ErrSlowDown)
	e.Message = fmt.Sprintf("Too many %s within %s. Try again in %s.", c.excess, minutes(c.window), minutes(rest))
	e.RetryAfter = int(rest.Milliseconds())
	return &e
}

func minutes(d time.Duration) string {
	if n := int64((d + time.Minute - 1) / time.Minute); n != 1 {
		return fmt.Sprint(n, " minutes")
	}
	return "a minute"
}

// budgets are the budgets that replicas share. A budget that the broker cannot count is no budget: the answer is then
// "unavailable".
type budgets struct {
	broker Broker
	log    *slog.Logger

	// guessing is held by one guess at a time: otherwise many could look before the first is counted.
	guessing chan struct{}
}

func newBudgets(b Broker, log *slog.Logger) *budgets {
	return &budgets{broker: b, log: log, guessing: make(chan struct{}, 1)}
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
	budgets *budgets
	agent   count
	share   count   // what the agent has used up of those of all
	others  []count // of the network, then of all; none for who is proven
	proof   string  // the key of what says that the agent is proven
}

// guess admits a try of a support code or, when there is an error, says why not. The right code would get the same answer.
func (b *budgets) guess(ctx context.Context, key secret, agent, remote string) (turn, *wire.Error) {
	select {
	case b.guessing <- struct{}{}:
	case <-ctx.Done():
		return turn{}, b.unavailable("wait for other guesses", ctx.Err())
	}
	who := key.hide("agent", agent)
	t := turn{budgets: b, agent: count{missesOfAgent, b.broker, who}, share: count{shareOfAgent, b.broker, who}, proof: "proven/" + who}
	proof, err := b.broker.Get(ctx, t.proof)
	if err != nil {
		t.end()
		return turn{}, b.unavailable("count guesses", err)
	}
	if proof == nil {
		t.others = []count{{missesOfRemote, b.broker, key.hide("remote", remote)}, {missesOfAll, b.broker, "all"}}
	}
	for _, c := range append([]count{t.agent}, t.others...) {
		spent, err := c.spent(ctx)
		if err != nil || spent {
			t.end()
			if err != nil {
				return turn{}, b.unavailable("count guesses", err)
			}
			b.log.Warn("signal: guess budget used up", "budget", c.kind)
			return turn{}, c.refuse(ctx)
		}
	}
	return t, nil
}

// miss counts a wrong code. One agent's count against the network no more than its share, or it would keep all others there from joining; what is beyond
// counts against the agent, so that every miss is as many calls of the broker.
func (t turn) miss(ctx context.Context) {
	_, err := t.agent.spend(ctx)
	t.failed(err)
	if len(t.others) == 0 {
		return
	}
	within, err := t.share.spend(ctx)
	t.failed(err)
	if !within {
		t.others[0] = t.share
	}
	for _, c := range t.others {
		_, err := c.spend(ctx)
		t.failed(err)
	}
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

func (t turn) end() { <-t.budgets.guessing }
