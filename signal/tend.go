package signal

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// tend looks after one connection's place.
func (r *round) tend(c *conn) error {
	defer func() { c.panicked(recover()) }()
	place := c.seated()
	if place.record.ID == "" {
		return nil
	}
	c.alive()
	ctx, cancel := r.patience()
	defer cancel()
	record, raw, err := r.store.get(ctx, place.session)
	if errors.Is(err, errNoSession) {
		return r.tendMissing(ctx, c, place)
	}
	if err != nil {
		return err
	}
	if record.isBehind(place.record, place.member) {
		return r.tendBehind(ctx, c, place, record, raw)
	}
	c.learn(record)
	if c.seated().record.ID == "" { // it has learned that its place is gone
		return nil
	}
	if err := r.renew(ctx, c, record.ID, raw); err != nil {
		return err
	}
	if !record.Taken {
		return r.tendCode(ctx, record)
	}
	return r.tendOthers(ctx, record, place.member)
}

// renew lets a record live on when a third of its life is over, which is not in every round.
func (r *round) renew(ctx context.Context, c *conn, session string, raw []byte) error {
	now := time.Now()
	c.mu.Lock()
	c.seat.missing = 0
	due := now.Sub(c.seat.renewed) >= r.store.recordLife()/3
	c.mu.Unlock()
	if !due {
		return nil
	}
	err := r.store.renew(ctx, session, raw)
	if err == nil {
		c.mu.Lock()
		c.seat.renewed = now
		c.mu.Unlock()
	}
	return err
}

// maxMissing is how many rounds a record may be missing, or know nothing of an agent, before the session is over for whom is connected here: more than the
// sender's replica needs to put it back.
const maxMissing = 5

// tendMissing deals with a record that is not there. The sender's connection is the truth about a session, so it puts back what
// the broker forgot; without it the session is over.
func (r *round) tendMissing(ctx context.Context, c *conn, place seat) error {
	if c.role != wire.RoleSender {
		r.miss(c)
		return nil
	}
	if _, err := r.store.restore(ctx, place.record); err != nil || place.record.Taken {
		return err
	}
	return r.tendCode(ctx, place.record)
}

// miss counts a round without a place, and ends what has had none for too long.
func (r *round) miss(c *conn) {
	c.mu.Lock()
	c.seat.missing++
	over := c.seat.missing >= maxMissing
	c.mu.Unlock()
	if over {
		c.finish(wire.EndTimeout)
	}
}

// tendBehind deals with a record that is older than what this connection knows, or another of the same version: a broker that failed over to a copy of
// itself may have lost what it had acknowledged. The sender's connection raises it; an agent's waits for that.
func (r *round) tendBehind(ctx context.Context, c *conn, place seat, stored session, raw []byte) error {
	if c.role != wire.RoleSender {
		if _, here := stored.member(place.member); !here {
			r.miss(c)
		}
		return nil
	}
	if stored.Schema > recordSchema {
		return errNewerRecord
	}
	raised := place.record
	raised.Version++
	ok, err := r.store.replace(ctx, raw, raised)
	if err != nil || !ok { // changed since: the next round sees to that
		return err
	}
	r.log.Info("signal: the broker had an older record of a session", "session", raised.ID, "version", stored.Version, "known", place.record.Version)
	c.learn(raised)
	r.announce(stored, raised, c.address())
	if raised.Taken {
		return nil
	}
	return r.tendCode(ctx, raised)
}

// tendCode sees to it that the support code of a session that waits is there as long as it lives: a broker that forgot gets it back, with what is left of its
// life. A session whose code has expired, or is another's by now, ends.
func (r *round) tendCode(ctx context.Context, record session) error {
	id, err := r.store.find(ctx, record.Code)
	if err != nil || id == record.ID {
		return err
	}
	if left := r.store.codeLeft(record); id == "" && left > 0 {
		return r.putCodeBack(ctx, record, left)
	}
	_, err = r.change(ctx, record.ID, address{}, session.codeExpired)
	return ignoreLate(err)
}

// putCodeBack makes a code known again, unless an agent has taken it since the record was read.
func (r *round) putCodeBack(ctx context.Context, record session, left time.Duration) error {
	if ok, err := r.store.reserve(ctx, record, left); err != nil || !ok {
		return err
	}
	now, _, err := r.store.get(ctx, record.ID)
	if err == nil && (now.Taken || now.Ended != "") {
		return r.store.forget(ctx, record)
	}
	return ignoreLate(err)
}

// tendOthers finds members who are gone without a word, and sees to it that those who are away do not stay so for ever.
func (r *round) tendOthers(ctx context.Context, record session, me string) error {
	for _, m := range record.Members {
		if m.ID == me {
			continue
		}
		if m.At == (address{}) {
			r.watch(record, m)
			continue
		}
		ok, err := r.reachable(record.ID, m)
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		if err := r.setAway(ctx, record.ID, m.ID, m.At); err != nil {
			return err
		}
	}
	return nil
}

// reachable reports whether a member's connection exists, as far as this replica can know.
func (r *round) reachable(session string, m member) (bool, error) {
	if m.At.Replica != r.replica {
		return r.lives(m.At.Replica)
	}
	c := r.connection(m.At.Conn)
	if c == nil {
		return false, nil
	}
	place := c.seated()
	return place.session == session && place.member == m.ID, nil
}

// lives reports whether another replica lives. It is asked once in a round. While the broker may have lost leases, all are taken to live.
func (r *round) lives(replica string) (bool, error) {
	r.mu.Lock()
	ask, asked := r.replicas[replica]
	if !asked {
		ask = sync.OnceValues(func() (bool, error) {
			ctx, cancel := r.patience()
			defer cancel()
			ok, err := r.store.alive(ctx, replica)
			return ok || !r.settled(), err
		})
		r.replicas[replica] = ask
	}
	r.mu.Unlock()
	return ask()
}
