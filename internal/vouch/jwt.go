package vouch

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
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
)

const leeway = time.Minute // by which clocks may differ

// IsJWT reports whether what stands for signed metaData is a JSON Web Token: those begin with a JSON object in base64url.
func IsJWT(signed string) bool { return strings.HasPrefix(signed, "ey") }

// registered are claims of RFC 7519 section 4.1 that say something of the token, not of the customer.
var registered = []string{"iss", "aud", "exp", "nbf", "iat", "jti"}

// OpenJWT returns what a token says of the customer: its claims but the registered ones other than sub, as a JSON object. It must have exp, a day ahead at most.
func OpenJWT(keys Keys, token string, now time.Time) ([]byte, error) {
	parts := strings.Split(token, ".")
	if len(token) > MaxText || len(parts) != 3 || strings.ContainsAny(token, "\r\n") {
		return nil, ErrMalformed
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return nil, ErrMalformed
		}
	}
	var header map[string]json.RawMessage
	var alg string
	if json.Unmarshal(raw[0], &header) != nil || json.Unmarshal(header["alg"], &alg) != nil {
		return nil, ErrMalformed
	}
	if header["crit"] != nil { // RFC 7515 section 4.1.11: whoever does not know what it asks for refuses it
		return nil, ErrAlgorithm
	}
	if err := keys.verify(alg, parts[0]+"."+parts[1], raw[2]); err != nil {
		return nil, err
	}
	var claims map[string]json.RawMessage
	if json.Unmarshal(raw[1], &claims) != nil || claims == nil {
		return nil, ErrMalformed
	}
	if err := current(claims, now); err != nil {
		return nil, err
	}
	for _, name := range registered {
		delete(claims, name)
	}
	return json.Marshal(claims)
}

func (k Keys) verify(alg, signed string, signature []byte) error {
	switch {
	case alg == "HS256" && len(k.Secret) > 0:
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
