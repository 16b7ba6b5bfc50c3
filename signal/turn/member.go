package turn

import (
	"crypto/rand"
	"net/netip"
	"slices"
	"time"

	"github.com/qwelp/qwelp-go/internal/tokenbucket"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// session is one session as the server knows it: its members with a grant, and what its relays may pass on.
type session struct {
	id      string
	members map[string]*member
	relays  int
	bytes   *tokenbucket.Bucket
}

// member is one member with a grant. All is guarded by Server.mu but what never changes.
type member struct {
	session  *session
	id, tag  string
	role     wire.Role
	networks []netip.Prefix // it is known to be at, the newest last
	relays   map[*relay]bool
	lapse    *time.Timer
}

// maxNetworks is how many addresses a member may have: one signals, others are those of its streams here.
const maxNetworks = 4

// network is one client address: who is there, and what it uses.
type network struct {
	members int // that are known to be there
	uses    int // relays and streams
	asked   *tokenbucket.Bucket
}

// Questions that one address or connection may ask, in a second and in a burst. Many agents may share an office's address.
const (
	askedPerSecond = 50
	askedBurst     = 200
)

// Grant lets a member of a session use the server, from the address its signalling comes from; zero when that is not known.
// It gives the servers to tell the member, and after how long to grant anew; without that, the grant lapses when
// Config.CredentialLifetime is over. Granting anew gives new credentials, and leaves relays and earlier credentials as they are.
func (s *Server) Grant(sessionID, memberID string, role wire.Role, client netip.Addr) ([]wire.ICEServer, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, 0
	}
	set := s.sessions[sessionID]
	if set == nil {
		rate := float64(s.cfg.BytesPerSecond)
		set = &session{id: sessionID, members: map[string]*member{}, bytes: tokenbucket.New(rate, 16*rate)}
		s.sessions[sessionID] = set
	}
	m := set.members[memberID]
	if m == nil {
		m = &member{session: set, id: memberID, tag: rand.Text(), role: role, relays: map[*relay]bool{}}
		set.members[memberID], s.members[m.tag] = m, m
		m.lapse = time.AfterFunc(s.cfg.CredentialLifetime, func() { s.Revoke(sessionID, memberID) })
	} else {
		m.lapse.Reset(s.cfg.CredentialLifetime)
	}
	s.learn(m, client)
	var servers []wire.ICEServer
	if len(s.stun) > 0 {
		servers = append(servers, wire.ICEServer{URLs: s.stun})
	}
	if len(s.turn) > 0 {
		name := username(m.tag, time.Now().Add(s.cfg.CredentialLifetime))
		servers = append(servers, wire.ICEServer{URLs: s.turn, Username: name, Credential: s.secret.password(name)})
	}
	return servers, s.cfg.CredentialLifetime / 2
}

// Revoke ends a member's grant: its credentials are void and its relays closed. Without a grant it does nothing.
func (s *Server) Revoke(sessionID, memberID string) {
	s.mu.Lock()
	var open []*relay
	if set := s.sessions[sessionID]; set != nil && set.members[memberID] != nil {
		open = s.forget(set.members[memberID])
	}
	s.mu.Unlock()
	for _, r := range open {
		r.Close()
	}
}

// forget takes a member out and gives its relays, which must be closed without mu, which must be held.
func (s *Server) forget(m *member) (open []*relay) {
	m.lapse.Stop()
	delete(s.members, m.tag)
	delete(m.session.members, m.id)
	if len(m.session.members) == 0 {
		delete(s.sessions, m.session.id)
	}
	for _, p := range m.networks {
		s.network(p).members--
		s.tidy(p)
	}
	m.networks = nil
	for r := range m.relays {
		open = append(open, r)
	}
	return open
}

// learn notes that a member is at an address. mu must be held.
func (s *Server) learn(m *member, addr netip.Addr) {
	p := networkOf(addr)
	if !p.IsValid() || slices.Contains(m.networks, p) {
		return
	}
	s.network(p).members++
	m.networks = append(m.networks, p)
	if len(m.networks) > maxNetworks {
		oldest := m.networks[0]
		m.networks = slices.Delete(m.networks, 0, 1)
		s.network(oldest).members--
		s.tidy(oldest)
	}
}

// network gives what is known of an address, mu must be held.
func (s *Server) network(p netip.Prefix) *network {
	n := s.networks[p]
	if n == nil {
		n = &network{asked: tokenbucket.New(askedPerSecond, askedBurst)}
		s.networks[p] = n
	}
	return n
}

// tidy forgets an address that nobody is at. mu must be held.
func (s *Server) tidy(p netip.Prefix) {
	if n := s.networks[p]; n != nil && n.members == 0 && n.uses == 0 {
		delete(s.networks, p)
	}
}

// alone reports whether there is nobody to relay to. mu must be held.
func (s *Server) alone(m *member) bool {
	for _, other := range m.session.members {
		if other.role != m.role {
			return false
		}
	}
	return len(s.cfg.OtherRelays) == 0
}

// mayReach reports whether the relays of a member may exchange datagrams with an address, some port of it at least. mu must be held.
func (s *Server) mayReach(m *member, addr netip.Addr) bool {
	if slices.Contains(s.cfg.RelayAddrs, addr) || slices.Contains(s.cfg.OtherRelays, addr) {
		return true
	}
	if !s.policy.admits(addr) {
		return false
	}
	for _, other := range m.session.members {
		if other.role != m.role && within(other.networks, addr) {
			return true
		}
	}
	return false
}
