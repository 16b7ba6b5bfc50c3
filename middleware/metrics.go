package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/qwelp/qwelp-go/internal/request"
)

// mayRead reports whether a request for metrics comes from where they may be read. One that has come through a proxy that is not trusted comes from nowhere: all
// of its clients would have the proxy's address.
func (m *Middleware) mayRead(r *http.Request) bool {
	if len(m.metrics) == 0 {
		return false
	}
	addr, forwarded := request.RemoteAddr(r, m.trusted)
	if len(r.Header["X-Forwarded-For"]) == 0 { // which trusted proxies send
		for _, field := range []string{"Forwarded", "Via", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"} {
			forwarded = forwarded || len(r.Header[field]) > 0
		}
	}
	for _, network := range m.metrics {
		if !forwarded && network.Contains(addr.Unmap()) {
			return true
		}
	}
	m.warn(r.Context(), slog.LevelWarn, "metrics "+fmt.Sprint(forwarded), "middleware: metrics are refused: name the network in Options.Metrics and, if a proxy is in between, that in Signal.TrustedProxies", "remote", addr, "proxy", forwarded)
	return false
}

func checkMetrics(networks []netip.Prefix) (errs []error) {
	for i, network := range networks {
		if !network.IsValid() {
			errs = append(errs, fmt.Errorf("metrics[%d]: not a network", i))
		} else if network.Bits() == 0 {
			errs = append(errs, fmt.Errorf("metrics[%d]: %v is everybody: name the network of what reads them", i, network))
		}
	}
	return errs
}
