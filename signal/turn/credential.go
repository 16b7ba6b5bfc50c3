package turn

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// secret is what the passwords of one server are made with. A credential means nothing to any other.
type secret [32]byte

func newSecret() (s secret) {
	rand.Read(s[:])
	return s
}

// username is "expiry.tag", the time in Unix milliseconds and what names the member here.
func username(tag string, expires time.Time) string {
	return strconv.FormatInt(expires.UnixMilli(), 10) + "." + tag
}

func parseUsername(name string) (tag string, expires time.Time, ok bool) {
	stamp, tag, _ := strings.Cut(name, ".")
	ms, err := strconv.ParseInt(stamp, 10, 64)
	return tag, time.UnixMilli(ms), err == nil && tag != ""
}

func (s secret) password(name string) string {
	mac := hmac.New(sha256.New, s[:])
	mac.Write([]byte(name))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
