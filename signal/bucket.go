package signal

import "time"

// What one client may send. Beyond it the server reads more slowly, so that the client's own socket fills up and nobody else
// notices; a client that keeps at it for abuseAfter is cut off.
const (
	messagesPerSecond = 20
	messageBurst      = 60
	bytesPerSecond    = 256 << 10
	byteBurst         = 256 << 10
	abuseAfter        = 5 * time.Second
)

// What one client may have relayed. Beyond it the server reads more slowly, and that is all: the page, not the client, decides how much
// there is to show.
const (
	packetsPerSecond     = 400
	packetBurst          = 2000
	packetBytesPerSecond = 256 << 10
	packetByteBurst      = 4 << 20
)

// bucket is a token bucket that goes into debt: take always succeeds and says how long to pause. Not safe for concurrent use.
type bucket struct {
	rate, burst float64 // tokens a second, tokens at most
	tokens      float64
	last        time.Time
	short       time.Time // since when it has been short of tokens; zero: it is not
}

func newBucket(rate, burst float64, now time.Time) bucket {
	return bucket{rate: rate, burst: burst, tokens: burst, last: now}
}

// give returns n tokens that were spent too many.
func (b *bucket) give(n float64) { b.tokens = min(b.burst, b.tokens+n) }

// take spends n tokens and gives the pause after which the debt is paid, and whether pauses have been needed for abuseAfter now
// without the bucket ever filling up to a half.
func (b *bucket) take(n float64, now time.Time) (pause time.Duration, abuse bool) {
	b.tokens = min(b.burst, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	b.last = now
	if b.tokens >= b.burst/2 {
		b.short = time.Time{}
	}
	b.tokens -= n
	if b.tokens >= 0 {
		return 0, false
	}
	if b.short.IsZero() {
		b.short = now
	}
	pause = time.Duration(-b.tokens / b.rate * float64(time.Second))
	return pause, now.Sub(b.short) >= abuseAfter
}

// What a client may tell of its page; what is beyond it is dropped.
const (
	tellsPerSecond  = 1
	tellBurst       = 5
	visitsPerSecond = 1
	visitBurst      = 20
)

// dropping is a token bucket for what may get lost: nothing is owed. The zero value is full. Not safe for concurrent use.
type dropping struct {
	spent float64
	last  time.Time
}

// admit reports whether one more is within rate a second and burst at once.
func (d *dropping) admit(rate, burst float64) bool {
	now := time.Now()
	d.spent = max(0, d.spent-now.Sub(d.last).Seconds()*rate)
	d.last = now
	if d.spent+1 > burst {
		return false
	}
	d.spent++
	return true
}

// packetBudget is what one client may have relayed.
type packetBudget struct{ packets, bytes bucket }

func newPacketBudget(now time.Time) *packetBudget {
	return &packetBudget{newBucket(packetsPerSecond, packetBurst, now), newBucket(packetBytesPerSecond, packetByteBurst, now)}
}

// take spends a packet of n bytes, and gives the pause after which the debt is paid.
func (b *packetBudget) take(n float64, now time.Time) time.Duration {
	one, _ := b.packets.take(1, now)
	all, _ := b.bytes.take(n, now)
	return max(one, all)
}
