package signal

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

var updateMetrics = flag.Bool("update-metrics", false, "write testdata/metrics.txt anew")

// Names, types and labels are what dashboards and alerts are made of.
func TestMetricsKeepTheirNames(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, started, joined := w.pair()
		sender.send(wire.Carried{Member: joined.Member, Path: wire.PathRelay})
		if err := sender.pass(joined.Member, "link", "canary"); err != nil {
			t.Fatal(err)
		}
		expectPacket(agent)
		bob := w.agent("bob")
		bob.send(wire.Join{Code: "000000000"})
		expectError(bob, wire.ErrUnknownCode)
		var text bytes.Buffer
		if err := w.WriteMetrics(&text); err != nil {
			t.Fatal(err)
		}
		got := text.String()
		for _, secret := range []string{"canary", "bob", started.Code, started.Session, started.Member} {
			if strings.Contains(got, secret) {
				t.Errorf("%q is told", secret)
			}
		}
		for _, line := range []string{"qwelp_sessions 1", "qwelp_sessions_started_total 1", `qwelp_joins_total{result="joined"} 1`, `qwelp_links{path="relay"} 1`, `qwelp_packets_total{result="passed"} 1`, "qwelp_join_seconds_count 2", `qwelp_joins_total{result="unknown"} 1`} {
			if !strings.Contains(got, "\n"+line+"\n") {
				t.Errorf("no line %q", line)
			}
		}
		names := regexp.MustCompile(`(?m)^# HELP .*\n|(^[^#].*) .*$`).ReplaceAllString(got, "$1")
		golden := filepath.Join("testdata", "metrics.txt")
		if *updateMetrics {
			if err := os.WriteFile(golden, []byte(names), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if names != string(want) {
			t.Errorf("names have changed (-update-metrics): %s", names)
		}
	})
}

func TestAHistogramCountsUpToItsBounds(t *testing.T) {
	var h histogram
	for _, d := range []time.Duration{0, 500 * time.Microsecond, 501 * time.Microsecond, 10 * time.Second, time.Hour} {
		h.observe(d)
	}
	var m metrics
	m.histogram("x", `op="a"`, &h)
	for _, line := range []string{`x_bucket{op="a",le="0.0005"} 2`, `x_bucket{op="a",le="0.001"} 3`, `x_bucket{op="a",le="10"} 4`, `x_bucket{op="a",le="+Inf"} 5`, `x_count{op="a"} 5`} {
		if !strings.Contains(m.String(), line+"\n") {
			t.Errorf("no line %q in %s", line, m.String())
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestMetricsReturnTheErrorOfTheWriter(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		if w.WriteMetrics(brokenWriter{}) == nil {
			t.Error("no error")
		}
	})
}
