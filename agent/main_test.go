package agent_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/qwelp/qwelp-go/internal/leaktest"
)

// TestMain fails when a test leaves goroutines behind.
func TestMain(m *testing.M) {
	before := leaktest.Running()
	code := m.Run()
	if flag.Lookup("test.fuzz").Value.String() != "" { // the engine keeps its own
		os.Exit(code)
	}
	if code == 0 {
		if left := leaktest.Since(before); left != "" {
			fmt.Printf("goroutines are left:\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}
