package vouch

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Keys are what identities are verified with: JSON Web Tokens (RFC 7519) that another server of the app has signed for its customer. Which algorithm counts is
// decided by the keys that are there, never by the token alone.
type Keys struct {
	Secret []byte             // HS256
	Public []*ecdsa.PublicKey // ES256, of the curve P-256
}

// Why an identity does not hold, besides the reasons of signatures.
var (
	ErrAlgorithm = errors.New("vouch: signed by an algorithm for which there is no key")
	ErrEndless   = errors.New("vouch: no exp, or one more than a day ahead")
	ErrAudience  = fmt.Errorf("vouch: for somebody else: aud, where there is one, has to name %q", Audience)
	ErrKind      = errors.New("vouch: a token of another kind, by its typ or crit")
)

// Audience is what a token names as whom it is for, if anybody: one for another service of the same key does not hold here.
const Audience = "qwelp"

// MaxToken is the most bytes of a token: those of MaxText, and what it says of itself.
const MaxToken = MaxText + 1<<10

const leeway = time.Minute // by which clocks may differ

// IsJWT reports whether what stands for signed metaData is a JSON Web Token: those begin with "{" in base64url, and ours with a digit.
func IsJWT(signed string) bool { return strings.HasPrefix(signed, "e") }

// registered are claims of RFC 7519 section 4.1 that say something of the token, not of the customer.
var registered = []string{"iss", "aud", "exp", "nbf", "iat", "jti"}

// OpenJWT returns what a token says of the customer: its claims but the registered ones other than sub, as a JSON object. It must have exp, a day ahead at most.
func OpenJWT(keys Keys, token string, now time.Time) ([]byte, error) {
	parts := strings.Split(token, ".")
	if len(token) > MaxToken || len(parts) != 3 || strings.ContainsAny(token, "\r\n") {
		return nil, ErrMalformed
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return nil, ErrMalformed
		}
	}
	header, err := object(raw[0])
	var alg string
	if err != nil || json.Unmarshal(header["alg"], &alg) != nil {
		return nil, ErrMalformed
	}
	if err := plain(header); err != nil {
		return nil, err
	}
	if err := keys.verify(alg, parts[0]+"."+parts[1], raw[2]); err != nil {
		return nil, err
	}
	claims, err := object(raw[1])
	if err != nil {
		return nil, err
	}
	if err := current(claims, now); err != nil {
		return nil, err
	}
	if aud, ok := claims["aud"]; ok && !names(aud, Audience) {
		return nil, ErrAudience
	}
	for _, name := range registered {
		delete(claims, name)
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false) // as browsers count metaData
	if to.Encode(claims) != nil {
		return nil, ErrMalformed
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// object reads an object of JSON that has no name twice: readers differ in which of them they take.
func object(text []byte) (map[string]json.RawMessage, error) {
	from := json.NewDecoder(bytes.NewReader(text))
	if open, err := from.Token(); !json.Valid(text) || err != nil || open != json.Delim('{') {
		return nil, ErrMalformed
	}
	members := map[string]json.RawMessage{}
	for from.More() {
		token, err := from.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if _, twice := members[name]; twice || err != nil || from.Decode(&value) != nil {
			return nil, ErrMalformed
		}
		members[name] = value
	}
	return members, nil
}

// plain reports why a header is none of a plain token: an access token, say, is not meant to be shown around.
func plain(header map[string]json.RawMessage) error {
	if typ, ok := header["typ"]; ok {
		var name string
		if json.Unmarshal(typ, &name) != nil || !strings.EqualFold(name, "JWT") {
			return ErrKind
		}
	}
	if _, ok := header["crit"]; ok { // RFC 7515 section 4.1.11: whoever does not know what it asks for refuses it
		return ErrKind
	}
	return nil
}

// names reports whether aud, a name or a list of them, has a name.
func names(aud json.RawMessage, name string) bool {
	var one string
	var several []any
	return json.Unmarshal(aud, &one) == nil && one == name || json.Unmarshal(aud, &several) == nil && slices.Contains(several, any(name))
}

func (k Keys) verify(alg, signed string, signature []byte) error {
	switch {
	case alg == "HS256" && len(k.Secret) >= MinKey:
		mac := hmac.New(sha256.New, k.Secret)
		mac.Write([]byte(signed))
		if !hmac.Equal(signature, mac.Sum(nil)) {
			return ErrForged
		}
		return nil
	case alg == "ES256" && len(k.Public) > 0:
		if len(signature) != 64 { // RFC 7518 section 3.4
			return ErrForged
		}
		digest := sha256.Sum256([]byte(signed))
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		for _, key := range k.Public {
			if ecdsa.Verify(key, digest[:], r, s) {
				return nil
			}
		}
		return ErrForged
	}
	return ErrAlgorithm
}

// current checks exp and nbf, which are numbers of seconds.
func current(claims map[string]json.RawMessage, now time.Time) error {
	at := func(name string) (seconds float64, there bool, err error) {
		text, there := claims[name]
		if !there {
			return 0, false, nil
		}
		if bytes.HasPrefix(text, []byte("null")) || json.Unmarshal(text, &seconds) != nil {
			return 0, true, ErrMalformed
		}
		return seconds, true, nil
	}
	moment := float64(now.UnixMilli()) / 1000
	exp, there, err := at("exp")
	switch {
	case err != nil:
		return err
	case !there || exp > moment+Life.Seconds()+leeway.Seconds():
		return ErrEndless
	case exp < moment-leeway.Seconds():
		return ErrExpired
	}
	nbf, _, err := at("nbf")
	if err != nil {
		return err
	}
	if nbf > moment+leeway.Seconds() {
		return ErrExpired
	}
	return nil
}
