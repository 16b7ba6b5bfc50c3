package signal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"
)

// resumeToken is a resume token taken apart. On the wire it is "session.member.secret".
type resumeToken struct {
	session, member string
	secret          string // 256 random bits, base64url
}

func newResumeToken(session, member string) resumeToken {
	b := make([]byte, 32)
	rand.Read(b)
	return resumeToken{session, member, base64.RawURLEncoding.EncodeToString(b)}
}

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

// parseResumeToken takes a token apart. What is no token at all gives one that opens nothing.
func parseResumeToken(text string) resumeToken {
	parts := strings.Split(text, ".")
	foreign := func(r rune) bool { return !strings.ContainsRune(tokenAlphabet, r) }
	if len(parts) != 3 || len(text) > 256 || strings.ContainsFunc(text, foreign) {
		return resumeToken{}
	}
	return resumeToken{parts[0], parts[1], parts[2]}
}

func (t resumeToken) String() string { return t.session + "." + t.member + "." + t.secret }

// hash is what the record keeps of a token.
func (t resumeToken) hash() string {
	sum := sha256.Sum256([]byte(t.String()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (t resumeToken) matches(hash string) bool {
	return subtle.ConstantTimeCompare([]byte(t.hash()), []byte(hash)) == 1
}

// aead seals the customer's support code for the page that comes next: only the holder of the token can open it, so the
// record can carry the code without the broker knowing it.
func (t resumeToken) aead() cipher.AEAD {
	mac := hmac.New(sha256.New, []byte(t.secret))
	mac.Write([]byte("support code of " + t.session))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has the block size of GCM
	}
	return gcm
}

func (t resumeToken) seal(code string) []byte { return t.aead().Seal(nil, nil, []byte(code), nil) }

var errSealed = errors.New("signal: the sealed support code does not open")

func (t resumeToken) open(sealed []byte) (string, error) {
	code, err := t.aead().Open(nil, nil, sealed, nil)
	if err != nil {
		return "", errSealed
	}
	return string(code), nil
}
