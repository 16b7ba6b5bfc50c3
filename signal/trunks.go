package signal

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/internal/trunk"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// trunks carry the packets of links whose ends are connected to different replicas. The customer's replica opens them, before the customer is told that
// the agent can be reached over the relay; one that breaks is opened again when there is something to send.
type trunks struct {
	server *Server
	node   *trunk.Node // nil: none, and all is as if nobody could be reached
	url    string      // of this replica, for others

	mu   sync.Mutex
	open map[trunk.Pair]*ownTrunk
	next map[trunk.Pair]time.Time // when one that could not be opened, or has broken, is tried again
}

// ownTrunk is a trunk of a connection here.
type ownTrunk struct {
	*trunk.Trunk
	conn *conn
}

const trunkPause = time.Second // between two tries

// pairOf names who packets go between: the customer's replica dials.
func pairOf(session string, me member, other member) trunk.Pair {
	if me.Role == wire.RoleSender {
		return trunk.Pair{Session: session, From: me.ID, To: other.ID}
	}
	return trunk.Pair{Session: session, From: other.ID, To: me.ID}
}

// reaches reports whether packets from a member of a session who is connected here get to another, who is not.
func (t *trunks) reaches(session string, me, other member) bool {
	return t.between(pairOf(session, me, other)) != nil
}

func (t *trunks) between(pair trunk.Pair) *trunk.Trunk {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own := t.open[pair]; own != nil {
		return own.Trunk
	}
	return nil
}

// lacking returns the agents of a session whom a customer connected here is about to hear of, and to whom no trunk is open that could be: those of whom
// the customer does not know yet that they are where they are.
func (t *trunks) lacking(before, s session, me string) (agents []member) {
	if t.node == nil || t.server.relay == "" || s.Ended != "" {
		return nil
	}
	customer, _ := s.member(me)
	if customer.Role != wire.RoleSender || customer.At.Replica != t.server.replica {
		return nil
	}
	for _, m := range s.Members {
		old, _ := before.member(m.ID)
		if m.Role == wire.RoleAgent && m.At != old.At && m.At != (address{}) && m.At.Replica != t.server.replica && t.between(pairOf(s.ID, customer, m)) == nil {
			agents = append(agents, m)
		}
	}
	return agents
}

// dial opens trunks from a customer's connection to agents, as far as that is possible within two seconds.
func (t *trunks) dial(ctx context.Context, c *conn, session, me string, agents []member) {
	var dials sync.WaitGroup
	for _, m := range agents {
		dials.Go(func() {
			defer func() { c.panicked(recover()) }()
			t.dialOne(ctx, c, trunk.Pair{Session: session, From: me, To: m.ID}, m.At)
		})
	}
	dials.Wait()
}

func (t *trunks) dialOne(ctx context.Context, c *conn, pair trunk.Pair, at address) {
	url := t.server.replicas.url(ctx, at.Replica)
	if url == "" {
		return
	}
	opened, err := t.node.Dial(ctx, url, at.Replica, pair, at.Conn, t.receiver(c, pair, pair.To))
	if err != nil {
		if !errors.Is(err, trunk.ErrAway) && t.server.ctx.Err() == nil {
			t.server.log.Warn("signal: another replica cannot be reached, so that links to it are not relayed", "url", url, "session", pair.Session, "err", err)
		}
		return
	}
	t.add(pair, c, opened)
}

// accept is asked by another replica whether a member is connected here.
func (t *trunks) accept(pair trunk.Pair, id string) (trunk.Receive, func(*trunk.Trunk), bool) {
	c := t.server.connection(id)
	if c == nil {
		return nil, nil, false
	}
	if there := c.seated(); there.session != pair.Session || there.member != pair.To || c.role != wire.RoleAgent {
		return nil, nil, false
	}
	return t.receiver(c, pair, pair.From), func(opened *trunk.Trunk) { t.add(pair, c, opened) }, true
}

var errMoved = errors.New("signal: the member is not connected here any more")

// receiver takes what another member sends to one who is connected here.
func (t *trunks) receiver(c *conn, pair trunk.Pair, from string) trunk.Receive {
	me := pair.From
	if from == me {
		me = pair.To
	}
	return func(data []byte) error {
		if place := c.seated(); place.session != pair.Session || place.member != me {
			return errMoved
		}
		if member, _, _, err := wire.ReadRelayed(data); err != nil || member != from {
			t.server.counts.packetsLost.Add(1)
			return nil
		}
		taken, err := c.handOver(data, c.out.offer, c.out.giveUp)
		if !taken {
			t.server.counts.packetsLost.Add(1)
		}
		return err
	}
}

// add keeps a trunk until it is closed. The newest of a pair counts.
func (t *trunks) add(pair trunk.Pair, c *conn, opened *trunk.Trunk) {
	own := &ownTrunk{opened, c}
	t.mu.Lock()
	old := t.open[pair]
	t.open[pair] = own
	delete(t.next, pair)
	t.mu.Unlock()
	if old != nil {
		old.Close()
	}
	if t.server.connection(c.id) != c { // it went meanwhile
		opened.Close()
	}
	go func() {
		<-opened.Done()
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.open[pair] == own {
			delete(t.open, pair)
		}
	}()
}

// leave closes the trunks of a connection that ends.
func (t *trunks) leave(c *conn) {
	if t.node == nil {
		return
	}
	t.mu.Lock()
	var closing []*ownTrunk
	for pair, own := range t.open {
		if own.conn == c {
			closing = append(closing, own)
			delete(t.open, pair)
		}
	}
	t.mu.Unlock()
	for _, own := range closing {
		own.Close()
	}
}

// send sends a packet of a member who is connected here to one who is not, and reports whether it has left.
func (t *trunks) send(c *conn, place seat, to member, data []byte) bool {
	if t.node == nil {
		return false
	}
	me, _ := place.record.member(place.member)
	pair := pairOf(place.session, me, to)
	if open := t.between(pair); open != nil {
		return open.Send(data) == nil
	}
	t.again(c, pair, me, to)
	return false
}

// again opens a trunk that has broken, not too often. What is sent meanwhile is lost, as it would be with the network.
func (t *trunks) again(c *conn, pair trunk.Pair, me, to member) {
	if me.Role != wire.RoleSender || to.At == (address{}) {
		return
	}
	now := time.Now()
	t.mu.Lock()
	early := now.Before(t.next[pair])
	if !early {
		maps.DeleteFunc(t.next, func(_ trunk.Pair, at time.Time) bool { return !now.Before(at) })
		t.next[pair] = now.Add(trunkPause)
	}
	t.mu.Unlock()
	if early {
		return
	}
	t.server.keeper.Go(func() {
		defer func() { c.panicked(recover()) }()
		t.dialOne(t.server.ctx, c, pair, to.At)
	})
}
