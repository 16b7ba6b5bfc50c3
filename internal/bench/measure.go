package main

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// cpuTime is what the process has used so far, in user and system mode.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cost is what one operation takes.
type cost struct {
	cpu    time.Duration
	bytes  uint64
	allocs uint64
	wall   time.Duration
}

// measure measures operations in turns and returns the least cost of each. Every goroutine of workers calls the operation it got from
// make. What nil stands for is not measured.
func measure(p plan, workers int, operations []func() func()) []cost {
	costs, times := make([]cost, len(operations)), make([]int, len(operations))
	runs := make([][]func(), len(operations))
	for i, operation := range operations {
		if operation == nil {
			continue
		}
		for range workers {
			runs[i] = append(runs[i], operation())
		}
		costs[i] = cost{cpu: math.MaxInt64, bytes: math.MaxUint64, allocs: math.MaxUint64, wall: math.MaxInt64}
		times[i] = calibrate(runs[i], p.batch)
	}
	for range p.turns {
		for i, run := range runs {
			if run != nil {
				costs[i] = costs[i].least(batch(run, times[i]))
			}
		}
	}
	return costs
}

// calibrate returns how many calls take about as long as wanted.
func calibrate(run []func(), wanted time.Duration) int {
	for n := 1; ; n *= 2 {
		took := batch(run, n).cpu * time.Duration(n)
		if took > wanted/8 {
			return max(1, int(float64(n)*float64(wanted)/float64(took)))
		}
	}
}

// batch calls every operation of run as often as it takes for n calls altogether, and returns the cost of one.
func batch(run []func(), n int) cost {
	runtime.GC() // what others left behind is not ours
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	each := (n + len(run) - 1) / len(run)
	cpu, began := cpuTime(), time.Now()
	if len(run) == 1 {
		repeat(run[0], each)
	} else {
		var all sync.WaitGroup
		for _, operation := range run {
			all.Go(func() { repeat(operation, each) })
		}
		all.Wait()
	}
	took, wall := cpuTime()-cpu, time.Since(began)
	runtime.ReadMemStats(&after)
	total := each * len(run)
	return cost{
		cpu:    took / time.Duration(total),
		bytes:  (after.TotalAlloc - before.TotalAlloc) / uint64(total),
		allocs: (after.Mallocs - before.Mallocs) / uint64(total),
		wall:   wall / time.Duration(total),
	}
}

func repeat(operation func(), n int) {
	for range n {
		operation()
	}
}

func (c cost) least(d cost) cost {
	return cost{min(c.cpu, d.cpu), min(c.bytes, d.bytes), min(c.allocs, d.allocs), min(c.wall, d.wall)}
}

// micro prints a time in microseconds with about three digits.
func micro(d time.Duration) string {
	us := float64(d) / 1e3
	switch {
	case us < 10:
		return fmt.Sprintf("%.2f", us)
	case us < 100:
		return fmt.Sprintf("%.1f", us)
	}
	return thousands(int64(us + 0.5))
}

// thousands prints n with a thin gap between groups of three digits, as the other tables do.
func thousands(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %03d", thousands(n/1000), n%1000)
}
