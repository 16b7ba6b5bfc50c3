package signal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/qwelp/qwelp-go/internal/metadata"
)

// How long the broker may take for one thing that a client waits for, and how often a lost compare-and-set is tried again.
const (
	brokerPatience = time.Second
	maxConflicts   = 100
)

var (
	errConflict = errors.New("signal: the session changes too often")
	errRecord   = errors.New("signal: the record of a session cannot be read")
)

// store keeps the sessions, their support codes and the replicas' shared secret in the broker.
type store struct {
	broker       Broker
	codeLifetime time.Duration
	resumeWindow time.Duration
}

func sessionKey(id string) string  { return "session/" + id }
func codeKey(hidden string) string { return "code/" + hidden }
func replicaKey(id string) string  { return "replica/" + id }

const secretKey = "secret"

// recordLife is how long a record lives that nobody renews. It is longer than the resume window, so that a session whose replica
// died can be resumed on another, and that an ended one is told so, and longer than a support code is valid.
func (st store) recordLife() time.Duration {
	return max(2*st.resumeWindow, st.codeLifetime) + time.Minute
}

// get gives a record, and the bytes it was read from. The error is errNoSession when there is none.
func (st store) get(ctx context.Context, id string) (session, []byte, error) {
	raw, err := st.broker.Get(ctx, sessionKey(id))
	if err != nil {
		return session{}, nil, fmt.Errorf("signal: read session: %w", err)
	}
	if raw == nil {
		return session{}, nil, errNoSession
	}
	var s session
	if err := json.Unmarshal(raw, &s); err != nil {
		return session{}, nil, fmt.Errorf("%w: %w", errRecord, err)
	}
	return s, raw, nil
}

// create puts a new record there, under a support code that is not in use, and gives the code. fill completes the record
// with what depends on the code.
func (st store) create(ctx context.Context, key secret, fill func(code, hidden string) session) (session, string, error) {
	for range maxConflicts {
		code := newCode()
		s := fill(code, key.hide("code", code))
		ok, err := st.reserve(ctx, s, st.codeLifetime)
		if err != nil {
			return session{}, "", err
		}
		if !ok {
			continue
		}
		if ok, err = st.restore(ctx, s); err != nil {
			return session{}, "", err
		} else if ok {
			return s, code, nil
		}
	}
	return session{}, "", errConflict
}

// reserve makes a session known under its support code for a time, if the code is not in use.
func (st store) reserve(ctx context.Context, s session, life time.Duration) (bool, error) {
	ok, err := st.broker.Set(ctx, codeKey(s.Code), nil, []byte(s.ID), life)
	if err != nil {
		return false, fmt.Errorf("signal: reserve support code: %w", err)
	}
	return ok, nil
}

// codeLeft gives how long the support code of a session is still valid. Clocks of replicas may differ, so it is never more than a whole life.
func (st store) codeLeft(s session) time.Duration {
	return min(time.Until(s.Created.Add(st.codeLifetime)), st.codeLifetime)
}

// restore puts a record where there is none.
func (st store) restore(ctx context.Context, s session) (bool, error) {
	return st.replace(ctx, nil, s)
}

// replace puts a record in place of one that was read from old; nil means that there is none.
func (st store) replace(ctx context.Context, old []byte, s session) (bool, error) {
	raw, err := metadata.Encode(s)
	if err != nil {
		return false, fmt.Errorf("signal: write session: %w", err)
	}
	ok, err := st.broker.Set(ctx, sessionKey(s.ID), old, raw, st.recordLife())
	if err != nil {
		return false, fmt.Errorf("signal: write session: %w", err)
	}
	return ok, nil
}

// transition is a change of a record.
type transition func(session) (session, error)

// change applies a transition, and gives the record as it was and as it is now.
func (st store) change(ctx context.Context, id string, apply transition) (before, after session, err error) {
	for range maxConflicts {
		before, raw, err := st.get(ctx, id)
		if err != nil {
			return session{}, session{}, err
		}
		if before.Schema > recordSchema {
			return session{}, session{}, errNewerRecord
		}
		after, err := apply(before)
		if err != nil {
			return session{}, session{}, err
		}
		after.Version = before.Version + 1
		ok, err := st.replace(ctx, raw, after)
		if err != nil {
			return session{}, session{}, err
		}
		if ok {
			return before, after, nil
		}
	}
	return session{}, session{}, errConflict
}

// renew lets a record live on. It may fail because the record changed, which renewed it.
func (st store) renew(ctx context.Context, id string, raw []byte) error {
	_, err := st.broker.Set(ctx, sessionKey(id), raw, raw, st.recordLife())
	return err
}

// find gives the session that waits under a hidden support code, "" when there is none.
func (st store) find(ctx context.Context, hidden string) (string, error) {
	id, err := st.broker.Get(ctx, codeKey(hidden))
	if err != nil {
		return "", fmt.Errorf("signal: read support code: %w", err)
	}
	return string(id), nil
}

// forget makes a support code unknown.
func (st store) forget(ctx context.Context, s session) error {
	_, err := st.broker.Set(ctx, codeKey(s.Code), []byte(s.ID), nil, 0)
	return err
}

// secret gives what all replicas share, made by the first. known is what this replica used so far: it is put back if the broker lost it, also where a replica
// that did not know it has put a newer one meanwhile.
func (st store) secret(ctx context.Context, known secret) (secret, error) {
	offer := known
	if offer == nil {
		offer = newSecret()
	}
	for range maxConflicts {
		shared, err := st.broker.Get(ctx, secretKey)
		if err != nil {
			return nil, fmt.Errorf("signal: shared secret: %w", err)
		}
		if shared != nil && (known == nil || !known.isOlder(shared)) {
			return shared, nil
		}
		ok, err := st.broker.Set(ctx, secretKey, shared, offer, 0)
		if err != nil {
			return nil, fmt.Errorf("signal: shared secret: %w", err)
		}
		if ok {
			return offer, nil
		}
	}
	return nil, errConflict
}

// lease tells the other replicas for ttl that this one lives, and reports whether they still knew.
func (st store) lease(ctx context.Context, replica string, ttl time.Duration) (kept bool, err error) {
	alive := []byte{1}
	kept, err = st.broker.Set(ctx, replicaKey(replica), alive, alive, ttl)
	if err == nil && !kept {
		_, err = st.broker.Set(ctx, replicaKey(replica), nil, alive, ttl)
	}
	return kept, err
}

func (st store) unlease(ctx context.Context, replica string) error {
	_, err := st.broker.Set(ctx, replicaKey(replica), []byte{1}, nil, 0)
	return err
}

func (st store) alive(ctx context.Context, replica string) (bool, error) {
	val, err := st.broker.Get(ctx, replicaKey(replica))
	return bytes.Equal(val, []byte{1}), err
}
