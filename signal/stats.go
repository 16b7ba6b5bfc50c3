package signal

import (
	"sync/atomic"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Stats is what an operator may want to see of a Server, for package expvar, a Prometheus collector or a log. It names nobody.
type Stats struct {
	// What is now.
	Connections  int `json:"connections"`  // WebSockets that are open
	Sessions     int `json:"sessions"`     // whose customer is connected here
	RelayLinks   int `json:"relayLinks"`   // of these customers, going over this server
	ChannelLinks int `json:"channelLinks"` // of these customers, going over a data channel
	Trunks       int `json:"trunks"`       // links that are relayed between this replica and another

	// What has been since New.
	Starts         uint64 `json:"starts"`         // sessions that customers started
	Joins          uint64 `json:"joins"`          // agents who gave a support code that was right
	JoinMisses     uint64 `json:"joinMisses"`     // support codes that were wrong, expired or used
	RefusedGuesses uint64 `json:"refusedGuesses"` // support codes that were not looked at, because of too many misses before
	Resumes        uint64 `json:"resumes"`        // members who took up their place
	ResumeMisses   uint64 `json:"resumeMisses"`   // resume tokens that were used, expired, unknown, or of a session that has ended
	Messages       uint64 `json:"messages"`       // descriptions and candidates passed on, sealed or not
	MessagesLost   uint64 `json:"messagesLost"`   // of these, those whose addressee read too slowly
	Packets        uint64 `json:"packets"`        // packets relayed
	PacketBytes    uint64 `json:"packetBytes"`    // their bytes
	PacketsLost    uint64 `json:"packetsLost"`    // packets whose addressee was not here, or read too slowly
	SlowClients    uint64 `json:"slowClients"`    // connections closed because the client read too slowly, or fell silent
	Floods         uint64 `json:"floods"`         // connections closed because the client kept sending too much
	Unverified     uint64 `json:"unverified"`     // signatures of metaData that did not hold
}

// counts are the counters of Stats.
type counts struct {
	starts, joins, joinMisses, refusedGuesses, resumes, resumeMisses atomic.Uint64
	messages, messagesLost, packets, packetBytes, packetsLost        atomic.Uint64
	slowClients, floods, unverified                                  atomic.Uint64
}

// Stats gives the figures of this replica. It looks at every connection, which takes less than a millisecond for thousands of them.
func (s *Server) Stats() Stats {
	n := &s.counts
	stats := Stats{
		Starts: n.starts.Load(), Joins: n.joins.Load(), JoinMisses: n.joinMisses.Load(), RefusedGuesses: n.refusedGuesses.Load(),
		Resumes: n.resumes.Load(), ResumeMisses: n.resumeMisses.Load(),
		Messages: n.messages.Load(), MessagesLost: n.messagesLost.Load(), Packets: n.packets.Load(), PacketBytes: n.packetBytes.Load(), PacketsLost: n.packetsLost.Load(),
		SlowClients: n.slowClients.Load(), Floods: n.floods.Load(), Unverified: n.unverified.Load(),
	}
	s.trunks.mu.Lock()
	stats.Trunks = len(s.trunks.open)
	s.trunks.mu.Unlock()
	for _, c := range s.connections() {
		stats.Connections++
		c.mu.Lock()
		if c.seat.record.ID != "" && c.role == wire.RoleSender {
			stats.Sessions++
			for member, r := range c.seat.rides {
				if _, ok := c.seat.record.member(member); !ok {
					continue
				}
				switch r.path {
				case wire.PathRelay:
					stats.RelayLinks++
				case wire.PathChannel:
					stats.ChannelLinks++
				}
			}
		}
		c.mu.Unlock()
	}
	return stats
}

// carried notes which path a link takes.
func (c *conn) carried(m wire.Carried) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if to, ok := c.seat.record.member(m.Member); !ok || to.Role == c.role {
		c.send(refusal(wire.ErrNoMember))
		return
	}
	if c.seat.rides == nil {
		c.seat.rides = map[string]ride{}
	}
	c.seat.rides[m.Member] = c.seat.rides[m.Member].onto(m.Path, time.Now())
}

// countEnding counts why a connection is closed.
func (s *Server) countEnding(code int) {
	switch code {
	case wire.CloseSlow:
		s.counts.slowClients.Add(1)
	case wire.CloseTooMany:
		s.counts.floods.Add(1)
	}
}
