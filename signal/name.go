package signal

import "github.com/qwelp/qwelp-go/internal/visible"

const (
	maxName     = 64 // runes
	defaultName = "Support agent"
)

// agentName is what the customer is shown of an agent: the name the app knows, else the one the agent typed.
func agentName(known, typed string) string {
	for _, name := range []string{known, typed} {
		if name = visible.Line(name, maxName); name != "" {
			return name
		}
	}
	return defaultName
}

// VisibleName returns the name of an agent that the app knows, as customers are shown it: one visible line of at most 64 characters; empty when the app knows none.
func VisibleName(a Agent) string { return visible.Line(a.Name, maxName) }
