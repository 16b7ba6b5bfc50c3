package signal

import (
	"fmt"
	"os"
	"testing"

	"github.com/qwelp/qwelp-go/internal/leaktest"
)

// TestMain fails the run when goroutines are left after the last test. For BenchmarkRelay it is the clients.
func TestMain(m *testing.M) {
	if url := os.Getenv(loadURL); url != "" {
		generateLoad(url, os.Getenv(loadKind))
		return
	}
	before := leaktest.Running()
	code := m.Run()
	if code == 0 {
		if left := leaktest.Since(before, "qwelp-go/signal."); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines are left:\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}
