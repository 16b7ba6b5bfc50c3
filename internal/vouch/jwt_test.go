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
	good := fmt.Sprintf(`{"sub":"4711","customer name":"Ada","exp":%d,"iat":1,"jti":"x","iss":"me","aud":["a","qwelp"]}`, soon)
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
		"an extension that has to be known":   {keys, hs256(secret, `{"alg":"HS256","crit":["exp"]}`, good), ErrKind},
		"another secret":                      {keys, hs256([]byte(strings.Repeat("x", 32)), h, good), ErrForged},
		"another key":                         {Keys{Public: keys.Public[:1]}, es256(t, key, e, good), ErrForged},
		"an ASN.1 signature":                  {keys, es256(t, key, e, good) + "AA", ErrForged},
		"changed":                             {keys, strings.Replace(signed, encode(good), encode(strings.Replace(good, "4711", "4712", 1)), 1), ErrForged},
		"no signature":                        {keys, signed[:strings.LastIndex(signed, ".")+1], ErrForged},
		"two parts":                           {keys, signed[:strings.LastIndex(signed, ".")], ErrMalformed},
		"padding":                             {keys, signed + "=", ErrMalformed},
		"a line break":                        {keys, signed[:10] + "\n" + signed[10:], ErrMalformed},
		"too long":                            {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"a":%q}`, soon, strings.Repeat("a", 9100))), ErrMalformed},
		"an array":                            {keys, hs256(secret, h, `[1]`), ErrMalformed},
		"null":                                {keys, hs256(secret, h, `null`), ErrMalformed},
		"expired":                             {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()-61)), ErrExpired},
		"expired within the leeway":           {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()-59)), nil},
		"not yet":                             {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"nbf":%d}`, soon, jwtNow.Unix()+61)), ErrExpired},
		"endless":                             {keys, hs256(secret, h, `{"sub":"4711"}`), ErrEndless},
		"two days":                            {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.Unix()+2*86400)), ErrEndless},
		"an end that is text":                 {keys, hs256(secret, h, `{"exp":"1900000000"}`), ErrMalformed},
		"crit is null":                        {keys, hs256(secret, `{"alg":"HS256","crit":null}`, good), ErrKind},
		"an access token":                     {keys, hs256(secret, `{"alg":"HS256","typ":"at+jwt"}`, good), ErrKind},
		"typ is a number":                     {keys, hs256(secret, `{"alg":"HS256","typ":1}`, good), ErrKind},
		"typ in small letters":                {keys, hs256(secret, `{"alg":"HS256","typ":"jwt"}`, good), nil},
		"white space around":                  {keys, hs256(secret, "{\r\n \"alg\": \"HS256\" }", good), nil},
		"alg twice":                           {keys, hs256(secret, `{"alg":"none","alg":"HS256"}`, good), ErrMalformed},
		"alg twice, by an escape":             {keys, hs256(secret, `{"alg":"none","\u0061lg":"HS256"}`, good), ErrMalformed},
		"alg in capitals":                     {keys, hs256(secret, `{"ALG":"HS256"}`, good), ErrMalformed},
		"a list of algorithms":                {keys, hs256(secret, `{"alg":["HS256"]}`, good), ErrMalformed},
		"a key of its own":                    {keys, hs256([]byte("x"), `{"alg":"HS256","jwk":{"kty":"oct","k":"eA"}}`, good), ErrForged},
		"kid with a path":                     {keys, hs256(nil, `{"alg":"HS256","kid":"../../dev/null"}`, good), ErrForged},
		"an empty secret":                     {Keys{Public: keys.Public}, hs256(nil, h, good), ErrAlgorithm},
		"a short secret":                      {Keys{Secret: []byte("short")}, hs256([]byte("short"), h, good), ErrAlgorithm},
		"r and s are zero":                    {keys, encode(e) + "." + encode(good) + "." + encode(strings.Repeat("\x00", 64)), ErrForged},
		"bits behind the end":                 {keys, signed[:len(signed)-1] + string(signed[len(signed)-1]+1), ErrMalformed},
		"exp twice":                           {keys, hs256(secret, h, `{"exp":1,`+good[1:]), ErrMalformed},
		"more behind the claims":              {keys, hs256(secret, h, good+`{}`), ErrMalformed},
		"no number there is":                  {keys, hs256(secret, h, `{"exp":1e999}`), ErrMalformed},
		"milliseconds":                        {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d}`, jwtNow.UnixMilli())), ErrEndless},
		"nbf is text":                         {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"nbf":"now"}`, soon)), ErrMalformed},
		"for somebody else":                   {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"aud":"shop"}`, soon)), ErrAudience},
		"for others":                          {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"aud":["shop",{"qwelp":1}]}`, soon)), ErrAudience},
		"for nobody":                          {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"aud":null}`, soon)), ErrAudience},
		"for us":                              {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"aud":"qwelp"}`, soon)), nil},
		"for us too":                          {keys, hs256(secret, h, fmt.Sprintf(`{"exp":%d,"aud":["shop","qwelp"]}`, soon)), nil},
		"a signature of ours":                 {keys, Sign(secret, []byte(good), jwtNow), ErrMalformed},
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

// The tokens of RFC 7515, appendices A.1 and A.3.
func TestTokensOfTheStandardHold(t *testing.T) {
	bytesOf := func(text string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	point := append(append([]byte{4}, bytesOf("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")...), bytesOf("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")...)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	keys := Keys{Secret: bytesOf("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"), Public: []*ecdsa.PublicKey{public}}
	const claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	for name, token := range map[string]string{
		"A.1": "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		"A.3": "eyJhbGciOiJFUzI1NiJ9." + claims + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
	} {
		if said, err := OpenJWT(keys, token, time.Unix(1300819380-60, 0)); err != nil || string(said) != `{"http://example.com/is_root":true}` {
			t.Errorf("%s: %s, %v", name, said, err)
		}
	}
}

// What agents are told is what was signed, to the letter, and counts as many bytes.
func TestATokenSaysWhatItSaysOfTheCustomer(t *testing.T) {
	secret := []byte(strings.Repeat("s", 32))
	token := hs256(secret, "{\n\"alg\":\"HS256\"}", fmt.Sprintf(`{"iss":"shop","iat":1,"jti":"x","nbf":1.5,"exp":%d,"customer id":4711,"":null,"__proto__":{"a":1},"a.b":[1,2.50],"😀":"<&>","Exp":1}`, jwtNow.Unix()+60))
	if !IsJWT(token) {
		t.Error("not known for a token")
	}
	const want = `{"":null,"Exp":1,"__proto__":{"a":1},"a.b":[1,2.50],"customer id":4711,"😀":"<&>"}`
	if said, err := OpenJWT(Keys{Secret: secret}, token, jwtNow); err != nil || string(said) != want {
		t.Errorf("%s, %v", said, err)
	}
	most := fmt.Sprintf(`{"a":"%s","exp":%d}`, strings.Repeat("&", 8<<10-len(`{"a":""}`)), jwtNow.Unix()+60)
	if said, err := OpenJWT(Keys{Secret: secret}, hs256(secret, `{"alg":"HS256"}`, most), jwtNow); err != nil || len(said) != 8<<10 {
		t.Errorf("the most that metaData may be: %d bytes, %v", len(said), err)
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
