package signal

import (
	"context"
	"fmt"
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
