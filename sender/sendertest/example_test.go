package sendertest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/qwelp/qwelp-go/sender/sendertest"
)

// In a test of the app: whatever must not get to agents is put into its pages, and looked for in all that an agent gets.
func ExampleLeaks() {
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><title>Account</title><p data-qwelp="redact">Balance: 1 234.56</p>`)
	})
	test := func(t *testing.T) { // TestNothingPrivateGetsToAgents
		sendertest.Leaks(t, app, "1 234.56")
	}
	_ = test
}
