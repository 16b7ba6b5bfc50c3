package redisbroker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

// checkTimeout bounds the check after the first connect.
const checkTimeout = 10 * time.Second

// Check reports what would go wrong with the server as it is configured: its version, a replica in place of the master, a policy that evicts keys,
// commands and channels that the user may not use, and messages that do not come back. The error names the cure of each. It takes a few round trips and leaves nothing there
// for longer than some seconds. New calls it after the first connect and logs what it finds.
func (b *Broker) Check(ctx context.Context) error {
	return errors.Join(append(b.checkServers(ctx), b.checkUse(ctx)...)...)
}

// checkServers looks at each server that the client knows.
func (b *Broker) checkServers(ctx context.Context) (found []error) {
	nodes, err := do(ctx, b, func(ctx context.Context, client rueidis.Client) (map[string]string, error) {
		infos := map[string]string{}
		for addr, node := range client.Nodes() {
			info, err := node.Do(ctx, node.B().Info().Build()).ToString()
			if err != nil {
				return nil, fmt.Errorf("%s: INFO: %w", addr, err)
			}
			infos[addr] = info
		}
		return infos, nil
	})
	if err != nil {
		return []error{b.explain(err)}
	}
	for addr, info := range nodes {
		for _, text := range judge(parseInfo(info), b.cluster) {
			found = append(found, fmt.Errorf("redisbroker: %s: %s", addr, text))
		}
	}
	return found
}

func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// judge reads the answer of INFO.
func judge(info map[string]string, cluster bool) (found []string) {
	oldest := 6
	if cluster {
		oldest = 7 // for SPUBLISH
	}
	major, _, _ := strings.Cut(info["redis_version"], ".")
	if n, err := strconv.Atoi(major); err == nil && n < oldest {
		found = append(found, fmt.Sprintf("is version %s: use %d.0 or newer", info["redis_version"], oldest))
	}
	switch mode := info["redis_mode"]; {
	case mode == "sentinel":
		found = append(found, "is a Sentinel: add master_name=… to the URL")
	case mode == "cluster" && !cluster:
		found = append(found, "is a node of a cluster: add cluster=true to the URL")
	}
	if info["role"] == "slave" && !cluster {
		found = append(found, "is a replica, which takes no writes: name the master in the URL, or Sentinels with master_name=…")
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" && info["maxmemory"] != "0" {
		found = append(found, "evicts keys when its memory is full (maxmemory-policy "+policy+"), which ends sessions: set maxmemory-policy noeviction")
	}
	return found
}

// checkUse does once what the Broker does, up to the first error: the cure of one is mostly that of all.
func (b *Broker) checkUse(ctx context.Context) []error {
	const ttl = 5 * time.Second
	key, one, two := "check/"+rand.Text(), []byte("one"), []byte("two")
	for _, step := range []func() error{
		func() error { return expect(b.Set(ctx, key, nil, one, ttl)) },
		func() error { return expect(b.Set(ctx, key, one, one, ttl)) },
		func() error { return expect(b.Set(ctx, key, one, two, ttl)) },
		func() error { _, err := b.Get(ctx, key); return err },
		func() error { return expect(b.Set(ctx, key, two, nil, 0)) },
		func() error { _, err := b.Incr(ctx, key+"/n", ttl); return err },
		func() error { return b.checkTopic(ctx, key) },
	} {
		if err := step(); err != nil {
			return []error{b.explain(err)}
		}
	}
	return nil
}

func expect(ok bool, err error) error {
	if err == nil && !ok {
		err = errors.New("redisbroker: a value that was just written is gone or changed: give each app a Prefix of its own, and connect to a master")
	}
	return err
}

// checkTopic waits for a message of its own.
func (b *Broker) checkTopic(ctx context.Context, topic string) error {
	heard := make(chan struct{}, 1)
	note := func() {
		select {
		case heard <- struct{}{}:
		default:
		}
	}
	stop, err := b.Subscribe(ctx, topic, func([]byte) { note() }, func() {})
	if err != nil {
		return err
	}
	defer stop()
	if err := b.Publish(ctx, topic, nil); err != nil {
		return err
	}
	select {
	case <-heard:
		return nil
	case <-ctx.Done():
		return errors.New("redisbroker: a message does not come back: commands and subscriptions reach different servers; connect to the master itself, not through a balancer")
	}
}

// explain adds the cure to what a server answered.
func (b *Broker) explain(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "NOPERM"), strings.Contains(text, "can't run this command"): // the latter of scripts
		return fmt.Errorf("%w; allow the user what it needs: ACL SETUSER <user> %s", err, b.rights())
	case strings.Contains(text, "WRONGPASS"), strings.Contains(text, "NOAUTH"):
		return fmt.Errorf("%w; put user and password into the URL: redis://user:password@host:6379", err)
	case strings.Contains(text, "OOM "):
		return fmt.Errorf("%w; the server's memory is full: raise maxmemory", err)
	case strings.Contains(text, "MISCONF"):
		return fmt.Errorf("%w; the server cannot write to its disk: free some, or set stop-writes-on-bgsave-error no", err)
	case strings.Contains(text, "NOREPLICAS"):
		return fmt.Errorf("%w; the master waits for replicas: see min-replicas-to-write", err)
	}
	return err
}

// rights is what a user of an ACL needs.
func (b *Broker) rights() string {
	prefix := strings.TrimSuffix(b.keys, "k:")
	rights := "~" + prefix + "* &" + prefix + "* +get +set +del +getrange +incr +pexpire +eval +evalsha +publish +spublish" +
		" +subscribe +ssubscribe +unsubscribe +sunsubscribe +ping +info +hello"
	switch {
	case b.cluster:
		rights += " +cluster|slots +cluster|shards"
	case b.option.Sentinel.MasterSet != "":
		rights += " +role"
	}
	if b.option.SelectDB != 0 {
		rights += " +select"
	}
	return rights
}
