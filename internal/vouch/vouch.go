// Package vouch lets the app's server vouch for metaData on its way through the customer's browser: it is signed in the page's tag, and what comes back
// with the session is known to be the server's. The customer can read it, and can keep it until it expires, but cannot change it.
package vouch

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Life is how long a signature holds, counted from the full hour before it was made.
const Life = 24 * time.Hour

// MinKey is the least number of bytes of a key.
const MinKey = 32

// NewKey gives a key that nobody else has.
func NewKey() []byte {
	key := make([]byte, MinKey)
	rand.Read(key)
	return key
}

// MaxText is the most bytes that Open takes: 8 KiB in base64url, with what is around them.
const MaxText = 8<<10*4/3 + 100

// Why a signature does not hold.
var (
	ErrMalformed = errors.New("vouch: malformed")
	ErrForged    = errors.New("vouch: made with another key, or changed")
	ErrExpired   = errors.New("vouch: expired, or from the future")
)

const (
	purpose = "qwelp metaData v1\n" // so that no other signature with the same key holds here
	ahead   = time.Hour             // how far the clocks of two replicas may be apart
)

// Hour is the hour of a time, as signatures count it. Within it they are the same to the last byte, so that pages stay as they are.
func Hour(now time.Time) int64 { return now.Unix() / 3600 }

// Sign returns text with the proof that a holder of key has made it: the hour, the text in base64url and the HMAC-SHA256, with dots in between.
func Sign(key, text []byte, now time.Time) string {
	hour := Hour(now)
	encoded := base64.RawURLEncoding.EncodeToString(text)
	return strconv.FormatInt(hour, 10) + "." + encoded + "." + base64.RawURLEncoding.EncodeToString(sum(key, hour, text))
}

// Open returns the text that Sign was given, to the byte. It takes one spelling of a signature only.
func Open(key []byte, signed string, now time.Time) ([]byte, error) {
	parts := strings.Split(signed, ".")
	if len(signed) > MaxText || len(parts) != 3 {
		return nil, ErrMalformed
	}
	hour, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || strconv.FormatInt(hour, 10) != parts[0] {
		return nil, ErrMalformed
	}
	strict := base64.RawURLEncoding.Strict()
	text, err := strict.DecodeString(parts[1])
	if err != nil || strings.ContainsAny(parts[1], "\r\n") {
		return nil, ErrMalformed
	}
	given, err := strict.DecodeString(parts[2])
	if err != nil || strings.ContainsAny(parts[2], "\r\n") {
		return nil, ErrMalformed
	}
	if !hmac.Equal(given, sum(key, hour, text)) {
		return nil, ErrForged
	}
	if age := now.Sub(time.Unix(hour*3600, 0)); age >= Life || age < -ahead {
		return nil, ErrExpired
	}
	return text, nil
}

func sum(key []byte, hour int64, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(hour)))
	mac.Write(text)
	return mac.Sum(nil)
}
