package brokertest

import (
	"context"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

func cancelled(t *testing.T, b signal.Broker) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	key := unique(t)
	calls := map[string]func() error{
		"Publish": func() error { return b.Publish(ctx, key, nil) },
		"Set":     func() error { _, err := b.Set(ctx, key, nil, []byte("x"), time.Minute); return err },
		"Get":     func() error { _, err := b.Get(ctx, key); return err },
		"Incr":    func() error { _, err := b.Incr(ctx, key, time.Minute); return err },
		"Subscribe": func() error {
			_, err := b.Subscribe(ctx, key, func([]byte) {}, func() {})
			return err
		},
	}
	for name, call := range calls {
		if call() == nil {
			t.Errorf("%s with a cancelled context succeeds", name)
		}
	}
	if get(t, b, key) != nil {
		t.Error("a cancelled Set changed something")
	}
}
