package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// idleRounds is how often each server is measured, in turns, for the machine is not the same for long.
const idleRounds = 3

// idling is what customers cost who start a session and wait for an agent.
type idling struct {
	opened        time.Duration // until all had their support codes
	begun, waited time.Duration // of processor time: until then, and from then on
	memory        int           // bytes of the server
	ended         int64
}

// measureIdle prints the median of each figure.
func measureIdle(p plan) error {
	fmt.Printf("| %d customers who wait | all connected after | CPU to begin, each | CPU while they wait | memory, each | lost |\n|---|---:|---:|---:|---:|---:|\n", p.idle)
	found := map[string][]idling{}
	for range idleRounds {
		for _, kind := range []string{ours, bare} {
			i, err := idle(kind, p)
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			found[kind] = append(found[kind], i)
		}
	}
	for _, kind := range []string{ours, bare} {
		middle := func(figure func(idling) float64) float64 {
			var all []float64
			for _, i := range found[kind] {
				all = append(all, figure(i))
			}
			slices.Sort(all)
			return all[len(all)/2]
		}
		fmt.Printf("| %s | %.1f s | %.0f µs | %.1f %% of a core | %.1f KB | %.0f |\n", kind,
			middle(func(i idling) float64 { return i.opened.Seconds() }),
			middle(func(i idling) float64 { return float64(i.begun.Microseconds()) / float64(p.idle) }),
			middle(func(i idling) float64 { return 100 * float64(i.waited) / float64(p.length) }),
			middle(func(i idling) float64 { return float64(i.memory) / float64(p.idle) / 1000 }),
			middle(func(i idling) float64 { return float64(i.ended) }))
	}
	fmt.Println()
	return nil
}

func idle(kind string, p plan) (found idling, err error) {
	s, err := startServer(kind)
	if err != nil {
		return found, err
	}
	defer s.stop()
	empty, err := resident(s.pid)
	if err != nil {
		return found, err
	}
	began, err := cpu(s.pid)
	if err != nil {
		return found, err
	}
	clients := make([]*client, p.idle)
	defer func() {
		for _, c := range clients {
			if c != nil {
				c.ws.Close()
			}
		}
	}()
	var ended atomic.Int64
	var failed atomic.Value
	var next atomic.Int64
	var dialing sync.WaitGroup
	begin := time.Now()
	for range p.dialers {
		dialing.Go(func() {
			for n := next.Add(1) - 1; n < int64(p.idle); n = next.Add(1) - 1 {
				c, _, err := dial(s, int(n), wire.RoleSender, wire.Start{})
				if err != nil {
					failed.Store(fmt.Errorf("customer %d: %w", n, err))
					return
				}
				clients[n] = c
				go func() {
					c.read(func([]byte) {})
					ended.Add(1)
				}()
			}
		})
	}
	dialing.Wait()
	found.opened = time.Since(begin)
	if err, _ := failed.Load().(error); err != nil {
		return found, err
	}
	started, err := cpu(s.pid)
	if err != nil {
		return found, err
	}
	time.Sleep(p.length)
	full, err := resident(s.pid)
	if err != nil {
		return found, err
	}
	waited, err := cpu(s.pid)
	found.begun, found.waited, found.memory, found.ended = started-began, waited-started, full-empty, ended.Load()
	return found, err
}

const (
	link    = "0123456789abc"
	ackBox  = 40 // bytes of an acknowledgement, as it is sealed
	ackPace = 250 * time.Millisecond
)

// tally is what agents have seen.
type tally struct {
	mu        sync.Mutex
	latencies []time.Duration
	wrong     int // boxes that are not the next
}

// measureRelay has senders send frames, and agents acknowledge them, all over the server.
func measureRelay(s *server, p plan) error {
	var seen tally
	var measuring, stop atomic.Bool
	var sent, acks atomic.Int64
	var pairs, busy sync.WaitGroup
	var conns []*client
	for n := range p.sessions {
		sender, m, err := dial(s, n, wire.RoleSender, wire.Start{})
		if err != nil {
			return fmt.Errorf("customer %d: %w", n, err)
		}
		agent, _, err := dial(s, 1<<20+n, wire.RoleAgent, wire.Join{Code: m.(wire.Started).Code})
		if err != nil {
			return fmt.Errorf("agent %d: %w", n, err)
		}
		conns = append(conns, sender, agent)
		busy.Go(func() { sender.read(func([]byte) {}) })
		busy.Go(func() {
			var next uint64
			var acknowledged time.Time
			agent.read(func(box []byte) {
				now := time.Now()
				number, at := binary.BigEndian.Uint64(box), time.Unix(0, int64(binary.BigEndian.Uint64(box[8:])))
				seen.mu.Lock()
				if number != next {
					seen.wrong++
				}
				if measuring.Load() {
					seen.latencies = append(seen.latencies, now.Sub(at))
				}
				seen.mu.Unlock()
				next = number + 1
				if now.Sub(acknowledged) >= ackPace {
					acknowledged = now
					acks.Add(1)
					agent.write(websocket.BinaryMessage, wire.AppendRelayed(nil, sender.id, link, make([]byte, ackBox)))
				}
			})
		})
		pairs.Go(func() {
			pace := time.Second / time.Duration(p.rate)
			time.Sleep(rand.N(pace))
			ticker := time.NewTicker(pace)
			defer ticker.Stop()
			box := make([]byte, p.size)
			for number := uint64(0); !stop.Load(); number++ {
				<-ticker.C
				binary.BigEndian.PutUint64(box, number)
				binary.BigEndian.PutUint64(box[8:], uint64(time.Now().UnixNano()))
				if sender.write(websocket.BinaryMessage, wire.AppendRelayed(nil, agent.id, link, box)) != nil {
					return
				}
				sent.Add(1)
			}
		})
	}
	time.Sleep(2 * time.Second)
	before, err := cpu(s.pid)
	if err != nil {
		return err
	}
	count, ackCount, began := sent.Load(), acks.Load(), time.Now()
	measuring.Store(true)
	time.Sleep(p.length)
	measuring.Store(false)
	after, err := cpu(s.pid)
	if err != nil {
		return err
	}
	took := time.Since(began)
	frames, acknowledged := sent.Load()-count, acks.Load()-ackCount
	memory, err := resident(s.pid)
	if err != nil {
		return err
	}
	stop.Store(true)
	pairs.Wait()
	time.Sleep(time.Second) // for what is on its way
	for _, c := range conns {
		c.ws.Close()
	}
	busy.Wait()
	slices.Sort(seen.latencies)
	at := func(share float64) float64 {
		return float64(seen.latencies[int(share*float64(len(seen.latencies)-1))].Microseconds()) / 1000
	}
	fmt.Printf("| relayed sessions | frames/s | acknowledgements/s | CPU of the server | each message | p50 | p99 | not in order or lost | memory |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	fmt.Printf("| %d | %.0f | %.0f | %.0f %% of a core | %.1f µs | %.1f ms | %.1f ms | %d | %d MiB |\n", p.sessions, float64(frames)/took.Seconds(),
		float64(acknowledged)/took.Seconds(), 100*float64(after-before)/float64(took), float64((after-before).Microseconds())/float64(frames+acknowledged),
		at(0.5), at(0.99), seen.wrong, memory>>20)
	return nil
}
