package e2e

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/qwelp/qwelp-go/middleware"
)

// What Prometheus reads, and its linter (promtool check metrics) has nothing against.
func TestPrometheusReadsTheMetrics(t *testing.T) {
	_, s, _ := served(t, middleware.Options{Metrics: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, http.NotFoundHandler())
	response, err := http.Get(s.customer + "/_qwelp/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	problems, err := promlint.New(response.Body).Lint()
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
