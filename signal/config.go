package signal

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Config configures a Server. The zero value is usable and safe: every agent is refused.
type Config struct {
	// Agents decides who is an agent. Nil refuses everybody.
	Agents Authorizer

	// AllowedOrigins lists further origins ("https://shop.example") whose pages may open the signalling WebSocket.
	// A page from the app's own origin always may. Needed when a proxy in front of the app rewrites the Host header.
	AllowedOrigins []string

	// Sites lists the origins of other sites, such as "https://www.example.com" or "https://*.example.com" (one more label, https only), whose pages
	// may open the signalling WebSocket as customers, and never as agents. Default: none.
	Sites []string

	// TrustedProxies lists the networks of the proxies in front of the app, whose X-Forwarded-For tells which address a client
	// has, for the budgets and for TURN. Default: none, the address of the TCP connection counts.
	TrustedProxies []netip.Prefix

	// ICEServers are handed to both ends of a session. Default: none beside those of TURN; never a third party's.
	ICEServers []wire.ICEServer

	// TURN is the app's own STUN and TURN server, such as that of package signal/turn, which makes credentials for each member. The app
	// closes it, after Shutdown. Default: nil, none; without ICEServers too, data channels open only where browsers reach each other directly, and
	// Relay carries the rest.
	TURN TURN

	// Relay says which links may go over this server, sealed from browser to browser, while they have no data channel: before it is
	// open, and in networks that let none through. Default: RelayAll.
	Relay RelayPolicy

	// HideAgents keeps the network addresses of agents from customers: agents use TURN relays and the relay of this server only. Without TURN all
	// sessions are relayed here. Default: no; customers' browsers learn the public address of the agent's, as every website does.
	HideAgents bool

	// CodeLifetime is how long a support code can be taken by an agent. Default: 10 minutes.
	CodeLifetime time.Duration

	// ResumeWindow is how long a member may be gone (page load, suspend, dead network) before it is taken out of the
	// session; when the customer is, the session ends. A session that waits for its first agent lives as long as its
	// code. Default: 2 minutes.
	ResumeWindow time.Duration

	// Broker is what several replicas of the app share. Default: memory, for one replica.
	Broker Broker

	// Peer joins replicas that reach each other, so that links can be relayed between them. Default: nil; a link that needs the relay has no picture then while
	// customer and agent are connected to different replicas.
	Peer *Peer

	// DrainDelay is how long Drain still takes connections once Readiness is "draining": the time in which balancers notice. Default: 5 seconds.
	DrainDelay time.Duration

	// Places tell senders where the app's pages have another privacy, since a script may turn a page into one of another place: docs/security.md.
	// Package middleware sets them to those of its routes. Default: none, the same privacy holds everywhere.
	Places []wire.Place

	// MetaDataKey is what the app's server signs metaData with in its pages, of 32 bytes or more, the same in all replicas: what comes back
	// with it is verified. Package middleware sets it to its own. Default: random, nothing is verified.
	MetaDataKey []byte

	// IdentitySecret verifies identities: JSON Web Tokens (RFC 7519, HS256) by which another server, such as that of one of Sites, says who its customer is, given to
	// the sender as the setting identity. 32 bytes or more. They need exp, a day ahead at most. Default: none, they verify nothing.
	IdentitySecret []byte

	// IdentityKeys verify identities that are signed with ES256: public keys of the curve P-256. Several are for changing from one to another. Default: none.
	IdentityKeys []*ecdsa.PublicKey

	// Observer hears what happens to sessions, such as a history.History. When it is an http.Handler too, package middleware shows agents its answer as
	// the history of sessions; when it is a NoteKeeper, agents write notes about sessions. Default: nil.
	Observer Observer

	// Logger receives what an operator should know. Default: slog.Default().
	Logger *slog.Logger
}

// RelayPolicy says which links may go over the server.
type RelayPolicy string

// The policies.
const (
	// RelayAll relays every link. Without a customerKey this server could put a key of its own in place of the agent's, and read it.
	RelayAll RelayPolicy = "all"

	// RelaySealed is for links that are sealed to the company's key, which nobody in between can read. The server cannot tell them from
	// others; the two browsers see to it.
	RelaySealed RelayPolicy = "sealed"

	// RelayNever relays nothing: where no data channel opens, there is no picture.
	RelayNever RelayPolicy = "never"
)

// told gives what members are told of the policy.
func (p RelayPolicy) told() wire.Relay {
	return map[RelayPolicy]wire.Relay{RelayAll: wire.RelayAll, RelaySealed: wire.RelaySealed}[p]
}

// Agent is an agent as the app knows it.
type Agent struct {
	ID   string // stable and unique among the app's agents
	Name string // what the customer is shown; empty: the name the agent typed into the console, or "Support agent"
}

// Authorizer decides whether a request comes from an agent: any error refuses it, ErrNotAgent says that it comes from somebody else who is signed in, and ErrAskLater that
// this cannot be said now. Authorize must be safe for concurrent use. While
// an agent is connected it is asked again every minute with the request that opened the connection, so that whoever is signed
// out in the app loses the session: an agent whom it refuses then has 5 seconds to connect again with a request that it takes, as cookies may have been
// replaced since; with ErrNotAgent, or another ID, none. The context of that request carries its values, and its own end.
type Authorizer interface {
	Authorize(r *http.Request) (Agent, error)
}

// AuthorizerFunc makes an Authorizer of a function. WithLogin and WithSignIn add a sign-in to it, WithSignOut a sign-out.
type AuthorizerFunc func(r *http.Request) (Agent, error)

// Authorize calls f.
func (f AuthorizerFunc) Authorize(r *http.Request) (Agent, error) { return f(r) }

// SignInner is implemented by an Authorizer that has a sign-in of its own, as those of AgentToken, WithLogin and WithSignIn have: whoever serves the console
// calls SignIn, with GET, HEAD and POST, when Authorize refuses the request.
type SignInner interface {
	SignIn(w http.ResponseWriter, r *http.Request)
}

func (c Config) withDefaults() Config {
	c.Relay = cmp.Or(c.Relay, RelayAll)
	c.CodeLifetime = cmp.Or(c.CodeLifetime, 10*time.Minute)
	c.ResumeWindow = cmp.Or(c.ResumeWindow, 2*time.Minute)
	if c.Broker == nil {
		c.Broker = NewMemoryBroker()
	}
	c.DrainDelay = cmp.Or(c.DrainDelay, 5*time.Second)
	if len(c.MetaDataKey) == 0 {
		c.MetaDataKey = vouch.NewKey()
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// onCurve reports whether a key is a point of its curve.
func onCurve(key *ecdsa.PublicKey) (is bool) {
	defer func() { _ = recover() }() // a key that nobody has made has no coordinates
	_, err := key.Bytes()
	return err == nil
}

// validate names fields as package middleware does, by their path from its Options.
func (c Config) validate() ([]origin, []site, error) {
	origins, errs := parseOrigins("allowedOrigins", c.AllowedOrigins)
	sites, siteErrs := parseSites(c.Sites)
	errs = append(errs, siteErrs...)
	for i, p := range c.TrustedProxies {
		if !p.IsValid() {
			errs = append(errs, fmt.Errorf("signal.trustedProxies[%d]: not a network", i))
		}
	}
	for i, server := range c.ICEServers {
		if len(server.URLs) == 0 {
			errs = append(errs, fmt.Errorf("signal.iceServers[%d].urls: empty", i))
		}
		for j, s := range server.URLs {
			if u, err := url.Parse(s); err != nil || u.Opaque == "" || !slices.Contains(iceSchemes, u.Scheme) {
				errs = append(errs, fmt.Errorf(`signal.iceServers[%d].urls[%d]: %q: want "stun:host" or "turn:host" (RFC 7064, RFC 7065)`, i, j, s))
			}
		}
	}
	if c.Relay.told() == "" && c.Relay != RelayNever {
		errs = append(errs, fmt.Errorf("signal.relay: %q: want RelayAll, RelaySealed or RelayNever", string(c.Relay)))
	}
	errs = append(errs, c.Peer.validate()...)
	if len(c.MetaDataKey) < vouch.MinKey {
		errs = append(errs, fmt.Errorf("signal.metaDataKey: %d bytes, want %d or more", len(c.MetaDataKey), vouch.MinKey))
	}
	if n := len(c.IdentitySecret); n > 0 && n < vouch.MinKey {
		errs = append(errs, fmt.Errorf("signal.identitySecret: %d bytes, want %d or more", n, vouch.MinKey))
	}
	for i, key := range c.IdentityKeys {
		if key == nil || key.Curve != elliptic.P256() || !onCurve(key) {
			errs = append(errs, fmt.Errorf("signal.identityKeys[%d]: not a key of the curve P-256", i))
		}
	}
	for field, d := range map[string]time.Duration{"codeLifetime": c.CodeLifetime, "resumeWindow": c.ResumeWindow, "drainDelay": c.DrainDelay} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("signal.%s: %v is negative", field, d))
		}
	}
	return origins, sites, errors.Join(append(errs, c.contradictions()...)...)
}

var iceSchemes = []string{"stun", "stuns", "turn", "turns"}
