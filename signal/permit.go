package signal

import "github.com/qwelp/qwelp-go/signal/wire"

type verdict int

const (
	forbidden verdict = iota
	permitted
	agentsOnly
)

// permit is the order of the protocol: who may send what, and when.
func permit(greeted, seated bool, role wire.Role, m wire.Message) verdict {
	allowed := false
	switch m.(type) {
	case wire.Hello:
		allowed = !greeted
	case wire.Ping, wire.Pong:
		allowed = greeted
	case wire.Start:
		allowed = greeted && !seated && role == wire.RoleSender
	case wire.Resume:
		allowed = greeted && !seated
	case wire.Join:
		if greeted && role != wire.RoleAgent {
			return agentsOnly
		}
		allowed = greeted && !seated
	case wire.Leave:
		if greeted && role != wire.RoleAgent {
			return agentsOnly
		}
		allowed = seated
	case wire.Carried, wire.Decline, wire.Tell, wire.Visit:
		allowed = seated && role == wire.RoleSender
	case wire.Description, wire.Candidate, wire.Sealed, wire.End:
		allowed = seated
	}
	if allowed {
		return permitted
	}
	return forbidden
}
