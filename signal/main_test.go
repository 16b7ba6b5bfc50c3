package signal

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails the run when goroutines are left after the last test. For BenchmarkRelay it is the clients.
func TestMain(m *testing.M) {
	if url := os.Getenv(loadURL); url != "" {
		generateLoad(url, os.Getenv(loadKind))
		return
	}
	code := m.Run()
	if left := leftGoroutines(); code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines are left:\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// leftGoroutines gives the stacks of goroutines of this package, after a while for them to end.
func leftGoroutines() string {
	var left string
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 300 {
		buf := make([]byte, 1<<20)
		buf = buf[:runtime.Stack(buf, true)]
		left = ""
		for stack := range strings.SplitSeq(string(buf), "\n\n") {
			if strings.Contains(stack, "qwelp-go/signal.") && !strings.Contains(stack, "TestMain") {
				left += stack + "\n\n"
			}
		}
		if left == "" {
			return ""
		}
		<-tick.C
	}
	return left
}
