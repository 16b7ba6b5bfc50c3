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

// measureIdle has customers start a session and wait for an agent.
func measureIdle(s *server, p plan) error {
	before, err := resident(s.pid)
	if err != nil {
		return err
	}
	began, err := cpu(s.pid)
	if err != nil {
		return err
	}
	var ended atomic.Int64
	for n := range p.idle {
		c, _, err := dial(s, n, wire.RoleSender, wire.Start{})
		if err != nil {
			return fmt.Errorf("customer %d: %w", n, err)
		}
		go func() {
			c.read(func([]byte) {})
			ended.Add(1)
		}()
	}
	started, err := cpu(s.pid)
	if err != nil {
		return err
	}
	time.Sleep(p.length)
	after, err := resident(s.pid)
	if err != nil {
		return err
	}
	waited, err := cpu(s.pid)
	if err != nil {
		return err
	}
	fmt.Printf("| customers who wait | memory of the server | each | CPU to begin, each | CPU while they wait | lost |\n|---:|---:|---:|---:|---:|---:|\n")
	fmt.Printf("| %d | %d MiB | %.1f KB | %.0f µs | %.1f %% of a core | %d |\n\n", p.idle, after>>20, float64(after-before)/float64(p.idle)/1000,
		float64((started-began).Microseconds())/float64(p.idle), 100*float64(waited-started)/float64(p.length), ended.Load())
	return nil
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
