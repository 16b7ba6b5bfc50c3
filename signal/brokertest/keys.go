package brokertest

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

func setCompares(t *testing.T, b signal.Broker) {
	key := unique(t)
	one, two := []byte("one"), []byte("two")
	for _, step := range []struct {
		old, val []byte
		ok       bool
		after    []byte
	}{
		{one, two, false, nil},
		{nil, one, true, one},
		{nil, two, false, one},
		{two, one, false, one},
		{[]byte{}, two, false, one},
		{one, two, true, two},
		{one, nil, false, two},
		{two, nil, true, nil},
		{two, nil, false, nil},
		{nil, nil, true, nil},
		{nil, one, true, one},
	} {
		if got := set(t, b, key, step.old, step.val, time.Minute); got != step.ok {
			t.Errorf("Set(%q -> %q) = %v, want %v", step.old, step.val, got, step.ok)
		}
		if got := get(t, b, key); !bytes.Equal(got, step.after) || (got == nil) != (step.after == nil) {
			t.Errorf("after Set(%q -> %q) there is %q, want %q", step.old, step.val, got, step.after)
		}
	}
}

func valuesAreOwned(t *testing.T, b signal.Broker) {
	key := unique(t)
	val := []byte("value \x00\xff\n")
	set(t, b, key, nil, val, 0)
	val[0] = 'X'
	got := get(t, b, key)
	if string(got) != "value \x00\xff\n" {
		t.Fatalf("there is %q after the caller changed its slice", got)
	}
	got[0] = 'Y'
	if again := get(t, b, key); again[0] != 'v' {
		t.Fatalf("there is %q after a reader changed its slice", again)
	}
	empty := unique(t) + "/empty"
	set(t, b, empty, nil, []byte{}, 0)
	if got := get(t, b, empty); got == nil || len(got) != 0 {
		t.Errorf("an empty value reads as %#v", got)
	}
	if set(t, b, empty, nil, val, 0) {
		t.Error("an empty value counts as absent")
	}
}

func oneTakerWins(t *testing.T, b signal.Broker) {
	const takers, rounds = 16, 20
	for round := range rounds {
		key := fmt.Sprintf("%s/%d", unique(t), round)
		val := []byte("to be taken")
		set(t, b, key, nil, val, time.Minute)
		var won atomic.Int32
		var all sync.WaitGroup
		begin := make(chan struct{})
		for range takers {
			all.Go(func() {
				<-begin
				ok, err := b.Set(t.Context(), key, val, nil, 0)
				if err != nil {
					t.Errorf("Set: %v", err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		close(begin)
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d of %d takers won", won.Load(), takers)
		}
	}
}

func counterCounts(t *testing.T, b signal.Broker) {
	key := unique(t)
	const callers, calls = 8, 25
	var seen sync.Map
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range calls {
				n, err := b.Incr(t.Context(), key, time.Minute)
				if err != nil {
					t.Errorf("Incr: %v", err)
					return
				}
				if _, twice := seen.LoadOrStore(n, true); twice {
					t.Errorf("two calls got %d", n)
				}
			}
		})
	}
	all.Wait()
	if got, want := string(get(t, b, key)), fmt.Sprint(callers*calls); got != want {
		t.Errorf("Get of the counter = %q, want %q", got, want)
	}
}

func counterExpires(t *testing.T, b signal.Broker) {
	key := unique(t)
	start := time.Now()
	n := incr(t, b, key, 300*time.Millisecond)
	eventually(t, "the counter starts again", func() bool {
		before := n
		n = incr(t, b, key, 300*time.Millisecond)
		return before > 1 && n == 1
	})
	if took := time.Since(start); took < 250*time.Millisecond {
		t.Errorf("the counter expired after %v, want 300ms", took)
	}
}

func keysExpire(t *testing.T, b signal.Broker) {
	key, val := unique(t), []byte("value")
	lasting, renewed := key+"/lasting", key+"/renewed"
	set(t, b, lasting, nil, val, 0)
	set(t, b, renewed, nil, val, 300*time.Millisecond)
	if !set(t, b, renewed, val, val, time.Minute) {
		t.Error("a value cannot be renewed")
	}
	start := time.Now()
	set(t, b, key, nil, val, 300*time.Millisecond)
	if get(t, b, key) == nil {
		t.Fatal("the key is gone at once")
	}
	eventually(t, "the key expires", func() bool { return get(t, b, key) == nil })
	if took := time.Since(start); took < 250*time.Millisecond {
		t.Errorf("the key expired after %v, want 300ms", took)
	}
	if set(t, b, key, val, val, 0) {
		t.Error("an expired value still compares")
	}
	if !set(t, b, key, nil, val, 0) {
		t.Error("an expired key still exists")
	}
	for _, other := range []string{lasting, renewed} {
		if get(t, b, other) == nil {
			t.Errorf("%s expired too", other)
		}
	}
}
