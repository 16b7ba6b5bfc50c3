package agent_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestMain fails when a test leaves goroutines behind.
func TestMain(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	if flag.Lookup("test.fuzz").Value.String() != "" { // the engine keeps its own
		os.Exit(code)
	}
	// Those of closed connections need a moment.
	tick := time.NewTicker(10 * time.Millisecond)
	for i := 0; i < 1000 && runtime.NumGoroutine() > before; i++ {
		<-tick.C
	}
	tick.Stop()
	if n := runtime.NumGoroutine(); code == 0 && n > before {
		stacks := make([]byte, 1<<20)
		fmt.Printf("%d goroutines are left, %d before:\n%s\n", n, before, stacks[:runtime.Stack(stacks, true)])
		code = 1
	}
	os.Exit(code)
}
