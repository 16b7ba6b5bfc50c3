// Package leaktest finds goroutines that a test leaves behind. It looks at whose they are, not at how many run: the runtime has its own, and so have other tests.
package leaktest

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"
)

// patience is how long goroutines may take to end, those of closed connections for instance.
const patience = 10 * time.Second

// Goroutines are goroutines by their numbers, which are never used again, each with its stack.
type Goroutines map[string]string

// Running returns the goroutines that run now, except the caller's and those of the runtime. Called in a bubble of testing/synctest, it returns those of the bubble only.
func Running() Goroutines {
	buf := make([]byte, 64<<10)
	n := runtime.Stack(buf, true)
	for n == len(buf) { // there was more
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	return parse(string(buf[:n]))
}

// parse reads what runtime.Stack writes, the caller first.
func parse(dump string) Goroutines {
	caller, rest, _ := strings.Cut(dump, "\n\n")
	in, running := bubble(caller), Goroutines{}
	for stack := range strings.SplitSeq(rest, "\n\n") {
		if stack = strings.TrimSpace(stack); stack == "" || in != "" && bubble(stack) != in || strings.Contains(stack, "\ncreated by runtime.") {
			continue
		}
		number, _, _ := strings.Cut(stack, " [")
		running[number] = stack
	}
	return running
}

// bubble returns the bubble that the first line of a stack names, "" when there is none.
func bubble(stack string) string {
	head, _, _ := strings.Cut(stack, "\n")
	_, name, _ := strings.Cut(head, "synctest bubble ")
	return strings.TrimRight(name, "]:")
}

// Since waits until none of the goroutines runs that have started since before, as far as their stacks contain one of the texts of whose; without texts, all count. It
// returns the stacks of those that still run after 10 seconds, "" when there are none.
func Since(before Goroutines, whose ...string) string {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		left := Running()
		maps.DeleteFunc(left, func(number, stack string) bool {
			return before[number] != "" || len(whose) > 0 && !slices.ContainsFunc(whose, func(text string) bool { return strings.Contains(stack, text) })
		})
		if len(left) == 0 || time.Now().After(end) {
			return strings.Join(slices.Sorted(maps.Values(left)), "\n\n")
		}
	}
}
