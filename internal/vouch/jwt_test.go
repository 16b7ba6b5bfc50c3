package vouch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var jwtNow = time.Unix(1_800_000_000, 0)

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func hs256(secret []byte, header, payload string) string {
	signed := encode(header) + "." + encode(payload)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func es256(t testing.TB, key *ecdsa.PrivateKey, header, payload string) string {
	signed := encode(header) + "." + encode(payload)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func TestIdentitiesHoldBySignatureAndTime(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	secret := []byte(strings.Repeat("s", 32))
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	keys := Keys{Secret: secret, Public: []*ecdsa.PublicKey{&other.PublicKey, &key.PublicKey}}
	soon := jwtNow.Unix() + 600
	good := fmt.Sprintf(`{"sub":"4711","customer name":"Ada","exp":%d,"iat":1,"jti":"x","iss":"me","aud":["a"]}`, soon)
	const h, e = `{"alg":"HS256","typ":"JWT"}`, `{"alg":"ES256","kid":"1"}`
	signed := hs256(secret, h, good)
	for name, test := range map[string]struct {
		keys  Keys
		token string
		want  error
	}{
		"HS256":                               {keys, signed, nil},
		"ES256":                               {keys, es256(t, key, e, good), nil},
		"no algorithm":                        {keys, encode(`{"alg":"none"}`) + "." + encode(good) + ".", ErrAlgorithm},
		"HS256 with the public key as secret": {Keys{Public: keys.Public}, hs256(point, h, good), ErrAlgorithm},
		"HS256 named ES256":                   {keys, hs256(secret, e, good), ErrForged},
		"ES256 without keys":                  {Keys{Secret: secret}, es256(t, key, e, good), ErrAlgorithm},
		"HS384":                               {keys, hs256(secret, `{"alg":"HS384"}`, good), ErrAlgorithm},
		"another case":                        {keys, hs256(secret, `{"alg":"hs256"}`, good), ErrAlgorithm},
		"an extension that has to be known":   {keys, hs256(secret, `{"alg":"HS256","crit":["exp"]}`, good), ErrAlgorithm},
		"another secret":                      {keys, hs256([]byte(strings.Repeat("x", 32)), h, good), ErrForged},
		"another key":                         {Keys{Public: keys.Public[:1]}, es256(t, key, e, good), ErrForged},
		"an ASN.1 signature":                  {keys, es256(t, key, e, good) + "AA", ErrForged},
		"changed":                             {keys, strings.Replace(signed, encode(good), encode(strings.Replace(good, "4711", "4712", 1)), 1), ErrForged},
		"no signature":                        {keys, signed[:strings.LastIndex(signed, ".")+1], ErrForged},
		"two parts":                           {keys, signed[:strings.LastIndex(signed, ".")], ErrMalformed},
		"padding":                             {keys, signed + "=", ErrMalformed},
		"a line break":                        {keys, signed[:10] + "\n" + signed[10:], ErrMalformed},
		"too long":                            {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"a":%q}`, soon, strings.Repeat("a", 9000))), ErrMalformed},
		"an array":                            {keys, hs256(secret, h, `[1]`), ErrMalformed},
		"null":                                {keys, hs256(secret, h, `null`), ErrMalformed},
		"expired":                             {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()-61)), ErrExpired},
		"expired within the leeway":           {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()-59)), nil},
		"not yet":                             {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"nbf":%d}`, soon, jwtNow.Unix()+61)), ErrExpired},
		"endless":                             {keys, hs256(secret, h, `{"sub":"4711"}`), ErrEndless},
		"two days":                            {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()+2*86400)), ErrEndless},
		"an end that is text":                 {keys, hs256(secret, h, `{"exp":"1900000000"}`), ErrMalformed},
		"an end that is null":                 {keys, hs256(secret, h, `{"exp":null}`), ErrMalformed},
	} {
		got, err := OpenJWT(test.keys, test.token, jwtNow)
		if !errors.Is(err, test.want) || (err == nil) != (got != nil) {
			t.Errorf("%s: %s, %v, want %v", name, got, err, test.want)
		}
	}
	if got, _ := OpenJWT(keys, signed, jwtNow); string(got) != `{"customer name":"Ada","sub":"4711"}` {
		t.Errorf("it says %s", got)
	}
	if !IsJWT(signed) || IsJWT(Sign(NewKey(), []byte(`{}`), jwtNow)) {
		t.Error("a token and a signature are taken for each other")
	}
}

func FuzzOpenJWT(f *testing.F) {
	secret := []byte(strings.Repeat("s", 32))
	f.Add(hs256(secret, `{"alg":"HS256"}`, `{"exp":1800000600,"sub":"4711"}`))
	f.Add(`eyJhbGciOiJub25lIn0.e30.`)
	f.Fuzz(func(t *testing.T, token string) {
		// Nobody who does not hold the key makes a token that holds.
		if got, err := OpenJWT(Keys{Secret: NewKey()}, token, jwtNow); err == nil {
			t.Errorf("%q holds and says %s", token, got)
		}
	})
}
