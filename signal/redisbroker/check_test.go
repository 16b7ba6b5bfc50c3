package redisbroker_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

func TestCheckNamesWhatAUserMayNotDo(t *testing.T) {
	s := redistest.Start(t)
	url := "unix://shop:pass@" + s.Address
	s.Command("ACL", "SETUSER", "shop", "on", ">pass")
	b := open(t, redisbroker.Options{URL: url + "?db=1", Prefix: "shop:"})
	rights := strings.Fields(b.Rights())
	for _, query := range []string{"?db=1", "?db=1&protocol=2"} {
		for missing := -1; missing < len(rights); missing++ {
			if missing >= 0 && (strings.HasPrefix(rights[missing], "+s") && rights[missing] != "+set" && rights[missing] != "+select" ||
				rights[missing] == "+unsubscribe" || rights[missing] == "+ping" || rights[missing] == "+hello") {
				continue // for clusters, or seen by the client only
			}
			args := append([]string{"ACL", "SETUSER", "shop", "reset", "on", ">pass"}, rights...)
			if missing >= 0 {
				args = append(args[:6+missing], args[7+missing:]...)
			}
			s.Command(args...)
			s.Command("SCRIPT", "FLUSH")
			b := open(t, redisbroker.Options{URL: url + query, Prefix: "shop:"})
			err := b.Check(t.Context())
			if missing < 0 && err != nil {
				t.Errorf("%s: with all of it: %v", query, err)
			}
			if missing >= 0 && (err == nil || !strings.Contains(err.Error(), "ACL SETUSER <user> ~shop:* &shop:*")) {
				t.Errorf("%s: without %s: %v", query, rights[missing], err)
			}
			b.Close()
		}
	}
	for url, want := range map[string]string{
		"unix://shop:wrong@" + s.Address: "redis://user:password@host:6379",
		s.URL() + "?protocol=2":          "",
	} {
		err := open(t, redisbroker.Options{URL: url}).Check(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "wrong")) {
			t.Errorf("%s: got %v, want %q", url, err, want)
		}
	}
}

func TestTheGuideNamesTheRights(t *testing.T) {
	text, err := os.ReadFile("../../docs/guides/redis.md")
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, redisbroker.Options{URL: "unix:///nowhere", Prefix: "shop:"})
	if !strings.Contains(string(text), "\nACL SETUSER shop on >password "+b.Rights()+"\n") {
		t.Errorf("docs/guides/redis.md lacks %s", b.Rights())
	}
}

func TestCheckNamesWhatAServerWillNotDo(t *testing.T) {
	s := redistest.Start(t)
	var log journal
	s.Command("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru")
	b := open(t, redisbroker.Options{URL: s.URL(), Logger: log.logger()})
	eventually(t, "the log says so by itself", func() bool { return log.has("noeviction") })
	s.Command("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction")
	if err := b.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "raise maxmemory") {
		t.Errorf("a full server: got %v", err)
	}
	if ok, err := b.Set(t.Context(), "key", nil, []byte("x"), time.Minute); err == nil {
		t.Errorf("Set on a full server: %t", ok)
	}
	s.Command("CONFIG", "SET", "maxmemory", "0")
	if err := b.Check(t.Context()); err != nil {
		t.Errorf("with room: %v", err)
	}
}
