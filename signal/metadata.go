package signal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/qwelp/qwelp-go/internal/metadata"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal/wire"
)

var errMetaData = errors.New("signal: metaData is not what it may be")

// facts is what is known of a customer: JSON objects, or nil. What the page says can neither change what is verified nor look like it.
type facts struct {
	MetaData json.RawMessage `json:"metaData,omitempty"` // as the page says
	Verified json.RawMessage `json:"verified,omitempty"` // as the app's server has signed it, to the byte
}

// with gives facts with those that are new in place of those before.
func (f facts) with(news facts) facts {
	if news.MetaData != nil {
		f.MetaData = news.MetaData
	}
	if news.Verified != nil {
		f.Verified = news.Verified
	}
	return f
}

func (f facts) equal(other facts) bool {
	return bytes.Equal(f.MetaData, other.MetaData) && bytes.Equal(f.Verified, other.Verified)
}

// told is what agents are told of them. What the page says too, in the same words, is not said twice.
func (f facts) told() (metaData, verified map[string]any) {
	metaData, verified = decodeMetaData(f.MetaData), decodeMetaData(f.Verified)
	for key, value := range verified {
		if said, ok := metaData[key]; ok && reflect.DeepEqual(said, value) {
			delete(metaData, key)
		}
	}
	return metaData, verified
}

// news reads what a sender says of its customer. A signature that does not hold makes nothing verified, and ends nothing; an error is that of
// what the page says itself.
func (c *conn) news(metaData map[string]any, signed string) (facts, error) {
	said, refused := encodeMetaData(metaData)
	if signed == "" {
		return facts{MetaData: said}, refused
	}
	verified, err := c.open(signed)
	if err == nil {
		verified, err = c.fitting(verified)
	}
	if err != nil {
		why := map[error]string{
			vouch.ErrExpired: "the page is older than a day, or a clock is wrong",
			vouch.ErrForged:  "the page came from a replica or process with another MetaDataKey, or somebody has changed it",
		}[err]
		if vouch.IsJWT(signed) {
			why = map[error]string{
				vouch.ErrExpired:   "the identity has expired or is of the future, or a clock is wrong",
				vouch.ErrForged:    "the identity is signed with another key than IdentitySecret or IdentityKeys, or somebody has changed it",
				vouch.ErrAlgorithm: "the identity is signed by an algorithm without a key here: HS256 needs IdentitySecret, ES256 needs IdentityKeys",
				vouch.ErrAudience:  "the identity is for somebody else: its aud does not name qwelp",
				vouch.ErrKind:      "the identity is a token of another kind, by its typ or crit",
				vouch.ErrEndless:   "the identity has no exp, or one more than a day ahead",
				vouch.ErrMalformed: "the identity is no JSON Web Token of at most 8 KiB",
			}[err]
		}
		c.server.counts.unverified.Add(1)
		c.server.log.Warn("signal: metaData is not verified", "conn", c.id, "because", cmp.Or(why, "its signature is malformed"))
		return facts{MetaData: said}, refused
	}
	return facts{MetaData: said, Verified: verified}, refused
}

// open returns what is signed, by the app's pages or as an identity.
func (c *conn) open(signed string) ([]byte, error) {
	if vouch.IsJWT(signed) {
		return vouch.OpenJWT(c.server.identities, signed, time.Now())
	}
	return vouch.Open(c.server.metaDataKey, signed, time.Now())
}

// fitting returns what is signed without what is beyond the limits of metaData, which the log names. It is returned to the byte where nothing is.
func (c *conn) fitting(verified []byte) ([]byte, error) {
	if metadata.Check(verified) == nil {
		return verified, nil
	}
	said := decodeMetaData(verified)
	if said == nil {
		return nil, errMetaData
	}
	value, excess := metadata.Fit(said)
	for _, e := range excess {
		c.server.log.Warn("signal: a part of what is signed of a customer is left out", "conn", c.id, "part", e.Path, "because", e.Err)
	}
	return encodeMetaData(value)
}

// tell hears that the sender's page has other metaData. More than a second's worth of it is dropped; a sender of ours waits.
func (c *conn) tell(m wire.Tell) {
	if !c.tells.admit(tellsPerSecond, tellBurst) {
		return
	}
	news, err := c.news(m.MetaData, m.Signed)
	if err != nil {
		c.send(refusal(wire.ErrMetaData))
		if news.Verified == nil {
			return
		}
	}
	ctx, cancel := c.server.patience()
	defer cancel()
	s, err := c.server.change(ctx, c.seated().session, address{}, func(s session) (session, error) { return s.told(news) })
	switch {
	case err == nil:
		e := eventOf(EventTold, s)
		e.MetaData, e.Verified = s.facts.told()
		e.Told = s.Told
		c.server.observe(e)
	case ignoreLate(err) != nil:
		c.server.log.Warn("signal: broker failed", "while", "tell", "err", err)
	}
}

func encodeMetaData(m map[string]any) (json.RawMessage, error) {
	if len(m) == 0 {
		return nil, nil
	}
	raw, err := metadata.Encode(m)
	if err != nil || metadata.Check(raw) != nil {
		return nil, errMetaData
	}
	return raw, nil
}

func decodeMetaData(raw json.RawMessage) (m map[string]any) {
	if raw != nil && json.Unmarshal(raw, &m) != nil {
		return nil // only encodeMetaData and vouch.Open give it
	}
	return m
}
