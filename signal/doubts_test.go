package signal

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAMistakeInTheConfigurationIsAnErrorOrALine(t *testing.T) {
	agents := AgentToken("0123456789abcdef")
	turns := func(user, password string, urls ...string) []wire.ICEServer {
		return []wire.ICEServer{{URLs: urls, Username: user, Credential: password}}
	}
	for name, c := range map[string]struct {
		cfg         Config
		fails, logs string
	}{
		"nothing wrong":                       {Config{Agents: agents}, "", ""},
		"a TURN server of the operator":       {Config{Agents: agents, ICEServers: turns("u", "p", "turn:turn.example"), HideAgents: true, Relay: RelayNever}, "", ""},
		"no agents":                           {Config{}, "", "signal.agents: nil"},
		"an empty token":                      {Config{Agents: AgentToken("")}, "", "token is empty"},
		"a token with the end of its line":    {Config{Agents: AgentToken("0123456789abcdef\n")}, "signal.agents: the agent token begins or ends with white space", ""},
		"a token with a space before it":      {Config{Agents: AgentToken("\t0123456789abcdef")}, "signal.agents: the agent token begins or ends", ""},
		"a token of two lines":                {Config{Agents: AgentToken("0123456789\r\nabcdef")}, "signal.agents: the agent token has control characters", ""},
		"a function that is none":             {Config{Agents: AuthorizerFunc(nil)}, "", "signal.agents: nil"},
		"turn: without credentials":           {Config{Agents: agents, ICEServers: turns("", "", "stun:a.example", "turn:a.example")}, `signal.iceServers[0].urls[1]: "turn:a.example" needs`, ""},
		"turns: without a password":           {Config{Agents: agents, ICEServers: turns("u", "", "turns:a.example")}, "signal.iceServers[0].urls[0]", ""},
		"no way for a picture":                {Config{Agents: agents, HideAgents: true, Relay: RelayNever}, "signal.hideAgents: with RelayNever", ""},
		"no way for a picture, STUN does not": {Config{Agents: agents, HideAgents: true, Relay: RelayNever, ICEServers: turns("", "", "stun:a.example")}, "signal.hideAgents: with RelayNever", ""},
		"a picture for some":                  {Config{Agents: agents, HideAgents: true, Relay: RelaySealed}, "", "signal.hideAgents: without TURN"},
		"a code of seconds":                   {Config{Agents: agents, CodeLifetime: 5 * time.Second}, "", "signal.codeLifetime: 5s"},
		"a code without a unit":               {Config{Agents: agents, CodeLifetime: 10}, "", "signal.codeLifetime: 10ns"},
		"a code of a year":                    {Config{Agents: agents, CodeLifetime: 365 * 24 * time.Hour}, "", "signal.codeLifetime: 8760h0m0s is very long"},
		"a window of a millisecond":           {Config{Agents: agents, ResumeWindow: time.Millisecond}, "", "signal.resumeWindow: 1ms"},
		"everybody a proxy":                   {Config{Agents: agents, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}, "signal.trustedProxies[0]: 0.0.0.0/0 trusts everybody", ""},
		"half of the internet":                {Config{Agents: agents, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("128.0.0.0/1")}}, "", "signal.trustedProxies[0]: 128.0.0.0/1"},
		"a network named by an address in it": {Config{Agents: agents, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.1.2.3/8")}}, "", "is taken as 10.0.0.0/8"},
	} {
		log := &logBuffer{}
		c.cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
		_, err := New(c.cfg)
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: the error is %v, want %q", name, err, c.fails)
		}
		if lines := strings.Count(log.String(), "\n"); c.fails == "" && (lines != len(c.logs)/max(1, len(c.logs)) || !strings.Contains(log.String(), c.logs)) {
			t.Errorf("%s: the log is %q, want %q", name, log, c.logs)
		}
		if err != nil && strings.Contains(err.Error(), "0123456789") {
			t.Errorf("%s: the error has the token: %v", name, err)
		}
	}
}

func TestACodeThatAnotherReplicaMayKnowIsLoggedOnce(t *testing.T) {
	agents := AuthorizerFunc(func(*http.Request) (Agent, error) { return Agent{ID: "ann"}, nil })
	wrong := func(w *world) {
		t.Helper()
		agent := w.agent("ann")
		for range 2 {
			agent.send(wire.Join{Code: "000-000-000"})
			expectError(agent, wire.ErrUnknownCode)
		}
	}
	const line = "set Signal.Broker"
	inWorld(t, Config{Agents: agents}, func(t *testing.T, w *world) {
		wrong(w)
		equals(t, "lines", strings.Count(w.logs.String(), line), 1)
	})
	inWorld(t, Config{Agents: agents}, func(t *testing.T, w *world) {
		w.customer().start()
		wrong(w) // mistyped, as likely as not
		equals(t, "lines while a customer waits", strings.Count(w.logs.String(), line), 0)
	})
	inWorld(t, Config{Agents: agents, Broker: NewMemoryBroker()}, func(t *testing.T, w *world) {
		wrong(w)
		equals(t, "lines with a Broker", strings.Count(w.logs.String(), line), 0)
	})
}
