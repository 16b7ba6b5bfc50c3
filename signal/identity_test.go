package signal

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Another server's word on its customer is verified, and what does not hold is named in the log and ends nothing.
func TestAnIdentityOfAnotherServerIsVerified(t *testing.T) {
	secret := []byte(strings.Repeat("s", 32))
	token := func(key []byte, payload string) string {
		encode := base64.RawURLEncoding.EncodeToString
		signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode([]byte(payload))
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(signed))
		return signed + "." + encode(mac.Sum(nil))
	}
	inWorld(t, Config{IdentitySecret: secret}, func(t *testing.T, w *world) {
		for _, test := range []struct{ token, want, logs string }{
			{token(secret, fmt.Sprintf(`{"sub":"4711","customer name":"Ada","exp":%d}`, time.Now().Unix()+600)), `map[customer name:Ada sub:4711]`, ""},
			{token([]byte(strings.Repeat("x", 32)), fmt.Sprintf(`{"sub":"4711","exp":%d}`, time.Now().Unix()+600)), `map[]`, "another key than IdentitySecret"},
			{token(secret, `{"sub":"4711"}`), `map[]`, "no exp"},
			{token(secret, fmt.Sprintf(`{"sub":"4711","groups":%s,"exp":%d}`, strings.Repeat("[", 9)+strings.Repeat("]", 9), time.Now().Unix()+600)), `map[groups:[[[[[[<nil>]]]]]] sub:4711]`, "part=groups"},
		} {
			customer := w.customer()
			customer.send(wire.Start{MetaData: map[string]any{"page": "says"}, Signed: test.token})
			agent := w.agent("ann")
			agent.send(wire.Join{Code: expect[wire.Started](customer).Code})
			joined := expect[wire.Joined](agent)
			if got := fmt.Sprint(joined.Verified); got != test.want {
				t.Errorf("verified is %s, want %s", got, test.want)
			}
			if !strings.Contains(w.logs.String(), test.logs) {
				t.Errorf("the log lacks %q: %s", test.logs, w.logs.String())
			}
		}
	})
	if _, err := New(Config{IdentitySecret: []byte("short")}); err == nil || !strings.Contains(err.Error(), "signal.identitySecret: 5 bytes, want 32 or more") {
		t.Error(err)
	}
}

func TestAnIdentityKeyIsAPointOfP256(t *testing.T) {
	_, err := New(Config{IdentityKeys: []*ecdsa.PublicKey{nil, {}, {Curve: elliptic.P384()}, {Curve: elliptic.P256()}, {Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}}})
	for i := range 5 {
		if want := fmt.Sprintf("signal.identityKeys[%d]: not a key of the curve P-256", i); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v has no line with %s", err, want)
		}
	}
}
