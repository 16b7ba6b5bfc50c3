package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
)

// back is the way from agent to sender, which HPKE itself does not have: key and nonces come of the same secret (RFC 9180 section 9.8).
type back struct {
	aead  cipher.AEAD
	nonce []byte
	next  uint64
}

func newBack(export func(label string, length int) ([]byte, error)) (*back, error) {
	key, err := export("agent key", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	nonce, err := export("agent nonce", 12)
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
	return &back{aead: aead, nonce: nonce}, nil
}

// number gives the nonce of the next message, as RFC 9180 section 5.2 computes it.
func (b *back) number() []byte {
	nonce := make([]byte, len(b.nonce))
	binary.BigEndian.PutUint64(nonce[4:], b.next)
	for i := range nonce {
		nonce[i] ^= b.nonce[i]
	}
	return nonce
}

func (b *back) seal(aad, plaintext []byte) ([]byte, error) {
	box := b.aead.Seal(nil, b.number(), plaintext, aad)
	b.next++
	return box, nil
}

func (b *back) open(aad, ciphertext []byte) ([]byte, error) {
	plaintext, err := b.aead.Open(nil, b.number(), ciphertext, aad)
	if err != nil {
		return nil, err
	}
	b.next++
	return plaintext, nil
}
