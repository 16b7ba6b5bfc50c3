// Package agent is the agent's side of a session in Go: a peer that joins with a support code, receives what the customer's page
// shows and keeps it as a tree to be read, searched or written down. It is for recorders, robots and tests.
//
//	s, err := agent.Join(ctx, "https://shop.example", "123 456 789", agent.Options{Token: token})
//	if err != nil {
//		return err
//	}
//	defer s.Leave(ctx)
//	err = s.WaitFor(ctx, func(p *agent.Page) bool { return !p.Loading })
//	fmt.Println(s.Page().Text())
package agent

import (
	"context"
	"crypto/ecdh"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Why joining failed or a session is over.
var (
	// ErrUnknownCode tells that no session waits under the support code: it is wrong, expired or used.
	ErrUnknownCode = errors.New("agent: no session waits under this support code")
	// ErrNotAgent tells that the server does not take the request as an agent's.
	ErrNotAgent = errors.New("agent: not accepted as an agent")
	// ErrEnded tells that the session has ended. The error is an *EndedError.
	ErrEnded = errors.New("agent: the session has ended")
	// ErrLost tells that the server knows the session no longer and that the customer cannot be reached otherwise.
	ErrLost = errors.New("agent: the session is lost")
	// ErrReplaced says that this member has reconnected elsewhere.
	ErrReplaced = errors.New("agent: this member has reconnected elsewhere")
	// ErrNoKey tells that the customer's page encrypts for a key whose private half is not among Options.PrivateKeys.
	ErrNoKey = errors.New("agent: the session is sealed to a key whose private key is not here")
	// ErrUnsealed tells that the customer's page does not encrypt, although there are Options.PrivateKeys.
	ErrUnsealed = errors.New("agent: the session is not sealed, although there is a private key")
	// ErrOverload reports that more came over the link than its end takes: from the customer's page, or, as that page says, from here.
	ErrOverload = errors.New("agent: more came over the link than is allowed")
	// ErrRefused tells that the server closed the connection for good: the client does not suit it.
	ErrRefused = errors.New("agent: refused by the server")
)

// EndedError tells why a session has ended. It is ErrEnded to errors.Is.
type EndedError struct {
	Reason wire.EndReason // "" when it is not known
}

// Error tells the reason.
func (e *EndedError) Error() string { return fmt.Sprintf("%v: %s", ErrEnded, e.Reason) }

// Is tells whether target is ErrEnded.
func (e *EndedError) Is(target error) bool { return target == ErrEnded }

// ServerError is a refusal by the server other than those with an error of their own.
type ServerError struct {
	Code       wire.ErrorCode
	RetryAfter int // milliseconds; 0 when the server named no time
}

// Error tells the code.
func (e *ServerError) Error() string { return "agent: the server refuses: " + string(e.Code) }

// Options configures Join. The zero value joins without credentials, which no app accepts.
type Options struct {
	// Token is sent as "Authorization: Bearer", which signal.AgentToken accepts.
	Token string

	// Header holds further request headers, such as a cookie of the app's own sign-in.
	Header http.Header

	// Name is shown to the customer unless the app knows the agent's name.
	Name string

	// Prefix is where the app serves qwelp. Default: "/_qwelp/".
	Prefix string

	// TLS configures the connection to the server. Default: the system's certificates.
	TLS *tls.Config

	// ICEServers replace those that the server hands out. Default: nil, those of the server.
	ICEServers []wire.ICEServer

	// PrivateKeys are the company's, of the curve P-256, for pages that have the public half of one as customerKey. With any, only such
	// pages are joined; without, only others, and what is relayed is sealed to a key that Join makes. ParsePrivateKey reads them. Default: none.
	PrivateKeys []*ecdh.PrivateKey

	// OnFrame is called with every frame of the page as it came, refused ones included, after Page shows what came of it. Calls
	// never overlap, and frames wait while one runs, as does, over the relay, what the server says: it should return within seconds, and
	// must not call Leave or End. wire.DecodeFrame reads frames.
	OnFrame func(frame []byte)

	// Logger receives what an operator should know. Default: slog.Default().
	Logger *slog.Logger
}

// ParsePrivateKey reads a private key of the curve P-256 as "go run ./agent/keygen" and openssl write them: PEM, PKCS #8 ("PRIVATE KEY")
// or SEC 1 ("EC PRIVATE KEY"). The error never holds what it read.
func ParsePrivateKey(pem []byte) (*ecdh.PrivateKey, error) { return seal.ParsePrivate(string(pem)) }

func (o Options) withDefaults() Options {
	if o.Prefix == "" {
		o.Prefix = "/_qwelp/"
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// endpoint gives the address of the signalling route of the app at base.
func endpoint(base, prefix string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("agent: the app's URL: %w", err)
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("agent: the app's URL: scheme %q, want https or http", u.Scheme)
	}
	if u.Host == "" {
		return "", errors.New("agent: the app's URL: no host")
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/" + strings.Trim(prefix, "/") + "/signal"
	u.RawPath, u.RawQuery, u.Fragment, u.User = "", "", "", nil
	return u.String(), nil
}

// Join takes the support code (digits; anything else in it is ignored) to the app at base, such as "https://shop.example", and
// returns the session it opens. ctx bounds the joining, not the session, which goes on until it ends, is lost, or Leave or End
// is called.
//
// The error is, or wraps, ErrUnknownCode, ErrNotAgent, ErrRefused, a *ServerError, or what the network or ctx told.
func Join(ctx context.Context, base, code string, o Options) (*Session, error) {
	o = o.withDefaults()
	address, err := endpoint(base, o.Prefix)
	if err != nil {
		return nil, err
	}
	s := newSession(o)
	s.local = isLocal(address)
	d := dialer{address: address, options: o}
	socket, reply, err := d.open(ctx, s.join(code), openTimeout)
	if err != nil {
		s.cancel()
		return nil, err
	}
	s.admitted(socket, reply)
	s.start(&d, socket)
	return s, nil
}
