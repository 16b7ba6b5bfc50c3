package redisbroker

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

// link is a pair of clients: one for commands, one for subscriptions, so that neither waits for the other's traffic. Each dials again by
// itself when its connection breaks.
type link struct {
	commands, inbox rueidis.Client
	once            sync.Once
	failed          chan struct{} // closed when the clients are to be replaced
}

// fail has the clients replaced, which asks Sentinels, DNS or the cluster anew.
func (l *link) fail() { l.once.Do(func() { close(l.failed) }) }

func (l *link) close() {
	l.commands.Close()
	l.inbox.Close()
}

// linker keeps a link open, from the first attempt, which the client itself would not survive when no server is there.
type linker struct {
	option rueidis.ClientOption
	limits limits

	mu      sync.Mutex
	link    *link
	err     error         // of the last attempt, while there is no link
	changed chan struct{} // closed and replaced with every change
}

// current returns the link. Without one it waits for an attempt that is under way, and fails when the last one did.
func (k *linker) current(ctx context.Context) (*link, error) {
	for {
		k.mu.Lock()
		l, err, changed := k.link, k.err, k.changed
		k.mu.Unlock()
		if l != nil || err != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-changed:
		}
	}
}

func (k *linker) set(l *link, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.link, k.err = l, err
	close(k.changed)
	k.changed = make(chan struct{})
}

// run connects, and connects anew whenever a link fails, until ctx is done. report hears of every attempt.
func (k *linker) run(ctx context.Context, report func(error)) {
	var closing sync.WaitGroup // of links that are replaced: a server that is frozen holds that up
	defer closing.Wait()
	defer k.set(nil, ErrClosed)
	for wait := newBackoff(k.limits); ctx.Err() == nil; wait.pause(ctx) {
		l, err := k.open()
		k.set(l, err)
		if ctx.Err() == nil {
			report(err)
		}
		if err != nil {
			continue
		}
		opened := time.Now()
		select {
		case <-ctx.Done():
		case <-l.failed:
		}
		k.set(nil, nil)
		closing.Go(l.close)
		if time.Since(opened) > k.limits.maxBackoff { // one that fails at once is not replaced at once
			wait.reset()
		}
	}
}

func (k *linker) open() (*link, error) {
	commands, err := newClient(k.option)
	if err != nil {
		return nil, err
	}
	inbox, err := newClient(k.option)
	if err != nil {
		commands.Close()
		return nil, err
	}
	return &link{commands: commands, inbox: inbox, failed: make(chan struct{})}, nil
}

func newClient(option rueidis.ClientOption) (rueidis.Client, error) {
	client, err := rueidis.NewClient(option)
	if err != nil && client != nil {
		client.Close()
	}
	if err == nil && !option.ForceSingleClient && option.Sentinel.MasterSet == "" && client.Mode() != rueidis.ClientModeCluster {
		client.Close()
		err = errors.New("cluster=true, but the server is not in cluster mode")
	}
	return client, err
}

// backoff is the delays between attempts: doubled each time, each between half and all of it, so that replicas do not come in step.
type backoff struct {
	limits limits
	next   time.Duration
}

func newBackoff(l limits) *backoff { return &backoff{l, l.backoff} }

func (b *backoff) reset() { b.next = b.limits.backoff }

func (b *backoff) pause(ctx context.Context) {
	timer := time.NewTimer(b.next/2 + rand.N(b.next/2+1))
	defer timer.Stop()
	b.next = min(2*b.next, b.limits.maxBackoff)
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
