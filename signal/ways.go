package signal

import (
	"net/http"
	"time"

	"github.com/qwelp/qwelp-go/internal/request"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Ways are the ways between browsers that a server offers.
type Ways struct {
	// ICEServers are those that an agent gets who joins now. Credentials of TURN among them hold for a minute.
	ICEServers []wire.ICEServer
	// Relay is whether the server itself carries what browsers cannot send each other.
	Relay bool
	// TrustedProxy is whether the other end of the request's connection is one of Config.TrustedProxies, or forwards nobody's requests.
	TrustedProxy bool
}

// checkLife is how long credentials of TURN hold that are given for a check.
const checkLife = time.Minute

// Ways returns which ways there are for the agent who sends r, so that a page can try them. The caller lets only agents ask. Safe for concurrent use.
func (s *Server) Ways(r *http.Request) Ways {
	addr, forwarded := request.RemoteAddr(r, s.trusted)
	ways := Ways{ICEServers: s.iceServers, Relay: s.relay != "", TrustedProxy: !forwarded}
	if s.turn == nil {
		return ways
	}
	id := "check-" + newID()
	granted, _ := s.turn.Grant(id, "check", wire.RoleAgent, addr)
	ways.ICEServers = append(append([]wire.ICEServer(nil), s.iceServers...), granted...)
	time.AfterFunc(checkLife, func() { s.turn.Revoke(id, "check") })
	return ways
}
