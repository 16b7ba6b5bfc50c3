package brokertest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// Engine does to the engine behind brokers what operators and networks do. Tests of what is nil are left out.
type Engine struct {
	Cut     func(t *testing.T)               // closes all connections to it
	Restart func(t *testing.T)               // kills it, and starts it again, with or without its data
	Flush   func(t *testing.T)               // deletes all keys
	Freeze  func(t *testing.T) (thaw func()) // lets it answer nothing, on connections that stay open, until thaw
}

// RunCluster tests that two brokers act as one, as those of two replicas must, and come back after what e does to their engine. open returns two brokers
// on the same engine and is called once for each test. Run it beside Run, with -race.
func RunCluster(t *testing.T, open func(t *testing.T) (a, b signal.Broker), e Engine) {
	for name, test := range map[string]func(t *testing.T, a, b signal.Broker){
		"what one publishes the other hears":     heardOnTheOther,
		"many messages come in order":            manyInOrder,
		"one of many takers on two brokers wins": oneTakerOfTwoWins,
		"any bytes are kept":                     anyBytes,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			test(t, a, b)
		})
	}
	for name, fault := range map[string]func(t *testing.T){"a cut": e.Cut, "a restart": e.Restart} {
		if fault != nil {
			t.Run("after "+name+" messages come again", func(t *testing.T) {
				a, b := open(t)
				comesBack(t, a, b, func(s *stream) {
					fault(t)
					eventually(t, "lost is called", func() bool { return s.lost.Load() > 0 })
				})
			})
		}
	}
	if e.Freeze != nil {
		t.Run("after a freeze messages come again", func(t *testing.T) {
			a, b := open(t)
			comesBack(t, a, b, func(s *stream) { // there need not be a gap: what waits is delivered
				thaw := e.Freeze(t)
				eventually(t, "a call fails", func() bool { return s.failed.Load() > 0 })
				thaw()
			})
		})
	}
	if e.Flush != nil {
		t.Run("deleted keys are absent, and subscriptions stay", func(t *testing.T) {
			a, b := open(t)
			survivesFlush(t, a, b, e.Flush)
		})
	}
	if e.Freeze != nil {
		t.Run("a frozen engine holds up no caller", func(t *testing.T) {
			a, _ := open(t)
			holdsUpNobody(t, a, e.Freeze)
		})
	}
}

func heardOnTheOther(t *testing.T, a, b signal.Broker) {
	for i := range 50 { // a race between Subscribe and Publish would show in some of them
		topic := fmt.Sprintf("%s/%d", unique(t), i)
		heard := make(chan string, 1)
		stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) { heard <- string(msg) }, func() {})
		if err != nil {
			t.Fatalf("Subscribe: %v", err)
		}
		if err := a.Publish(t.Context(), topic, []byte("hello")); err != nil {
			t.Fatalf("Publish: %v", err)
		}
		select {
		case got := <-heard:
			if got != "hello" {
				t.Errorf("heard %q", got)
			}
		case <-time.After(patience):
			t.Fatal("what was published right after Subscribe is not heard")
		}
		stop()
	}
}

func manyInOrder(t *testing.T, a, b signal.Broker) {
	const messages, window = 10_000, 500 // of them wait at a time: more may be dropped
	topic := unique(t)
	var heard atomic.Int64
	stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
		if want := fmt.Sprint(heard.Load()); string(msg) != want {
			t.Errorf("heard %q, want %q", msg, want)
		}
		heard.Add(1)
	}, func() { t.Error("lost was called") })
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	defer stop()
	for n := range messages {
		if err := a.Publish(t.Context(), topic, fmt.Append(nil, n)); err != nil {
			t.Fatalf("Publish: %v", err)
		}
		if n%window == window-1 {
			eventually(t, "all messages arrive", func() bool { return heard.Load() == int64(n+1) })
		}
	}
}

func oneTakerOfTwoWins(t *testing.T, a, b signal.Broker) {
	const takers, rounds = 16, 20
	for round := range rounds {
		key, val := fmt.Sprintf("%s/%d", unique(t), round), []byte("to be taken")
		set(t, a, key, nil, val, time.Minute)
		var won atomic.Int32
		var all sync.WaitGroup
		begin := make(chan struct{})
		for i := range takers {
			all.Go(func() {
				<-begin
				broker := []signal.Broker{a, b}[i%2]
				ok, err := broker.Set(t.Context(), key, val, fmt.Append(nil, "taken by ", i), time.Minute)
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
		if got, same := get(t, a, key), get(t, b, key); !bytes.Equal(got, same) || bytes.Equal(got, val) {
			t.Errorf("one broker has %q, the other %q", got, same)
		}
	}
}

// anyBytes writes with one broker what the other reads. Numbers are values like others, and may be counted on.
func anyBytes(t *testing.T, a, b signal.Broker) {
	large := make([]byte, 64<<10)
	rand.Read(large)
	values := [][]byte{{}, {0}, []byte("0"), []byte("7"), []byte("-7"), []byte("007"), []byte("+7"), []byte("9223372036854775808"), []byte("1e3"), large, large[:31], large[:32], large[:33]}
	for i, key := range []string{"spaces in it", "a:b", "{a}b", "{}", "x\x00y", "ключ", "*?[a]"} {
		key = unique(t) + key
		var old []byte
		for _, val := range values {
			if !set(t, a, key, old, val, time.Minute) || set(t, b, key, old, val, time.Minute) {
				t.Errorf("key %d: %.40q does not take the place of %.40q once", i, val, old)
			}
			if got := get(t, b, key); !bytes.Equal(got, val) || got == nil {
				t.Errorf("key %d: got %.40q, want %.40q", i, got, val)
			}
			if !set(t, b, key, val, val, time.Minute) {
				t.Errorf("key %d: %.40q cannot be renewed", i, val)
			}
			old = val
		}
	}
	counter := unique(t) + "/counter"
	set(t, a, counter, nil, []byte("41"), time.Minute)
	if n := incr(t, b, counter, time.Minute); n != 42 {
		t.Errorf("41 and one is %d", n)
	}
	if !set(t, a, counter, []byte("42"), nil, 0) || get(t, b, counter) != nil {
		t.Error("a counter cannot be deleted")
	}
}

// stream is numbered messages that are sent all the time, whatever happens.
type stream struct {
	sent, failed, last, lost atomic.Int64
	published                sync.Map // numbers whose Publish succeeded
}

func (s *stream) send(ctx context.Context, a signal.Broker, topic string) {
	for ctx.Err() == nil {
		bound, cancel := context.WithTimeout(ctx, time.Second)
		n := s.sent.Add(1)
		if a.Publish(bound, topic, fmt.Append(nil, n)) == nil {
			s.published.Store(n, true)
		} else {
			s.failed.Add(1)
			select { // as nothing would be gained by haste
			case <-bound.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
		cancel()
	}
}

// subscribe subscribes b to the stream, and checks that no message that was published is missing without a call of lost where it should have been.
func (s *stream) subscribe(t *testing.T, b signal.Broker, topic string) (stop func()) {
	known := int64(0)
	stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
		var n int64
		fmt.Sscan(string(msg), &n)
		before, lost := s.last.Swap(n), s.lost.Load()
		if n <= before {
			t.Errorf("heard %d after %d", n, before)
		}
		for m := before + 1; m < n && before > 0 && lost == known; m++ {
			if _, ok := s.published.Load(m); ok {
				t.Errorf("%d is missing between %d and %d, and lost was not called", m, before, n)
			}
		}
		known = lost
	}, func() { s.lost.Add(1) })
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	return stop
}

func comesBack(t *testing.T, a, b signal.Broker, fault func(*stream)) {
	topic, s := unique(t), new(stream)
	stop := s.subscribe(t, b, topic)
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	var sending sync.WaitGroup
	sending.Go(func() { s.send(ctx, a, topic) })
	defer sending.Wait()
	defer cancel()
	eventually(t, "messages arrive", func() bool { return s.last.Load() > 0 })
	fault(s)
	now := s.sent.Load()
	eventually(t, "messages arrive again", func() bool { return s.last.Load() > now })
	key := unique(t)
	for _, broker := range []signal.Broker{a, b} {
		eventually(t, "keys can be set and read again", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := broker.Set(ctx, key, nil, []byte("x"), time.Minute)
			val, getErr := broker.Get(ctx, key)
			return err == nil && getErr == nil && val != nil
		})
	}
}

func survivesFlush(t *testing.T, a, b signal.Broker, flush func(*testing.T)) {
	topic, key := unique(t), unique(t)
	heard := make(chan string, 1)
	stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) { heard <- string(msg) }, func() { t.Error("lost was called") })
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	defer stop()
	set(t, a, key, nil, []byte("x"), time.Minute)
	incr(t, a, key+"/n", time.Minute)
	flush(t)
	if got := get(t, b, key); got != nil {
		t.Errorf("there is %q", got)
	}
	if set(t, b, key, []byte("x"), []byte("x"), time.Minute) {
		t.Error("what is gone was renewed")
	}
	if n := incr(t, b, key+"/n", time.Minute); n != 1 {
		t.Errorf("the counter goes on with %d", n)
	}
	if !set(t, a, key, nil, []byte("y"), time.Minute) {
		t.Error("the key cannot be set again")
	}
	if err := a.Publish(t.Context(), topic, []byte("hello")); err != nil {
		t.Fatalf("Publish: %v", err)
	}
	select {
	case <-heard:
	case <-time.After(patience):
		t.Error("nothing is heard")
	}
}

// holdsUpNobody makes calls that must come back although nothing answers: a test that hangs has failed.
func holdsUpNobody(t *testing.T, a signal.Broker, freeze func(*testing.T) func()) {
	topic := unique(t)
	stop, err := a.Subscribe(t.Context(), topic, func([]byte) {}, func() {})
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	thaw := freeze(t)
	defer thaw()
	bounded := func(call func(ctx context.Context) error) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := call(ctx); err == nil {
			t.Error("a call succeeds on an engine that answers nothing")
		}
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { bounded(func(ctx context.Context) error { _, err := a.Get(ctx, topic); return err }) })
		all.Go(func() {
			bounded(func(ctx context.Context) error {
				_, err := a.Set(ctx, topic, nil, []byte("x"), time.Minute)
				return err
			})
		})
		all.Go(func() {
			bounded(func(ctx context.Context) error { _, err := a.Incr(ctx, topic, time.Minute); return err })
		})
		all.Go(func() { bounded(func(ctx context.Context) error { return a.Publish(ctx, topic, nil) }) })
		all.Go(func() {
			bounded(func(ctx context.Context) error {
				_, err := a.Subscribe(ctx, topic+"/other", func([]byte) {}, func() {})
				return err
			})
		})
	}
	all.Wait()
	stop()
}
