package redisbroker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

// The first byte of what goes over a channel.
const (
	message = "m"
	probe   = "p"
)

func newProbeID() string { return probe + rand.Text() }

// maxMissing is how many probes in turn may fail to come back.
const maxMissing = 2

// channel is one subscription of the server, for all subscribers of its topic here.
type channel struct {
	broker *Broker
	name   string
	heard  atomic.Bool // something came since the last look
	cancel context.CancelFunc
	gone   chan struct{} // closed when the server knows nothing of it any more

	mu      sync.Mutex
	subs    []*subscription
	ended   bool
	up      bool          // the server has confirmed it, on a connection that still stands
	was     bool          // it has been up
	err     error         // why the last attempt failed
	tries   int           // attempts that failed
	changed chan struct{} // closed and replaced with every change of the above
	link    *link         // the one it is up on
}

// Subscribe implements signal.Broker. It fails when the server cannot be reached; ctx bounds the wait for its confirmation, not the subscription.
func (b *Broker) Subscribe(ctx context.Context, topic string, fn func(msg []byte), lost func()) (stop func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := newSubscription(b.limits, fn, lost)
	c, tries, err := b.attach(ctx, b.topics+topic, s)
	if err == nil {
		stop = sync.OnceFunc(func() {
			c.detach(s)
			s.end()
		})
		if err = c.await(ctx, tries); err == nil {
			return stop, nil
		}
		stop()
	} else {
		s.end()
	}
	return nil, fmt.Errorf("redisbroker: subscribe: %w", err)
}

// attach adds a subscriber to the channel of that name. tries is how many attempts to subscribe have failed so far.
func (b *Broker) attach(ctx context.Context, name string, s *subscription) (c *channel, tries int, err error) {
	for {
		b.mu.Lock()
		if b.closed {
			b.mu.Unlock()
			return nil, 0, ErrClosed
		}
		c := b.channels[name]
		if c == nil {
			c = &channel{broker: b, name: name, gone: make(chan struct{}), changed: make(chan struct{})}
			b.channels[name] = c
			var life context.Context
			life, c.cancel = context.WithCancel(b.ctx)
			b.running.Go(func() { c.run(life) })
			b.running.Go(func() { c.watch(life) })
		}
		tries, added := c.add(s)
		b.mu.Unlock()
		if added {
			return c, tries, nil
		}
		select { // the last subscriber has just left: a new one must not be cut off with it
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-c.gone:
		}
	}
}

func (c *channel) add(s *subscription) (tries int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return 0, false
	}
	c.subs = append(c.subs, s)
	return c.tries, true
}

// detach removes a subscriber. With the last one the channel ends.
func (c *channel) detach(s *subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subs = slices.DeleteFunc(c.subs, func(other *subscription) bool { return other == s })
	if len(c.subs) == 0 && !c.ended {
		c.ended = true
		c.cancel()
	}
}

// end is for the broker that closes.
func (c *channel) end() {
	c.mu.Lock()
	subs := c.subs
	c.subs, c.ended = nil, true
	c.mu.Unlock()
	c.cancel()
	for _, s := range subs {
		s.end()
	}
}

// await waits until the channel is up. It fails with the first attempt that does after so many tries.
func (c *channel) await(ctx context.Context, tries int) error {
	for {
		c.mu.Lock()
		up, ended, failed, err, changed := c.up, c.ended, c.tries > tries, c.err, c.changed
		c.mu.Unlock()
		switch {
		case up:
			return nil
		case ended:
			return ErrClosed
		case failed:
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-c.broker.ctx.Done():
			return ErrClosed
		case <-changed:
		}
	}
}

// run keeps the channel subscribed until ctx is done.
func (c *channel) run(ctx context.Context) {
	defer c.forget()
	for wait := newBackoff(c.broker.limits); ctx.Err() == nil; wait.pause(ctx) {
		l, err := c.broker.current(ctx)
		if err == nil {
			err = c.receive(ctx, l)
		}
		if c.down(err) {
			wait.reset()
		}
	}
}

// forget lets the next subscriber of the topic begin anew.
func (c *channel) forget() {
	c.broker.mu.Lock()
	if c.broker.channels[c.name] == c {
		delete(c.broker.channels, c.name)
	}
	c.broker.mu.Unlock()
	close(c.gone)
}

// receive hands on messages until the connection breaks, the server takes the subscription back, or ctx is done.
func (c *channel) receive(ctx context.Context, l *link) error {
	b := l.inbox.B()
	subscribe, unsubscribe := b.Subscribe().Channel(c.name).Build(), b.Unsubscribe().Channel(c.name).Build()
	if c.broker.cluster {
		subscribe, unsubscribe = b.Ssubscribe().Channel(c.name).Build(), b.Sunsubscribe().Channel(c.name).Build()
	}
	ctx = rueidis.WithOnSubscriptionHook(ctx, func(event rueidis.PubSubSubscription) {
		if strings.HasSuffix(event.Kind, "unsubscribe") {
			return
		}
		c.confirmed(l)
	})
	ctx = rueidis.WithOnReceiveReturnHook(ctx, func(err error, client rueidis.CommandClient) error {
		if ctx.Err() != nil { // on the connection it was made on, and before the next subscription
			bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.broker.limits.write)
			defer cancel()
			client.Do(bound, unsubscribe)
		}
		return err
	})
	return l.inbox.Receive(ctx, subscribe, c.message)
}

// confirmed runs where the connection is read, before any message that follows.
func (c *channel) confirmed(l *link) {
	c.mu.Lock()
	again := c.was
	if again {
		for _, s := range c.subs {
			s.gap()
		}
	}
	c.up, c.was, c.err, c.link = true, true, nil, l
	c.heard.Store(true)
	c.change()
	c.mu.Unlock()
	if again {
		c.broker.log.Info("redisbroker: subscribed again", "channel", c.name)
	}
}

// down notes why an attempt ended, and reports whether it had succeeded.
func (c *channel) down(err error) (was bool) {
	if err == nil {
		err = errors.New("the server took the subscription back")
	}
	c.mu.Lock()
	was, c.up, c.err, c.link = c.up, false, err, nil
	ended := c.ended
	c.tries++
	c.change()
	c.mu.Unlock()
	if was && !ended {
		c.broker.log.Warn("redisbroker: subscription interrupted", "channel", c.name, "err", err)
	}
	return was
}

func (c *channel) change() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// message must not block: the connection waits.
func (c *channel) message(m rueidis.PubSubMessage) {
	c.heard.Store(true)
	payload, ok := strings.CutPrefix(m.Message, message)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.subs {
		s.push(payload)
	}
}

// watch finds subscriptions that look well but are deaf, as after a failover that the client missed: what hears nothing is sent a probe over the way of
// all messages. A probe that could not be published proves nothing.
func (c *channel) watch(ctx context.Context) {
	ticker := time.NewTicker(c.broker.limits.probe)
	defer ticker.Stop()
	missing, sent := 0, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		c.mu.Lock()
		l := c.link
		c.mu.Unlock()
		if heard := c.heard.Swap(false); heard || l == nil {
			missing, sent = 0, false
			continue
		}
		if sent {
			missing++
		}
		if missing >= maxMissing {
			c.broker.log.Warn("redisbroker: a subscription is deaf; connecting anew", "channel", c.name)
			l.fail()
			missing, sent = 0, false
			continue
		}
		sent = c.probe(ctx)
	}
}

func (c *channel) probe(ctx context.Context) bool {
	bound, cancel := context.WithTimeout(ctx, c.broker.limits.write)
	defer cancel()
	return c.broker.publish(bound, c.name, c.broker.id) == nil
}
