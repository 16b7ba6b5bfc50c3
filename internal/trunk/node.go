package trunk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

// Config is how a replica takes part.
type Config struct {
	Replica   string         // its name
	Secret    []byte         // of MinSecret bytes or more, the same for all
	Networks  []netip.Prefix // where other replicas may be; none: private addresses and this machine's
	MaxPacket int64          // bytes
	Logger    *slog.Logger

	// Accept is asked about a pair whose To is connected to this replica, as who dials believes, to the connection named conn. It returns what takes
	// the packets that come, and false when To is not there. opened is called when the trunk is open, before the first packet comes.
	Accept func(pair Pair, conn string) (receive Receive, opened func(*Trunk), ok bool)
}

// A packet leaves as one write. The buffers are shared, so that a trunk that rests holds none.
const writeBytes = 36 << 10

var writeBuffers sync.Pool

// mostStrangers is how many may be opening a trunk to a replica at once who have not proved anything yet.
const mostStrangers = 100

// Node is a replica that listens for trunks and opens them. Safe for concurrent use.
type Node struct {
	config    Config
	listener  net.Listener
	server    *http.Server
	dialer    websocket.Dialer
	strangers chan struct{}

	mu      sync.Mutex
	closed  bool
	trunks  map[*Trunk]struct{}
	running sync.WaitGroup
}

// Listen listens on an address for the trunks of other replicas, until Close.
func Listen(address string, config Config) (*Node, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	n := &Node{config: config, listener: listener, strangers: make(chan struct{}, mostStrangers), trunks: map[*Trunk]struct{}{}}
	dialer := net.Dialer{Timeout: handshakeTime, Control: n.guard}
	n.dialer = websocket.Dialer{
		HandshakeTimeout: handshakeTime, WriteBufferSize: writeBytes, WriteBufferPool: &writeBuffers,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return bounded(conn), nil
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /trunk/{session}/{from}/{to}", n.accept)
	n.server = &http.Server{
		Handler: mux, ReadHeaderTimeout: handshakeTime, IdleTimeout: handshakeTime, MaxHeaderBytes: 8 << 10,
		ErrorLog:    slog.NewLogLogger(config.Logger.Handler(), slog.LevelDebug),
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context { bounded(conn); return ctx },
	}
	n.running.Go(func() { _ = n.server.Serve(listener) })
	return n, nil
}

// Addr is where the node listens.
func (n *Node) Addr() net.Addr { return n.listener.Addr() }

// Close closes all trunks and the listener, and waits until nothing runs any more.
func (n *Node) Close() {
	n.mu.Lock()
	n.closed = true
	for t := range n.trunks {
		t.Close()
	}
	n.mu.Unlock()
	n.server.Close()
	n.running.Wait()
}

// Dial opens a trunk to a replica at a URL, for a pair whose To has a connection named conn there. It takes two seconds at most.
func (n *Node) Dial(ctx context.Context, base, replica string, pair Pair, conn string, receive Receive) (*Trunk, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("trunk: %q is no http or https URL", base)
	}
	u.Scheme = "ws" + strings.TrimPrefix(u.Scheme, "http")
	u = u.JoinPath("trunk", pair.Session, pair.From, pair.To)
	u.RawQuery = url.Values{"replica": {n.config.Replica}, "conn": {conn}}.Encode()
	ctx, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	ws, _, err := n.dialer.DialContext(ctx, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("trunk: %w", err)
	}
	if err := (names{pair, n.config.Replica, replica}).dial(ws, n.config.Secret); err != nil {
		ws.Close()
		return nil, err
	}
	return n.keep(ws, receive, func(*Trunk) {})
}

// accept answers a replica that dials.
func (n *Node) accept(w http.ResponseWriter, r *http.Request) {
	select {
	case n.strangers <- struct{}{}:
	default:
		http.Error(w, "Too many at once.", http.StatusServiceUnavailable)
		return
	}
	known := sync.OnceFunc(func() { <-n.strangers })
	defer known()
	pair := Pair{r.PathValue("session"), r.PathValue("from"), r.PathValue("to")}
	dialer := r.URL.Query().Get("replica")
	upgrader := websocket.Upgrader{
		HandshakeTimeout: handshakeTime, WriteBufferSize: writeBytes, WriteBufferPool: &writeBuffers,
		CheckOrigin: func(r *http.Request) bool { return len(r.Header["Origin"]) == 0 }, // no browser
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	var receive Receive
	var opened func(*Trunk)
	err = names{pair, dialer, n.config.Replica}.listen(ws, n.config.Secret, func() (ok bool) {
		receive, opened, ok = n.config.Accept(pair, r.URL.Query().Get("conn"))
		return ok
	})
	known()
	if err != nil {
		ws.Close()
		if errors.Is(err, ErrSecret) {
			n.config.Logger.Warn("signal: a trunk is refused: who opens it does not have the secret of signal.Config.Peer, or takes this replica for another", "remote", r.RemoteAddr)
		}
		return
	}
	_, _ = n.keep(ws, receive, opened)
}

// keep has a trunk run.
func (n *Node) keep(ws *websocket.Conn, receive Receive, opened func(*Trunk)) (*Trunk, error) {
	_ = ws.SetWriteDeadline(time.Time{})
	t := newTrunk(ws, n.config.MaxPacket)
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		t.Close()
		return nil, ErrClosed
	}
	n.trunks[t] = struct{}{}
	n.running.Add(1)
	n.mu.Unlock()
	opened(t)
	go func() {
		defer n.running.Done()
		t.run(receive)
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.trunks, t)
	}()
	return t, nil
}

// guard refuses addresses where no replica may be: what names one comes from the broker.
func (n *Node) guard(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	addr := at.Addr().Unmap().WithZone("")
	if len(n.config.Networks) == 0 && (addr.IsPrivate() || addr.IsLoopback()) {
		return nil
	}
	for _, network := range n.config.Networks {
		if network.Contains(addr) {
			return nil
		}
	}
	return fmt.Errorf("trunk: %s is not in the networks of the replicas", addr)
}
