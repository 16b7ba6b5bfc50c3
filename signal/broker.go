package signal

import (
	"context"
	"time"
)

// Broker is all that the replicas of an app share: topics, and keys that expire. It decides about nothing; every decision is
// a compare-and-set by a replica.
//
// Implementations are safe for concurrent use and obey ctx. An error means that the outcome is not known. Keys and topics are printable ASCII of
// up to 200 bytes, values and messages have up to 64 KiB. Package brokertest holds the tests that every implementation must pass; package
// signal/redisbroker, a module of its own, is one on Redis.
type Broker interface {
	// Publish sends msg to whoever is subscribed to topic now. It is delivered at most once, in order per publisher and
	// topic, and nothing is replayed: success does not mean that it has been heard. msg may be reused after Publish returns.
	Publish(ctx context.Context, topic string, msg []byte) error

	// Subscribe calls fn for every message of topic, one at a time, from before it returns until stop. fn owns msg.
	// lost is called, in turn with fn, when there may be a gap: after a reconnect, or because fn was too slow. stop
	// waits for a running fn, so fn must not call it; after stop neither function is called again.
	Subscribe(ctx context.Context, topic string, fn func(msg []byte), lost func()) (stop func(), err error)

	// Set puts val under key if the value there is old; ok tells whether it was. A nil old means that key must be
	// absent, a nil val deletes it. The key expires after ttl; a ttl of zero means never. Putting the value that is
	// there already renews the ttl.
	Set(ctx context.Context, key string, old, val []byte, ttl time.Duration) (ok bool, err error)

	// Get gives the value under key, or nil when it is absent or expired. The caller may change what it gets.
	Get(ctx context.Context, key string) ([]byte, error)

	// Incr adds one to the counter under key and gives the sum. The counter starts with the first call and expires ttl
	// after it, whatever happens in between. Get gives a counter in decimal.
	Incr(ctx context.Context, key string, ttl time.Duration) (int64, error)
}
