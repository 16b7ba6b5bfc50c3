package middleware

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// What assets may take at once: of one client (a network, as it is counted for sign-ins), and of all. Browsers ask for four at once.
const (
	assetsOfClient     = 8 // that are being read from their servers
	assetsOfAll        = 16
	assetBytesOfClient = 24 << 20 // that are being written to clients
	assetBytesOfAll    = 64 << 20

	assetPatience = 5 * time.Second        // for room
	assetStall    = 250 * time.Millisecond // without progress, after which a client gives way to others
	assetLook     = assetStall / 5
)

var errNoRoom = errors.New("middleware: too many assets at once")

// assetRoom shares out what assets may take. Clients that read slowly, or not at all, wait for nobody and keep nobody waiting: when room is wanted, the
// one of them is cut off that has stood still for longest. Safe for concurrent use.
type assetRoom struct {
	mu      sync.Mutex
	changed chan struct{} // closed when something has been given back
	reading map[string]int
	running int
	writing []*assetWriting

	bytesOfClient, bytesOfAll int
}

// assetWriting is an asset on its way to a client.
type assetWriting struct {
	client string
	bytes  int
	moved  time.Time
	cut    func() // ends a Write that waits
}

func newAssetRoom() *assetRoom {
	return &assetRoom{changed: make(chan struct{}), reading: map[string]int{}, bytesOfClient: assetBytesOfClient, bytesOfAll: assetBytesOfAll}
}

// read takes the right to read one asset from its server. It must be given back by done.
func (a *assetRoom) read(ctx context.Context, client string) error {
	return a.await(ctx, func() bool {
		if a.running >= assetsOfAll || a.reading[client] >= assetsOfClient {
			return false
		}
		a.running++
		a.reading[client]++
		return true
	})
}

func (a *assetRoom) done(client string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	if a.reading[client]--; a.reading[client] == 0 {
		delete(a.reading, client)
	}
	a.wake()
}

// write takes room for an asset on its way to a client. It must be given back by end. cut may be called until then.
func (a *assetRoom) write(ctx context.Context, w *assetWriting) error {
	return a.await(ctx, func() bool {
		for {
			all, own := 0, 0
			for _, other := range a.writing {
				all += other.bytes
				if other.client == w.client {
					own += other.bytes
				}
			}
			switch {
			case own+w.bytes > a.bytesOfClient:
				if !a.makeWay(func(other *assetWriting) bool { return other.client == w.client }) {
					return false
				}
			case all+w.bytes > a.bytesOfAll:
				if !a.makeWay(func(*assetWriting) bool { return true }) {
					return false
				}
			default:
				w.moved = time.Now()
				a.writing = append(a.writing, w)
				return true
			}
		}
	})
}

// makeWay cuts off the one of those that has stood still for longest. mu must be held.
func (a *assetRoom) makeWay(of func(*assetWriting) bool) bool {
	var stillest *assetWriting
	for _, w := range a.writing {
		if of(w) && time.Since(w.moved) >= assetStall && (stillest == nil || w.moved.Before(stillest.moved)) {
			stillest = w
		}
	}
	if stillest == nil {
		return false
	}
	a.writing = slices.DeleteFunc(a.writing, func(w *assetWriting) bool { return w == stillest })
	stillest.cut()
	return true
}

// move notes that the client has read something. It reports false when the asset has been cut off.
func (a *assetRoom) move(w *assetWriting) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.moved = time.Now()
	return slices.Contains(a.writing, w)
}

func (a *assetRoom) end(w *assetWriting) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writing = slices.DeleteFunc(a.writing, func(other *assetWriting) bool { return other == w })
	a.wake()
}

// wake lets those who wait look again. mu must be held.
func (a *assetRoom) wake() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// await tries until it succeeds, for assetPatience at most. It looks from time to time too: clients come to stand still without a sign.
func (a *assetRoom) await(ctx context.Context, try func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, assetPatience)
	defer cancel()
	for {
		a.mu.Lock()
		ok, changed := try(), a.changed
		a.mu.Unlock()
		if ok {
			return nil
		}
		look := time.NewTimer(assetLook)
		select {
		case <-changed:
		case <-look.C:
		case <-ctx.Done():
			look.Stop()
			return errNoRoom
		}
		look.Stop()
	}
}

const (
	assetChunk        = 64 << 10
	assetChunkTimeout = 10 * time.Second
)

// send answers with an asset, or returns errNoRoom. The client has to read on: every 64 KiB have ten seconds, and the whole what the app's http.Server
// gives it.
func (a *assetRoom) send(w http.ResponseWriter, r *http.Request, client, kind string, data []byte) error {
	control := http.NewResponseController(w)
	var last time.Time // of the app's server
	if s, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && s.WriteTimeout > 0 {
		last = time.Now().Add(s.WriteTimeout)
	}
	limit := func(t time.Time) {
		if last.IsZero() || !t.IsZero() && t.Before(last) {
			_ = control.SetWriteDeadline(t)
		} else {
			_ = control.SetWriteDeadline(last)
		}
	}
	writing := &assetWriting{client: client, bytes: len(data), cut: func() { _ = control.SetWriteDeadline(time.Unix(1, 0)) }}
	if err := a.write(r.Context(), writing); err != nil {
		return err
	}
	defer a.end(writing)
	describeAsset(w.Header(), kind, len(data))
	for len(data) > 0 {
		limit(time.Now().Add(assetChunkTimeout))
		n := min(len(data), assetChunk)
		if _, err := w.Write(data[:n]); err != nil {
			return nil // the client has gone, or has been cut off
		}
		data = data[n:]
		if !a.move(writing) {
			_ = control.SetWriteDeadline(time.Unix(1, 0))
			return nil
		}
	}
	if control.Flush() == nil {
		limit(time.Time{}) // the connection may be used again
	}
	return nil
}
