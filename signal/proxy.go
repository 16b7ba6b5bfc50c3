package signal

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// A proxy in front of the app that is not set up for WebSockets is the commonest mistake in production. Browsers see no more than that the connection failed, so
// the log has to say it.

// wantsSocket reports whether a browser has sent the request to open a WebSocket, whatever a proxy has made of it since.
func wantsSocket(r *http.Request) bool {
	h := r.Header
	return h.Get("Sec-Websocket-Key") != "" || h.Get("Sec-Websocket-Version") != "" || h.Get("Sec-Websocket-Protocol") != "" || h.Get("Sec-Fetch-Mode") == "websocket"
}

// noteNoUpgrade logs, once, that a proxy passes no upgrades on, when r shows it.
func (s *Server) noteNoUpgrade(r *http.Request) {
	if !wantsSocket(r) || websocket.IsWebSocketUpgrade(r) {
		return
	}
	s.warnUpgrade.Do(func() {
		s.log.Warn(`signal: a proxy in front of the app passes no WebSocket upgrades on, so no session can start. nginx needs: `+
			`proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";`,
			"proto", r.Proto, "connection", r.Header.Get("Connection"), "upgrade", r.Header.Get("Upgrade"))
	})
}

// loggedOrigins remembers which foreign origins were logged, of which there may be any number.
type loggedOrigins struct {
	mu   sync.Mutex
	seen map[string]bool
}

const (
	mostOrigins   = 100
	longestOrigin = 600 // bytes, with its host: names have 253 at most
)

// isNew reports whether a pair of origin and host was not logged yet.
func (o *loggedOrigins) isNew(origin, host string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	pair := origin + " " + host
	if len(pair) > longestOrigin || o.seen[pair] || len(o.seen) >= mostOrigins {
		return false
	}
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	o.seen[pair] = true
	return true
}

// noteOrigin logs that an origin was refused, once for each host.
func (s *Server) noteOrigin(r *http.Request) {
	origin := r.Header.Get("Origin")
	if !s.foreign.isNew(origin, r.Host) {
		s.log.Debug("signal: foreign origin refused", "origin", origin, "host", r.Host)
		return
	}
	s.log.Warn("signal: foreign origin refused. If it is the app's own, a proxy has rewritten Host: nginx needs proxy_set_header Host $http_host; where that cannot be, name the origin in AllowedOrigins. If it is another site whose pages have the button, name it in Sites",
		"origin", origin, "host", r.Host, "add", siteToAdd(origin))
}
