package middleware

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// facts is what this server sees of a request, for the page agent/check. agent/src/check/verdicts.ts judges it.
type facts struct {
	Host       string           `json:"host"`
	Proto      string           `json:"proto"`
	TLS        bool             `json:"tls"`
	Forwarded  forwarded        `json:"forwarded"`
	Trusted    *bool            `json:"trusted,omitempty"` // whether the proxy is; nil when none says that it is one
	Hash       string           `json:"hash"`
	Now        int64            `json:"now"`
	Relay      bool             `json:"relay"`
	ICEServers []wire.ICEServer `json:"iceServers"`
}

type forwarded struct {
	Host   string `json:"host,omitempty"`
	Proto  string `json:"proto,omitempty"`
	For    string `json:"for,omitempty"`
	Prefix string `json:"prefix,omitempty"`
}

// checkFacts answers an agent's request with what the server sees of it.
func (m *Middleware) checkFacts(w http.ResponseWriter, r *http.Request) {
	field := func(name string) string {
		value := strings.Join(r.Header.Values(name), ", ")
		return value[:min(len(value), 200)]
	}
	seen := facts{
		Host: r.Host, Proto: r.Proto, TLS: r.TLS != nil, Hash: assets.Hash(), Now: time.Now().UnixMilli(),
		Forwarded: forwarded{field("X-Forwarded-Host"), field("X-Forwarded-Proto"), field("X-Forwarded-For"), field("X-Forwarded-Prefix")},
	}
	way := m.signal.Ways(r)
	seen.Relay, seen.ICEServers = way.Relay, way.ICEServers
	if seen.ICEServers == nil {
		seen.ICEServers = []wire.ICEServer{}
	}
	if seen.Forwarded.For != "" {
		seen.Trusted = &way.TrustedProxy
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(seen)
}
