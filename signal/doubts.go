package signal

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// What is shorter than this is a mistake in all likelihood, such as a number without a unit: time.Duration counts nanoseconds.
const (
	shortCode   = time.Minute      // to read nine digits out, and type them
	shortResume = 10 * time.Second // to load a page
	longCode    = 24 * time.Hour
	longResume  = 24 * time.Hour
)

// contradictions returns what cannot work in a configuration whose fields are valid each by itself.
func (c Config) contradictions() (errs []error) {
	if agents, ok := c.Agents.(interface{ check() error }); ok {
		if err := agents.check(); err != nil {
			errs = append(errs, err)
		}
	}
	if agents, ok := c.Agents.(*tokenAgents); ok {
		if t := agents.token; t != strings.TrimSpace(t) {
			errs = append(errs, errors.New("signal.agents: the agent token begins or ends with white space, such as the end of a line, which nobody can type: use strings.TrimSpace"))
		} else if strings.ContainsFunc(t, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
			errs = append(errs, errors.New("signal.agents: the agent token has control characters, which nobody can type"))
		}
	}
	relays := c.TURN != nil
	for i, server := range c.ICEServers {
		for j, text := range server.URLs {
			if !strings.HasPrefix(text, "turn") {
				continue
			}
			relays = true
			if server.Username == "" || server.Credential == "" {
				errs = append(errs, fmt.Errorf("signal.iceServers[%d].urls[%d]: %q needs a Username and a Credential: TURN servers let nobody in without, and browsers take no such URL", i, j, text))
			}
		}
	}
	if c.HideAgents && c.Relay == RelayNever && !relays {
		errs = append(errs, errors.New("signal.hideAgents: with RelayNever and without TURN there is no way for a picture: set TURN, or allow the relay"))
	}
	for i, p := range c.TrustedProxies {
		if p.IsValid() && p.Bits() == 0 {
			errs = append(errs, fmt.Errorf("signal.trustedProxies[%d]: %v trusts everybody, so that clients choose their own addresses: name the networks of your proxies", i, p))
		}
	}
	return errs
}

// doubts returns what may be meant and is more likely a mistake, with the cure. It is logged.
func (c Config) doubts() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if f, ok := c.Agents.(AuthorizerFunc); c.Agents == nil || ok && f == nil {
		say(`signal.agents: nil, so every agent is refused: set it to signal.AgentToken(os.Getenv("QWELP_AGENT_TOKEN")), or to an Authorizer that knows your agents`)
	}
	for _, d := range []struct {
		field       string
		is          time.Duration
		short, long time.Duration
		why         string
	}{
		{"codeLifetime", c.CodeLifetime, shortCode, longCode, "to read a support code out and type it"},
		{"resumeWindow", c.ResumeWindow, shortResume, longResume, "to load the next page, or for a network to come back"},
	} {
		switch {
		case d.is < d.short:
			say("signal.%s: %v is hardly enough %s; is a unit missing, as in 10*time.Minute?", d.field, d.is, d.why)
		case d.is > d.long:
			say("signal.%s: %v is very long %s; it is kept in memory, or the Broker, all the while", d.field, d.is, d.why)
		}
	}
	for i, p := range c.TrustedProxies {
		if p.IsValid() && p.Bits() > 0 && p.Masked() != p {
			say("signal.trustedProxies[%d]: %v is taken as %v", i, p, p.Masked())
		}
		if isWide(p) {
			say("signal.trustedProxies[%d]: %v is a large part of the internet; whoever is in it can choose its own address", i, p)
		}
	}
	if c.HideAgents && c.TURN == nil && c.Relay == RelaySealed {
		say("signal.hideAgents: without TURN and with RelaySealed, only sessions with a CustomerKey have a picture")
	}
	return lines
}

// isWide reports whether a network of public addresses has more of them than any operator's proxies.
func isWide(p netip.Prefix) bool {
	if !p.IsValid() || p.Addr().IsPrivate() || p.Addr().IsLoopback() {
		return false
	}
	return p.Bits() > 0 && (p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 16)
}

// noteMiss logs, once, that support codes may be known to another replica: without a Broker each process knows its own only. It is for a code that nobody has here
// while no customer waits, which a mistyped one has only by chance.
func (s *Server) noteMiss() {
	if !s.alone {
		return
	}
	for _, c := range s.connections() {
		c.mu.Lock()
		waits := c.seat.record.ID != "" && c.role == wire.RoleSender
		c.mu.Unlock()
		if waits {
			return
		}
	}
	s.warnMiss.Do(func() {
		s.log.Warn("signal: an agent's support code is not known here, and no customer is in a session with this process. If the app runs in several replicas, set Signal.Broker (and MetaDataKey) to what they share, or have the load balancer send all to one")
	})
}
