// Package redisbroker is a signal.Broker on Redis or Valkey, for apps of several replicas.
//
//	broker, err := redisbroker.New(ctx, redisbroker.Options{URL: "redis://redis:6379", Prefix: "shop:"})
//	if err != nil {
//		return err
//	}
//	defer broker.Close()
//	q, err := qwelp.New(qwelp.Options{Signal: signal.Config{Broker: broker}})
//
// It speaks to one server, to the master that Sentinels name, or to a cluster, from Redis 6.0 (clusters from 7.0), and needs no module there.
// Sessions live in the app's replicas; Redis holds a few kilobytes for each, and messages pass through it that nobody has to store. docs/guides/redis.md
// says how to configure it.
package redisbroker

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/qwelp/qwelp-go/signal"
)

// ErrClosed is the error of all methods after Close.
var ErrClosed = errors.New("redisbroker: closed")

// Broker is a signal.Broker on Redis. It is safe for concurrent use.
type Broker struct {
	linker
	log      *slog.Logger
	id       string // begins this broker's probes
	keys     string // begins keys
	topics   string // begins channels
	cluster  bool
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup
	checking sync.Once

	mu       sync.Mutex
	closed   bool
	channels map[string]*channel
}

var _ signal.Broker = (*Broker)(nil)

// New returns a Broker. Its only errors are those of o, and say what to write. A server that is away is none: New waits for the first attempt to connect,
// until ctx is done at the latest, and the Broker goes on trying. While it is away the methods fail, at once or when the context they got is done.
//
// Close ends the Broker, not ctx.
func New(ctx context.Context, o Options) (*Broker, error) {
	return open(ctx, o, defaultLimits)
}

func open(ctx context.Context, o Options, l limits) (*Broker, error) {
	option, err := o.parse(l)
	if err != nil {
		return nil, err
	}
	prefix := cmp.Or(o.Prefix, "qwelp:")
	b := &Broker{
		linker: linker{option: option, limits: l, changed: make(chan struct{})},
		log:    cmp.Or(o.Logger, slog.Default()),
		keys:   prefix + "k:", topics: prefix + "t:",
		cluster:  !option.ForceSingleClient && option.Sentinel.MasterSet == "",
		channels: map[string]*channel{},
	}
	if option.SelectDB != 0 { // channels belong to no database
		b.topics = prefix + "t" + strconv.Itoa(option.SelectDB) + ":"
	}
	b.id = newProbeID()
	b.ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	b.running.Go(func() { b.run(b.ctx, b.attempted) })
	_, _ = b.current(ctx)
	return b, nil
}

// Close ends all subscriptions and closes the connections. It waits for functions of subscribers that run, so they must not call it, and up to 2 s
// for a server that answers nothing. It returns nil.
func (b *Broker) Close() error {
	b.mu.Lock()
	b.closed = true
	channels := b.channels
	b.channels = map[string]*channel{}
	b.mu.Unlock()
	b.cancel()
	for _, c := range channels {
		c.end()
	}
	b.running.Wait()
	return nil
}

// attempted logs what came of an attempt to connect.
func (b *Broker) attempted(err error) {
	if err != nil {
		b.log.Warn("redisbroker: no connection", "err", err)
		return
	}
	b.checking.Do(func() {
		b.running.Go(func() {
			ctx, cancel := context.WithTimeout(b.ctx, checkTimeout)
			defer cancel()
			if err := b.Check(ctx); err != nil && b.ctx.Err() == nil {
				b.log.Warn("redisbroker: check", "err", err)
			}
		})
	})
}

// do runs call with a client. It returns as soon as ctx is done, although a client that dials, or a server that is frozen, holds up call for some
// seconds.
func do[T any](ctx context.Context, b *Broker, call func(context.Context, rueidis.Client) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	l, err := b.current(ctx)
	if err != nil {
		return none, err
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call(context.WithoutCancel(ctx), l.commands)
		done <- result{value, err}
	}()
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-done:
		if r.err != nil && isReadOnly(r.err) {
			l.fail() // this server was the master, and another one is by now
		}
		return r.value, r.err
	}
}

func isReadOnly(err error) bool {
	e, ok := rueidis.IsRedisErr(err)
	return ok && strings.HasPrefix(e.Error(), "READONLY")
}

// Publish implements signal.Broker. Its success does not say that there was a subscriber.
func (b *Broker) Publish(ctx context.Context, topic string, msg []byte) error {
	if err := b.publish(ctx, b.topics+topic, message+string(msg)); err != nil {
		return fmt.Errorf("redisbroker: publish: %w", err)
	}
	return nil
}

func (b *Broker) publish(ctx context.Context, channel, payload string) error {
	_, err := do(ctx, b, func(ctx context.Context, client rueidis.Client) (struct{}, error) {
		cmd := client.B().Publish().Channel(channel).Message(payload).Build()
		if b.cluster { // a plain PUBLISH is copied to every node
			cmd = client.B().Spublish().Channel(channel).Message(payload).Build()
		}
		return struct{}{}, client.Do(ctx, cmd).Error()
	})
	return err
}

// Get implements signal.Broker. It is tried once more when the connection breaks.
func (b *Broker) Get(ctx context.Context, key string) ([]byte, error) {
	val, err := b.get(ctx, key)
	if _, answered := rueidis.IsRedisErr(err); err != nil && !answered && ctx.Err() == nil {
		val, err = b.get(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("redisbroker: get: %w", err)
	}
	return val, nil
}

func (b *Broker) get(ctx context.Context, key string) ([]byte, error) {
	return do(ctx, b, func(ctx context.Context, client rueidis.Client) ([]byte, error) {
		stored, err := client.Do(ctx, client.B().Get().Key(b.keys+key).Build()).ToString()
		if rueidis.IsRedisNil(err) {
			return nil, nil
		}
		return decode(stored), err
	})
}

// Set implements signal.Broker. It is never tried again.
func (b *Broker) Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (bool, error) {
	script, args := compareAndSet, []string{digest(old), encode(val), milliseconds(ttl)}
	if old != nil && ttl > 0 && bytes.Equal(old, val) && val != nil {
		script, args = renew, []string{args[0], args[2]}
	}
	n, err := b.exec(ctx, script, key, args)
	if err != nil {
		return false, fmt.Errorf("redisbroker: set: %w", err)
	}
	return n == 1, nil
}

// Incr implements signal.Broker. It is never tried again.
func (b *Broker) Incr(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	n, err := b.exec(ctx, increment, key, []string{milliseconds(ttl)})
	if err != nil {
		return 0, fmt.Errorf("redisbroker: incr: %w", err)
	}
	return n, nil
}

func (b *Broker) exec(ctx context.Context, script *rueidis.Lua, key string, args []string) (int64, error) {
	return do(ctx, b, func(ctx context.Context, client rueidis.Client) (int64, error) {
		return script.Exec(ctx, client, []string{b.keys + key}, args).AsInt64()
	})
}
