package seal

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"regexp"
	"strings"
)

// Why a text is not the public key that customerKey is to be. TypeScript has the same words: testdata/keys.json.
var (
	// ErrPrivate is returned for private keys in any shape.
	ErrPrivate    = errors.New("this is a PRIVATE key: never give it to the sender, and make a new pair, since this one was about to be published")
	errCompressed = errors.New("a compressed point: give the uncompressed one, 65 bytes, or SPKI or PEM")
	errJWK        = errors.New("a JWK: give the raw point, SPKI or PEM")
	errPEM        = errors.New("PEM of something else than one PUBLIC KEY")
	errCurve      = errors.New("not a key of the curve P-256")
	errPoint      = errors.New("not a point on the curve P-256")
	errShape      = errors.New("not a P-256 key in base64 or base64url: give the raw point, SPKI or PEM")
)

// spki is what stands before the point in the SubjectPublicKeyInfo of a P-256 key (RFC 5480).
const spki = "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"

const pointLength = 65

const scalarLength = 32

var (
	pemBlock   = regexp.MustCompile(`^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$`)
	privateJWK = regexp.MustCompile(`"d"\s*:`)
)

// ParsePublic reads a public key of the curve P-256: the raw uncompressed point or SubjectPublicKeyInfo in base64 or base64url, or PEM. The
// error says what is wrong, and is ErrPrivate for a private key; it never repeats the text.
func ParsePublic(text string) (*ecdh.PublicKey, error) {
	text = strings.TrimSpace(text)
	switch {
	case strings.Contains(text, "PRIVATE KEY") || strings.HasPrefix(text, "{") && privateJWK.MatchString(text):
		return nil, ErrPrivate
	case strings.HasPrefix(text, "{"):
		return nil, errJWK
	case strings.HasPrefix(text, "-----"):
		block := pemBlock.FindStringSubmatch(text)
		if block == nil {
			return nil, errPEM
		}
		text = block[1]
	}
	data, err := base64Of(text)
	switch rest, isSPKI := strings.CutPrefix(data, spki); {
	case err != nil:
		return nil, errShape
	case isSPKI:
		data = rest
	case isPrivate(data) || len(data) == scalarLength:
		return nil, ErrPrivate
	case len(data) == 33 && (data[0] == 2 || data[0] == 3):
		return nil, errCompressed
	case len(data) == pointLength && data[0] == 4:
	case strings.HasPrefix(data, sequence):
		return nil, errCurve
	default:
		return nil, errShape
	}
	key, err := ecdh.P256().NewPublicKey([]byte(data))
	if err != nil {
		return nil, errPoint
	}
	return key, nil
}

const sequence = "\x30" // of DER

// isPrivate tells the DER of private keys: a sequence that begins with the version, 0 (PKCS #8, PKCS #1) or 1 (SEC 1).
func isPrivate(data string) bool {
	rest, ok := strings.CutPrefix(data, sequence)
	if !ok || rest == "" {
		return false
	}
	length := 1
	if rest[0] >= 0x80 {
		length += int(rest[0] & 0x7f)
	}
	if len(rest) < length {
		return false
	}
	rest = rest[length:]
	return strings.HasPrefix(rest, "\x02\x01\x00") || strings.HasPrefix(rest, "\x02\x01\x01")
}

// base64Of decodes base64 and base64url, padded or not, whatever white space is in it.
func base64Of(text string) (string, error) {
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	data, err := base64.RawStdEncoding.DecodeString(text)
	return string(data), err
}

// FormatPublic gives the shortest text that ParsePublic reads: 87 characters of base64url.
func FormatPublic(key *ecdh.PublicKey) string { return encode(key.Bytes()) }

// Fingerprint names a public key: the first 8 bytes of the SHA-256 of its point, in base64url.
func Fingerprint(key *ecdh.PublicKey) string { return encode(fingerprint(key)) }

const fingerprintLength = 8

func fingerprint(key *ecdh.PublicKey) []byte {
	sum := sha256.Sum256(key.Bytes())
	return sum[:fingerprintLength]
}

// keyNamed gives the key whose public half has that fingerprint, nil when there is none.
func keyNamed(keys []*ecdh.PrivateKey, name []byte) *ecdh.PrivateKey {
	for _, key := range keys {
		if bytes.Equal(fingerprint(key.PublicKey()), name) {
			return key
		}
	}
	return nil
}

// ParsePrivate reads a private key of the curve P-256 from PEM: PKCS #8 ("PRIVATE KEY") or SEC 1 ("EC PRIVATE KEY"). The error says what is wrong,
// and never repeats the text.
func ParsePrivate(text string) (*ecdh.PrivateKey, error) {
	block, _ := pem.Decode([]byte(strings.TrimSpace(text) + "\n"))
	if block == nil {
		return nil, errors.New("seal: not PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PUBLIC KEY":
		return nil, errors.New("seal: this is a public key; the private one is needed")
	default:
		return nil, errors.New("seal: PEM of something else than an unencrypted private key")
	}
	if err != nil {
		return nil, errors.New("seal: the private key cannot be read")
	}
	signing, ok := key.(*ecdsa.PrivateKey)
	if ok {
		private, err := signing.ECDH()
		if err == nil && private.Curve() == ecdh.P256() {
			return private, nil
		}
	}
	return nil, errors.New("seal: " + errCurve.Error())
}

// FormatPrivate gives PKCS #8 in PEM.
func FormatPrivate(key *ecdh.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// FormatPublicPEM gives SubjectPublicKeyInfo in PEM.
func FormatPublicPEM(key *ecdh.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}
