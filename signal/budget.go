package signal

import (
	"context"
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
}

// The budgets. A support code has 30 bits; these make guessing one hopeless, for one agent, one network or many together.
var (
	missesOfAgent  = budget{"miss-agent", 10, 10 * time.Minute}
	missesOfRemote = budget{"miss-remote", 10, 30 * time.Minute}
	missesOfAll    = budget{"miss-all", 300, 10 * time.Minute}
	startsOfRemote = budget{"start-remote", 1000, 10 * time.Minute}
	tokensOfRemote = budget{"token-remote", 10, 30 * time.Minute}
	tokensOfAll    = budget{"token-all", 1000, 10 * time.Minute}
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
	return n <= c.limit, err
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

// start admits a new session or says why not.
func (b *budgets) start(ctx context.Context, key secret, remote string) wire.ErrorCode {
	ok, err := count{startsOfRemote, b.broker, key.hide("remote", remote)}.spend(ctx)
	switch {
	case err != nil:
		b.log.Warn("signal: broker failed", "while", "count starts", "err", err)
		return wire.ErrUnavailable
	case !ok:
		return wire.ErrSlowDown
	}
	return ""
}

// turn is the right to try one support code. It must be ended.
type turn struct {
	budgets *budgets
	counts  []count
}

// guess admits a try of a support code or says why not.
func (b *budgets) guess(ctx context.Context, key secret, agent, remote string) (turn, wire.ErrorCode) {
	select {
	case b.guessing <- struct{}{}:
	case <-ctx.Done():
		return turn{}, wire.ErrUnavailable
	}
	t := turn{b, []count{
		{missesOfAgent, b.broker, key.hide("agent", agent)},
		{missesOfRemote, b.broker, key.hide("remote", remote)},
		{missesOfAll, b.broker, "all"},
	}}
	for _, c := range t.counts {
		spent, err := c.spent(ctx)
		if err != nil || spent {
			t.end()
			if err != nil {
				b.log.Warn("signal: broker failed", "while", "count guesses", "err", err)
				return turn{}, wire.ErrUnavailable
			}
			b.log.Warn("signal: guess budget used up", "budget", c.kind)
			return turn{}, wire.ErrSlowDown
		}
	}
	return t, ""
}

// miss counts a wrong code.
func (t turn) miss(ctx context.Context) {
	for _, c := range t.counts {
		if _, err := c.spend(ctx); err != nil {
			t.budgets.log.Warn("signal: broker failed", "while", "count guesses", "err", err)
		}
	}
}

func (t turn) end() { <-t.budgets.guessing }
