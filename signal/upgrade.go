package signal

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/internal/request"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// The read buffer of a connection, and the write buffer that it has while it writes: for the largest packet with its frame, so that
// everything but the largest messages takes one system call.
const (
	readBufferBytes  = 1 << 10
	writeBufferBytes = maxRelayed + 16
)

var writeBuffers sync.Pool

// ServeHTTP makes a WebSocket (RFC 6455) of the request and returns; the connection goes on until it is closed or Shutdown.
//
// Without an upgrade it answers 426, to other methods than GET 405, to a page of a foreign origin 403, while draining 503, when a network has 500
// connections (2000 for agents) 429. A
// request without an Origin, which no browser sends, needs "Authorization: Bearer" credentials that Config.Agents accepts.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if status, text := s.refuseRequest(w.Header(), r); status != 0 {
		http.Error(w, text, status)
		return
	}
	if !s.admit() {
		unavailable(w)
		return
	}
	admitted, entered, network := true, false, ""
	defer func() {
		if admitted {
			s.running.Done()
		}
		if entered {
			s.exit(network)
		}
	}()
	ctx, cancel := s.patience()
	s.start(ctx)
	cancel()
	addr := s.remoteAddr(r)
	network = request.Network(addr)
	if entered = s.enter(network, r); !entered {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many connections come from your network. Try again in a moment.", http.StatusTooManyRequests)
		return
	}
	c := s.upgrade(w, r, addr)
	if c == nil {
		return
	}
	admitted, entered = false, false
	s.add(c)
	go func() {
		defer s.running.Done()
		defer s.exit(network)
		defer s.remove(c)
		c.run()
	}()
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	http.Error(w, "The server cannot take connections now. Try again in a moment.", http.StatusServiceUnavailable)
}

// refuseRequest gives the status and text to answer what must not become a WebSocket; 0 means that it may.
func (s *Server) refuseRequest(answer http.Header, r *http.Request) (int, string) {
	switch {
	case r.Method != http.MethodGet:
		answer.Set("Allow", http.MethodGet)
		return http.StatusMethodNotAllowed, "This is a WebSocket."
	case !websocket.IsWebSocketUpgrade(r) || r.Header.Get("Sec-Websocket-Version") != "13":
		if r.ProtoMajor == 1 { // HTTP/2 knows neither header
			answer.Set("Connection", "Upgrade")
			answer.Set("Upgrade", "websocket")
		}
		answer.Set("Sec-Websocket-Version", "13")
		s.noteNoUpgrade(r)
		return http.StatusUpgradeRequired, "This is a WebSocket. It needs HTTP/1.1 and a proxy that passes upgrades on."
	case r.ContentLength != 0 || len(r.TransferEncoding) > 0:
		return http.StatusBadRequest, "An upgrade has no body."
	case !slices.Contains(websocket.Subprotocols(r), wire.Subprotocol):
		return http.StatusBadRequest, "The WebSocket subprotocol " + wire.Subprotocol + " is required."
	}
	if err := s.mayConnect(r); cannotSay(err) {
		answer.Set("Retry-After", "5")
		return http.StatusServiceUnavailable, "The app cannot say now who is an agent. Try again in a moment."
	} else if err != nil {
		s.noteOrigin(r)
		return http.StatusForbidden, "This origin is not allowed."
	}
	return 0, ""
}

var errNotAllowed = errors.New("signal: this origin is not allowed")

func (s *Server) mayConnect(r *http.Request) error {
	if len(r.Header["Origin"]) > 0 {
		if originAllowed(r, s.origins) || ofSite(r, s.sites) {
			return nil
		}
		return errNotAllowed
	}
	if bearer(r) == "" {
		return errNotAllowed
	}
	_, err := s.authorize(r)
	return err
}

// bearer gives the token of an Authorization header (RFC 6750), or "".
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// remoteAddr is the address of the client. Behind a proxy that is not trusted, it is the proxy's.
func (s *Server) remoteAddr(r *http.Request) netip.Addr {
	addr, forwarded := request.RemoteAddr(r, s.trusted)
	if forwarded {
		s.warnForwarded.Do(func() {
			s.log.Warn("signal: X-Forwarded-For comes from a proxy that is not in TrustedProxies; all its clients count as one", "proxy", request.Network(addr))
		})
	}
	return addr
}

// upgrade gives the connection, or nil after it has answered.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, addr netip.Addr) *conn {
	h := &hijacker{ResponseWriter: w}
	upgrader := websocket.Upgrader{
		HandshakeTimeout: lastTimeout,
		ReadBufferSize:   readBufferBytes,
		WriteBufferSize:  writeBufferBytes,
		WriteBufferPool:  &writeBuffers,
		Subprotocols:     []string{wire.Subprotocol},
		CheckOrigin:      func(*http.Request) bool { return true }, // refuseRequest did
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			if h.err != nil {
				s.log.Error("signal: the ResponseWriter does not let go of its connection; some middleware hides it", "err", h.err)
				http.Error(w, "The server cannot open a WebSocket here.", http.StatusNotImplemented)
				return
			}
			http.Error(w, http.StatusText(status), status)
		},
	}
	ws, err := upgrader.Upgrade(h, r, nil)
	if err != nil {
		s.log.Debug("signal: upgrade failed", "err", err)
		return nil
	}
	opening := r.WithContext(context.WithoutCancel(r.Context()))
	opening.Body = http.NoBody
	return &conn{
		id: newID(), server: s, ws: ws, socket: h.socket, out: newOutbox(), remote: request.Network(addr), remoteAddr: addr, request: opening, mounted: mountedAt(r),
		elsewhere: len(r.Header["Origin"]) > 0 && !originAllowed(r, s.origins),
		written:   make(chan struct{}), messages: newBucket(messagesPerSecond, messageBurst, time.Now()),
	}
}

// hijacker finds the connection behind ResponseWriters that have only Unwrap, and puts a socket around it.
type hijacker struct {
	http.ResponseWriter
	socket *socket
	err    error
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		h.err = err
		return nil, nil, err
	}
	h.socket = newSocket(c)
	return h.socket, buffers, nil
}
