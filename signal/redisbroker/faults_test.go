package redisbroker_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

// eventually waits until done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// journal is a log that a test can read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) has(text string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Contains(j.text.String(), text)
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// listener is a subscriber that remembers what it hears, and "lost" for each gap.
type listener struct {
	mu    sync.Mutex
	heard []string
	block chan struct{} // nil: it is quick
}

func (l *listener) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, text)
}

func (l *listener) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.heard, " ")
}

func (l *listener) subscribe(t *testing.T, b *redisbroker.Broker, topic string) (stop func()) {
	t.Helper()
	stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
		if l.block != nil {
			<-l.block
		}
		l.add(string(msg))
	}, func() { l.add("lost") })
	if err != nil {
		t.Fatal(err)
	}
	return stop
}

func publish(t *testing.T, b *redisbroker.Broker, topic, msg string) {
	t.Helper()
	if err := b.Publish(t.Context(), topic, []byte(msg)); err != nil {
		t.Fatal(err)
	}
}

func TestAnAppStartsWithoutItsServerAndFindsItLater(t *testing.T) {
	s := redistest.Start(t)
	s.Kill()
	var log journal
	b := open(t, redisbroker.Options{URL: s.URL(), Logger: log.logger()})
	for !log.has("no connection") { // it is said beside
		runtime.Gosched()
	}
	ctx := t.Context() // without a deadline: what cannot be reached is an error at once
	if _, err := b.Get(ctx, "key"); err == nil {
		t.Error("Get succeeds")
	}
	if _, err := b.Subscribe(ctx, "topic", func([]byte) {}, func() {}); err == nil {
		t.Error("Subscribe succeeds")
	}
	if err := b.Check(ctx); err == nil {
		t.Error("Check finds nothing")
	}
	s.Start()
	eventually(t, "the server is found", func() bool {
		ok, err := b.Set(ctx, "key", nil, []byte("x"), time.Minute)
		return ok && err == nil
	})
	stop, err := b.Subscribe(ctx, "topic", func([]byte) {}, func() { t.Error("lost before anything could be") })
	if err != nil {
		t.Fatal(err)
	}
	stop()
	stop, err = b.Subscribe(ctx, "topic", func([]byte) {}, func() {}) // right after the last one left
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	stop()
	if _, err := b.Get(ctx, "key"); err == nil {
		t.Error("Get succeeds after Close")
	}
	if _, err := b.Subscribe(ctx, "topic", func([]byte) {}, func() {}); err == nil {
		t.Error("Subscribe succeeds after Close")
	}
}

// A subscription may look well and hear nothing, as after a failover that the client missed.
func TestADeafSubscriptionIsFoundByItsProbes(t *testing.T) {
	proxy := redistest.NewProxy(t, redistest.Start(t))
	for _, query := range []string{"", "?protocol=2"} {
		var log journal
		b, err := redisbroker.OpenProbing(t.Context(), redisbroker.Options{URL: proxy.URL() + query, Logger: log.logger()}, 50*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		var l listener
		defer l.subscribe(t, b, "topic")()
		publish(t, b, "topic", "one")
		eventually(t, "the first is heard", func() bool { return l.all() == "one" })
		proxy.Drop(func(p []byte) bool { return bytes.Contains(p, []byte("$7\r\nmessage\r\n")) })
		publish(t, b, "topic", "two")
		eventually(t, "it is found deaf", func() bool { return log.has("deaf") })
		proxy.Drop(nil)
		eventually(t, "lost is called", func() bool { return strings.HasPrefix(l.all(), "one lost") })
		publish(t, b, "topic", "three")
		eventually(t, "it hears again", func() bool { return strings.HasSuffix(l.all(), "lost three") })
		if strings.Contains(l.all(), "two") || strings.Contains(l.all(), " p") {
			t.Errorf("heard %s", l.all())
		}
	}
}

func TestASlowSubscriberLosesMessagesWhereTheGapIs(t *testing.T) {
	s := redistest.Start(t)
	for name, room := range map[string][2]int{"messages": {10, 1 << 20}, "bytes": {4096, 20}} {
		t.Run(name, func(t *testing.T) {
			b, err := redisbroker.OpenNarrow(t.Context(), redisbroker.Options{URL: s.URL(), Prefix: name}, room[0], room[1])
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			slow, quick := listener{block: make(chan struct{})}, listener{}
			defer slow.subscribe(t, b, "topic")()
			defer quick.subscribe(t, b, "topic")()
			var want []string
			for n := 10; n < 60; n++ { // two bytes each
				publish(t, b, "topic", fmt.Sprint(n))
				want = append(want, fmt.Sprint(n))
				if n == 10 || n == 20 { // the slow one has taken the first, and has room for ten
					eventually(t, "the quick one hears", func() bool { return strings.HasSuffix(quick.all(), fmt.Sprint(n)) })
				}
			}
			eventually(t, "the quick one hears all", func() bool { return quick.all() == strings.Join(want, " ") })
			close(slow.block)
			eventually(t, "the slow one hears of its gap", func() bool { return strings.HasSuffix(slow.all(), " lost") })
			publish(t, b, "topic", "end")
			eventually(t, "and what follows", func() bool { return strings.HasSuffix(slow.all(), " lost end") })
			if got := slow.all(); !strings.HasPrefix(got, strings.Join(want[:10], " ")+" ") || strings.Count(got, "lost") != 1 {
				t.Errorf("heard %s", got)
			}
		})
	}
}

func TestKilledClientsComeBack(t *testing.T) {
	s := redistest.Start(t)
	var log journal
	b := open(t, redisbroker.Options{URL: s.URL(), Logger: log.logger()})
	var one, two listener
	defer one.subscribe(t, b, "one")()
	defer two.subscribe(t, b, "two")()
	s.Command("CLIENT", "KILL", "TYPE", "pubsub")
	eventually(t, "both hear of a gap", func() bool { return one.all() == "lost" && two.all() == "lost" })
	for range 20 { // Get is tried once more
		s.Command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
		if _, err := b.Get(t.Context(), "key"); err != nil {
			t.Errorf("Get: %v", err)
		}
	}
	publish(t, b, "one", "x")
	eventually(t, "the subscription stands", func() bool { return one.all() == "lost x" })

	s.Command("SCRIPT", "FLUSH") // as after a restart
	if ok, err := b.Set(t.Context(), "key", nil, []byte("x"), time.Minute); !ok || err != nil {
		t.Errorf("without its script: %t, %v", ok, err)
	}

	s.Freeze()
	eventually(t, "the silence is noticed", func() bool { return strings.Count(log.string(), "interrupted") >= 4 })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	if _, err := b.Subscribe(ctx, "three", func([]byte) {}, func() {}); err == nil {
		t.Error("a frozen server confirms")
	}
	cancel()
	s.Thaw()
	eventually(t, "there is word of the gap", func() bool { return one.all() == "lost x lost" && two.all() == "lost lost" })
}

func (j *journal) string() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// A counter that is there has a time to live, whenever its client dies.
func TestACounterAlwaysExpires(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s)
	b := open(t, redisbroker.Options{URL: proxy.URL()})
	var next atomic.Int64
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 8 {
		all.Go(func() {
			for ctx.Err() == nil {
				b.Incr(ctx, fmt.Sprint(next.Add(1)), time.Hour)
			}
		})
	}
	for i := range int64(10) {
		eventually(t, "counters are made", func() bool { return next.Load() > (i+1)*100 })
		proxy.Cut()
	}
	cancel()
	all.Wait()
	keys := strings.Fields(s.Command("KEYS", "*k:*"))
	if len(keys) < 100 {
		t.Errorf("there are %d counters only", len(keys))
	}
	for _, key := range keys {
		if ttl := s.Command("PTTL", key); ttl == "-1" {
			t.Errorf("%s never expires", key)
		}
	}
}

// Whoever subscribes hears what is published from then on, or that something may be missing, however many come and go on the same topics meanwhile.
func TestSubscribersThatComeAndGoLeaveNobodyDeaf(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s)
	b, other := open(t, redisbroker.Options{URL: proxy.URL()}), open(t, redisbroker.Options{URL: s.URL()})
	var all sync.WaitGroup
	var rounds atomic.Int64
	var cutting atomic.Bool
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				topic, want := fmt.Sprint("topic/", (i+n)%3), fmt.Sprintf("%d/%d", i, n)
				if i < 4 { // alone there, so that the channel ends each time
					topic = fmt.Sprint("own/", i)
				}
				heard := make(chan struct{}, 100)
				note := func() {
					select {
					case heard <- struct{}{}:
					default:
					}
				}
				stop, err := b.Subscribe(t.Context(), topic, func(msg []byte) {
					if string(msg) == want {
						note()
					}
				}, func() {
					if !cutting.Load() {
						t.Errorf("lost was called on %s, whose connection stands", topic)
					}
					note()
				})
				rounds.Add(1)
				if err != nil { // of a cut
					continue
				}
				for range 2 {
					publish(t, other, topic, want)
					select {
					case <-heard:
					case <-time.After(30 * time.Second):
						t.Errorf("%s on %s is not heard", want, topic)
					}
				}
				stop()
			}
		})
	}
	for cut := range int64(5) {
		eventually(t, "some have come", func() bool { return rounds.Load() > 800+100*cut })
		cutting.Store(true)
		proxy.Cut()
	}
	all.Wait()
}
