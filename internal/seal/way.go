package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
)

// way is one direction that HPKE itself does not have: key and nonces come of the same secret (RFC 9180 section 9.8).
type way struct {
	aead  cipher.AEAD
	nonce []byte
	next  uint64 // number of the next message
}

// newWay makes the direction whose key and nonce are exported under its name.
func newWay(export func(label string, length int) ([]byte, error), name string) (*way, error) {
	key, err := export(name+" key", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	nonce, err := export(name+" nonce", 12)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &way{aead: aead, nonce: nonce}, nil
}

// at gives the nonce of the message with that number, as RFC 9180 section 5.2 computes it.
func (w *way) at(number uint64) []byte {
	nonce := make([]byte, len(w.nonce))
	binary.BigEndian.PutUint64(nonce[4:], number)
	for i := range nonce {
		nonce[i] ^= w.nonce[i]
	}
	return nonce
}

// seal appends the next message, sealed.
func (w *way) seal(dst, aad, plaintext []byte) []byte {
	dst = w.aead.Seal(dst, w.at(w.next), plaintext, aad)
	w.next++
	return dst
}

// sealNext and openNext are Seal and Open of a context of HPKE.
func (w *way) sealNext(aad, plaintext []byte) ([]byte, error) {
	return w.seal(nil, aad, plaintext), nil
}

func (w *way) openNext(aad, ciphertext []byte) ([]byte, error) {
	return w.open(w.next, aad, ciphertext)
}

// open opens the message with that number, which must not be below next.
func (w *way) open(number uint64, aad, ciphertext []byte) ([]byte, error) {
	plaintext, err := w.aead.Open(nil, w.at(number), ciphertext, aad)
	if err != nil {
		return nil, err
	}
	w.next = number + 1
	return plaintext, nil
}
