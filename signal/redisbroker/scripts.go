package redisbroker

import (
	"crypto/sha256"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// A value is stored behind its SHA-256, so that to compare it costs 32 bytes on the wire and in the server, whatever its size. A decimal
// number is stored as it is, as counters are: shorter than any digest, and its own.
const digestLen = sha256.Size

// Each script has one key, so that it runs in a cluster too. They are written for Lua 5.1 and servers from Redis 6.0.
var (
	compareAndSet = rueidis.NewLuaScript(`if redis.call('GETRANGE', KEYS[1], 0, 31) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`)

	renew = rueidis.NewLuaScript(`if redis.call('GETRANGE', KEYS[1], 0, 31) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

	// In one script: a crash between two commands would leave a counter for ever.
	increment = rueidis.NewLuaScript(`local n = redis.call('INCR', KEYS[1])
if n == 1 and ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n`)
)

// digest returns what begins the stored form of val, "" when there is no value.
func digest(val []byte) string {
	if val == nil {
		return ""
	}
	if isNumber(val) {
		return string(val)
	}
	sum := sha256.Sum256(val)
	return string(sum[:])
}

// encode returns the stored form of val.
func encode(val []byte) string {
	if val == nil || isNumber(val) {
		return string(val)
	}
	return digest(val) + string(val)
}

func decode(stored string) []byte {
	if len(stored) < digestLen {
		return []byte(stored)
	}
	return []byte(stored[digestLen:])
}

func isNumber(val []byte) bool {
	if len(val) == 0 || len(val) >= digestLen {
		return false
	}
	n, err := strconv.ParseInt(string(val), 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == string(val)
}

// milliseconds rounds up, as zero means never.
func milliseconds(ttl time.Duration) string {
	return strconv.FormatInt(max(0, int64((ttl+time.Millisecond-1)/time.Millisecond)), 10)
}
