package vouch

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	key  = bytes.Repeat([]byte{7}, MinKey)
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	text = []byte(`{"customer":"4711","n":1.0}`)
)

func TestWhatIsSignedComesBackToTheByte(t *testing.T) {
	signed := Sign(key, text, noon.Add(59*time.Minute))
	if got := Sign(key, text, noon); got != signed {
		t.Errorf("within an hour it is %q and %q", got, signed)
	}
	for _, at := range []time.Time{noon, noon.Add(Life - time.Nanosecond), noon.Add(-time.Hour)} {
		if got, err := Open(key, signed, at); err != nil || !bytes.Equal(got, text) {
			t.Errorf("at %v: got %q, %v", at, got, err)
		}
	}
}

func TestWhatIsForgedExpiredOrForeignDoesNotHold(t *testing.T) {
	signed := Sign(key, text, noon)
	hour, rest, _ := strings.Cut(signed, ".")
	body, mac, _ := strings.Cut(rest, ".")
	other := base64.RawURLEncoding.EncodeToString([]byte(`{"customer":"4712","n":1.0}`))
	plain := hmac.New(sha256.New, key)
	plain.Write(text)
	for name, c := range map[string]struct {
		signed string
		at     time.Time
		want   error
	}{
		"expired":                     {signed, noon.Add(Life), ErrExpired},
		"from the future":             {signed, noon.Add(-time.Hour - time.Second), ErrExpired},
		"another key":                 {Sign(bytes.Repeat([]byte{8}, MinKey), text, noon), noon, ErrForged},
		"another text":                {hour + "." + other + "." + mac, noon, ErrForged},
		"another hour":                {fmt.Sprint(Hour(noon)+1) + "." + rest, noon, ErrForged},
		"for another purpose":         {hour + "." + body + "." + base64.RawURLEncoding.EncodeToString(plain.Sum(nil)), noon, ErrForged},
		"half a signature":            {hour + "." + body + "." + mac[:22], noon, ErrMalformed},
		"no signature":                {hour + "." + body + ".", noon, ErrForged},
		"nothing":                     {"", noon, ErrMalformed},
		"more parts":                  {signed + ".x", noon, ErrMalformed},
		"the hour in another way":     {"0" + signed, noon, ErrMalformed},
		"a line break in it":          {hour + "." + body + ".\n" + mac, noon, ErrMalformed},
		"bits that say nothing":       {hour + "." + body + "." + mac[:42] + string(mac[42]^1), noon, ErrMalformed},
		"padded":                      {hour + "." + body + "." + mac + "=", noon, ErrMalformed},
		"an hour beyond all clocks":   {"9223372036854775807." + rest, noon, ErrForged},
		"larger than metaData may be": {hour + "." + strings.Repeat("A", MaxText) + "." + mac, noon, ErrMalformed},
	} {
		if got, err := Open(key, c.signed, c.at); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: got %q, %v, want %v", name, got, err, c.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(Sign(key, text, noon))
	f.Add("1..")
	f.Fuzz(func(t *testing.T, signed string) {
		got, err := Open(key, signed, noon)
		if err != nil {
			return
		}
		hour, _, _ := strings.Cut(signed, ".")
		n, _ := strconv.ParseInt(hour, 10, 64)
		if Sign(key, got, time.Unix(n*3600, 0)) != signed {
			t.Errorf("%q holds", signed)
		}
	})
}
