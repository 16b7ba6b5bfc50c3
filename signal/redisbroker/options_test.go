package redisbroker

import (
	"crypto/tls"
	"strings"
	"testing"
)

func TestURLsSayWhereToConnect(t *testing.T) {
	for text, want := range map[string]string{
		"redis://redis":                          "redis:6379",
		"redis://10.0.0.1:7000/2":                "10.0.0.1:7000",
		"rediss://user:pa%23ss@redis.example":    "redis.example:6379",
		"redis://:only-a-password@[::1]":         "[::1]:6379",
		"unix:///run/redis/redis.sock?db=1":      "/run/redis/redis.sock",
		"redis://a?addr=b&addr=c:1&cluster=true": "a:6379 b:6379 c:1",
		"redis://a?addr=b&addr=[::1]&master_name=m&sentinel_username=u&sentinel_password=p": "a:26379 b:26379 [::1]:26379",
	} {
		option, err := Options{URL: text}.parse(defaultLimits)
		if got := strings.Join(option.InitAddress, " "); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
		if option.TLSConfig != nil != strings.HasPrefix(text, "rediss") || !option.DisableRetry {
			t.Errorf("%s: got %+v", text, option)
		}
	}
}

func TestMistakesAreNamedAndNoPasswordIsShown(t *testing.T) {
	for _, c := range []struct {
		url, want string
	}{
		{"", "Options.URL is empty"},
		{"redis.example:6379", "Options.URL"},
		{"redis", "want redis, rediss or unix"},
		{"http://secret@redis", "want redis, rediss or unix"},
		{"redis://", "not host or host:port"},
		{"redis://:secret@", "not host or host:port"},
		{"redis://user:sec/ret@redis", "%2F"},
		{"redis://user:secret#x@redis", "%23"},
		{"redis://u:secret@a:1,b:2", "&addr=host:port"},
		{"redis://u:secret@a?addr=b", "add master_name=… or cluster=true"},
		{"redis://u:secret@a?addr=b/0&cluster=true", "not host or host:port"},
		{"redis://u:secret@a?db=1&cluster=true", "database 0"},
		{"redis://u:secret@a/1?cluster=true", "database 0"},
		{"redis://u:secret@a/1?db=2", "two databases"},
		{"redis://u:secret@a/shop", "want a number"},
		{"redis://u:secret@a/-1", "want a number"},
		{"redis://u:secret@a?cluster=yes", "want true or false"},
		{"redis://u:secret@a?protocol=4", "want 2 or 3"},
		{"redis://u:secret@a?master=m", "want one of addr, cluster, db, master_name"},
		{"redis://u:secret@a?cluster=true&master_name=m", "exclude each other"},
		{"redis://u:secret@a?db=1&db=2", "twice"},
		{"redis://u:secret@a?sentinel_password=secret", "need master_name"},
		{"redis://u:secret@a?%zz", "name=value"},
		{"unix://redis.sock", "full path"},
		{"unix:///s?cluster=true", "full path"},
		{"unix:///s?addr=b", "full path"},
	} {
		b, err := New(t.Context(), Options{URL: c.url})
		if err == nil {
			b.Close()
			t.Errorf("%s: no error", c.url)
		} else if text := err.Error(); !strings.Contains(text, c.want) || strings.Contains(text, "secret") {
			t.Errorf("%s: got %v, want %q", c.url, err, c.want)
		}
	}
	if _, err := New(t.Context(), Options{URL: "redis://a", TLS: new(tls.Config)}); err == nil || !strings.Contains(err.Error(), "rediss://") {
		t.Errorf("TLS without rediss: got %v", err)
	}
}

func TestWhatServersSayIsJudged(t *testing.T) {
	for _, c := range []struct {
		info    string
		cluster bool
		want    string // "" when nothing is wrong
	}{
		{"redis_version:7.0.15\r\nrole:master\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n", false, ""},
		{"redis_version:6.0.16\r\nrole:master\r\n", false, ""},
		{"redis_version:6.2.0\r\n", true, "7.0 or newer"},
		{"redis_version:5.0.9\r\n", false, "6.0 or newer"},
		{"redis_version:8.4.0\r\nvalkey_version:9.0.0\r\nrole:slave\r\n", false, "master_name"},
		{"redis_version:8.4.0\r\nrole:slave\r\n", true, ""},
		{"redis_version:7.4.0\r\nmaxmemory:1000000\r\nmaxmemory_policy:allkeys-lru\r\n", false, "set maxmemory-policy noeviction"},
		{"redis_version:7.4.0\r\nmaxmemory:1000000\r\nmaxmemory_policy:volatile-ttl\r\n", false, "set maxmemory-policy noeviction"},
		{"redis_version:7.4.0\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n", false, ""},
		{"redis_version:7.0.15\r\nredis_mode:sentinel\r\n", false, "add master_name"},
		{"redis_version:7.0.15\r\nredis_mode:cluster\r\n", false, "add cluster=true"},
		{"redis_version:7.0.15\r\nredis_mode:cluster\r\n", true, ""},
		{"something else", false, ""},
	} {
		got := strings.Join(judge(parseInfo(c.info), c.cluster), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.info, got, c.want)
		}
	}
}
