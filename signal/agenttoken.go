package signal

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/qwelp/qwelp-go/internal/scheme"
)

// What a request that AgentToken refuses gets to know.
var (
	errNoToken       = errors.New("signal: no agent token")
	errWrongToken    = errors.New("signal: wrong agent token")
	errTooManyTokens = errors.New("signal: too many wrong agent tokens")
	errForeignToken  = errors.New("signal: a wrong agent token that a page has the browser send")
)

const (
	agentCookie   = "qwelp_agent"
	weakTokenSize = 16
)

// AgentToken returns an Authorizer for apps that have no accounts for their agents: whoever knows token is an agent. It accepts
// "Authorization: Bearer token", and the cookie that its SignIn sets after the token was typed into its form or given in the console's
// address ("?token=…", which logs keep). All its agents share the ID "agent-token"; their names are what they type. Ten wrong support codes
// in ten minutes are for each sign-in; those who come with Authorization are one agent.
//
// The empty token refuses everybody. Use a random token of 16 characters or more: its length is what keeps it from being guessed, since the right
// one is always let in, however many wrong ones have come before. Wrong ones get 429 once a network has sent ten different ones in half an hour.
func AgentToken(token string) Authorizer {
	t := &tokenAgents{token: token, local: localGuesses()}
	t.trusted.Store(&[]netip.Prefix{})
	t.origins.Store(&[]origin{})
	return t
}

type tokenAgents struct {
	token string
	local tokenGuesses // those that came here while the broker did not count them

	// Set by New: AgentToken is made before the Config that names them.
	shared  atomic.Pointer[tokenGuesses]
	trusted atomic.Pointer[[]netip.Prefix]
	origins atomic.Pointer[[]origin]
}

func (t *tokenAgents) configure(cfg Config, origins []origin, key func(context.Context) (secret, error)) {
	t.shared.Store(&tokenGuesses{cfg.Broker, key})
	t.trusted.Store(&cfg.TrustedProxies)
	t.origins.Store(&origins)
	switch {
	case t.token == "":
		cfg.Logger.Warn("signal: the agent token is empty; every agent is refused")
	case len(t.token) < weakTokenSize:
		cfg.Logger.Warn("signal: the agent token is short and can be guessed; use a random one of 16 characters or more", "characters", len(t.token))
	}
}

func (t *tokenAgents) Authorize(r *http.Request) (Agent, error) {
	guess, right := bearer(r), t.token
	if guess == "" {
		if cookie, err := r.Cookie(agentCookie); err == nil {
			guess, _, _ = strings.Cut(cookie.Value, ".")
			right = t.proof()
		}
	}
	if guess == "" {
		return Agent{}, errNoToken
	}
	if err := t.try(r, guess, right); err != nil {
		return Agent{}, err
	}
	return Agent{ID: "agent-token"}, nil
}

// guesser tells whose wrong support codes those of a request are that Authorize has admitted.
func (t *tokenAgents) guesser(r *http.Request) string {
	if cookie, err := r.Cookie(agentCookie); err == nil && bearer(r) == "" {
		_, signIn, _ := strings.Cut(cookie.Value, ".")
		return signIn
	}
	return ""
}

// try compares a guess, and counts the wrong ones. The right one is let in before anything is counted: a budget that others can use up would lock
// out those who have it. The same wrong guess counts once for a network: after a change of the token, all the consoles that are open in an office come
// back with the old one's cookie. What pages have their visitors' browsers send counts for nobody.
func (t *tokenAgents) try(r *http.Request, guess, right string) error {
	if t.token != "" && equal(guess, right) {
		return nil
	}
	if fromAnotherSite(r, *t.origins.Load()) || isPartOfPage(r) {
		return errForeignToken
	}
	network, _ := remote(r, *t.trusted.Load())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), brokerPatience) // who goes away at once is counted too
	defer cancel()
	if shared := t.shared.Load(); shared != nil {
		if refused, err := shared.miss(ctx, network, guess); err == nil {
			return refused
		}
	}
	refused, err := t.local.miss(context.Background(), network, guess)
	return cmp.Or(refused, err)
}

// equal compares without telling by its time where, or that the lengths differ.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// proof proves knowledge of the token without being it.
func (t *tokenAgents) proof() string {
	mac := hmac.New(sha256.New, []byte(t.token))
	mac.Write([]byte("qwelp agent cookie 1"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// cookie gives a cookie for the prefix under which the console lies: the proof, and an id of this sign-in. Nothing protects the id: to change
// it brings an agent no more than to sign in again, which the budgets of networks bound.
func (t *tokenAgents) cookie(r *http.Request) *http.Cookie {
	return &http.Cookie{
		Name: agentCookie, Value: t.proof() + "." + newID(), Path: cookiePath(requestPath(r)), Secure: scheme.IsHTTPS(r),
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// expiredCookie makes the browser forget a cookie of an older token, which would otherwise be one more wrong guess
// with each request.
func (t *tokenAgents) expiredCookie(r *http.Request) *http.Cookie {
	c := t.cookie(r)
	c.Value, c.MaxAge, c.Expires = "", -1, time.Unix(1, 0)
	return c
}
