package signal

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// codeDigits is the length of a support code: long enough that the guess budgets protect it, short enough to be read out.
const codeDigits = 9

// newCode draws a support code, every one of the 10⁹ as likely as any other.
func newCode() string {
	const codes = 1_000_000_000
	const limit = 1<<32 - (1<<32)%codes // above it, the first codes would be drawn more often
	for {
		var b [4]byte
		rand.Read(b[:])
		if n := binary.BigEndian.Uint32(b[:]); n < limit {
			return fmt.Sprintf("%0*d", codeDigits, n%codes)
		}
	}
}

// digitZeros are the zeros of the scripts whose digits keyboards and phones produce: ASCII, Arabic-Indic, Persian,
// Devanagari, Bengali, Thai, full-width.
var digitZeros = []rune{'0', '\u0660', '\u06f0', '\u0966', '\u09e6', '\u0e50', '\uff10'}

// normalizeCode gives the digits of s in ASCII and drops everything else.
func normalizeCode(s string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range digitZeros {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return -1
	}, s)
}

// secret is the key that all replicas share, in the broker: when it was made, in milliseconds since 1970, and 32 random bytes. Those of versions before have no
// time.
type secret []byte

const secretTime, secretSize = 8, 8 + 32

func newSecret() secret {
	s := make(secret, secretSize)
	binary.BigEndian.PutUint64(s, uint64(time.Now().UnixMilli()))
	rand.Read(s[secretTime:])
	return s
}

// isOlder says which of two secrets counts. The older one hides what waits already.
func (s secret) isOlder(other secret) bool {
	if timed, otherTimed := len(s) == secretSize, len(other) == secretSize; timed != otherTimed {
		return otherTimed
	}
	return bytes.Compare(s, other) < 0
}

// hide gives the name under which the broker knows a support code, an address or an agent's id, so that what reads the broker's
// keys learns none of them. kind keeps the three apart.
func (s secret) hide(kind, text string) string {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(kind + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
