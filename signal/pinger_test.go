package signal

import (
	"slices"
	"sync"
	"testing"
	"time"
)

func TestPingsAreSpreadAndComeOnceInAnInterval(t *testing.T) {
	inWorld(t, Config{CodeLifetime: time.Hour}, func(t *testing.T, w *world) {
		const clients = 100
		var mu sync.Mutex
		times := map[int][]time.Duration{} // since they came
		begin := time.Now()
		for i := range clients {
			w.customerFrom(dialing{ping: func(string) error {
				mu.Lock()
				defer mu.Unlock()
				times[i] = append(times[i], time.Since(begin))
				return nil
			}}).start()
		}
		time.Sleep(2*pingInterval - time.Second)
		mu.Lock()
		defer mu.Unlock()
		var first []time.Duration
		for i := range clients {
			if len(times[i]) == 0 || times[i][0] < pingInterval/2 || times[i][0] > pingInterval {
				t.Fatalf("pings after %v", times[i])
			}
			if len(times[i]) > 1 && times[i][1]-times[i][0] != pingInterval {
				t.Errorf("pings after %v", times[i])
			}
			first = append(first, times[i][0])
		}
		slices.Sort(first)
		if together := len(first) / len(slices.Compact(first)); together > 10 {
			t.Errorf("%d are pinged together", together)
		}
	})
}

// TestAnIdleServerWakesForNobodyAlone counts how often the process has something to do: a timer of each connection's own was 9 % of a core for 5 000.
func TestAnIdleServerWakesForNobodyAlone(t *testing.T) {
	inWorld(t, Config{CodeLifetime: time.Hour}, func(t *testing.T, w *world) {
		const clients = 300
		moments := map[time.Time]bool{}
		var mu sync.Mutex
		for range clients {
			w.customerFrom(dialing{ping: func(string) error {
				mu.Lock()
				defer mu.Unlock()
				moments[time.Now()] = true
				return nil
			}}).start()
		}
		time.Sleep(pingInterval)
		mu.Lock()
		defer mu.Unlock()
		if len(moments) > pingSlots {
			t.Errorf("%d clients are pinged at %d moments, want at most %d", clients, len(moments), pingSlots)
		}
	})
}
