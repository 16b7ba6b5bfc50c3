package signal

import (
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Limits of a relayed packet.
const (
	maxRelayedBox = wire.MaxRelayBytes + 256                    // with what seals it
	maxRelayed    = 1 + maxID + 1 + maxLinkName + maxRelayedBox // as a message
	maxID         = 26                                          // of a member: newID
	packetWait    = 10 * time.Second                            // for an addressee that reads slowly; letters wait as long
)

// packet is a binary message on its way: a packet of a link, sealed between the two ends.
type packet struct {
	to   string
	data []byte // as the addressee is to get it
}

// readPacket takes a packet apart, and pauses when the client sends too many. It has paid for its bytes as if they were a message's.
func (c *conn) readPacket(data []byte) (packet, error) {
	place := c.seated()
	if place.member == "" || c.server.relay == "" {
		return packet{}, badMessage("no packets now")
	}
	size := float64(len(data))
	c.socket.bytes.give(size)
	now := time.Now()
	if c.packets == nil {
		c.packets = newPacketBudget(now)
	}
	if err := c.socket.pause(c.packets.take(size, now)); err != nil {
		return packet{}, err
	}
	to, link, box, err := wire.ReadRelayed(data)
	if err != nil || link == "" || len(link) > maxLinkName || len(box) == 0 || len(box) > maxRelayedBox {
		return packet{}, badMessage("malformed packet")
	}
	room := make([]byte, 0, 2+len(place.member)+len(link)+len(box))
	return packet{to, wire.AppendRelayed(room, place.member, link, box)}, nil
}

// passOn relays a packet. While the addressee's outbox is full the reader waits, so that the client's own socket fills up; what does
// not get through is lost, and nobody is cut off for it.
func (c *conn) passOn(p packet) error {
	if c.unconfirmed {
		c.confirm()
	}
	taken, err := c.carry(p)
	if !taken {
		c.server.counts.packetsLost.Add(1)
		return err
	}
	c.server.counts.packets.Add(1)
	c.server.counts.packetBytes.Add(uint64(len(p.data)))
	return nil
}

// carry takes a packet to its addressee, here or over another replica.
func (c *conn) carry(p packet) (taken bool, err error) {
	place := c.seated()
	m, ok := place.record.member(p.to)
	switch {
	case !ok || m.Role == c.role:
		return false, nil
	case m.At.Replica != c.server.replica:
		return c.server.trunks.send(c, place, m, p.data), nil
	}
	to := c.partner(place, m)
	if to == nil {
		return false, nil
	}
	return c.handOver(p.data, to.out.offer, to.out.giveUp)
}

// handOver offers data to an outbox until it is taken or, after packetWait, given up. Meanwhile nothing of the client is read.
func (c *conn) handOver(data []byte, offer func([]byte) (bool, <-chan struct{}), giveUp func()) (taken bool, err error) {
	taken, room := offer(data)
	if room == nil {
		return taken, nil
	}
	patience := time.NewTimer(packetWait)
	defer patience.Stop()
	for room != nil {
		select {
		case <-room:
			taken, room = offer(data)
		case <-patience.C:
			giveUp()
			room = nil
		case <-c.socket.stop:
			return false, errStopped
		}
	}
	return taken, nil
}

// partner gives the connection of the member at the other end of a link, nil when it is gone.
func (c *conn) partner(place seat, m member) *conn {
	to := c.server.connection(m.At.Conn)
	if to == nil {
		return nil
	}
	if there := to.seated(); there.session != place.session || there.member != m.ID {
		return nil
	}
	return to
}

// maxKey is the length of the longest key, in base64url.
const maxKey = 128

// isKey reports whether text may be the key of a page. What it says is for the other ends to judge.
func isKey(text string) bool {
	foreign := func(r rune) bool { return r == '.' || !strings.ContainsRune(tokenAlphabet, r) }
	return len(text) <= maxKey && !strings.ContainsFunc(text, foreign)
}
