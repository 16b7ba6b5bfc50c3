package signal

import (
	"cmp"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestNewNamesEveryBadField(t *testing.T) {
	_, err := New(Config{
		AllowedOrigins: []string{"https://ok.example", "https://bad.example/path", "*", "null"},
		TrustedProxies: []netip.Prefix{{}},
		ICEServers:     []wire.ICEServer{{}, {URLs: []string{"stun:ok.example", "https://bad.example"}}},
		Relay:          "sometimes",
		MetaDataKey:    []byte("short"),
		CodeLifetime:   -1,
		ResumeWindow:   -time.Second,
	})
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		"signal.allowedOrigins[1]: ", "signal.allowedOrigins[2]: ", "signal.allowedOrigins[3]: ", "signal.trustedProxies[0]: ",
		"signal.iceServers[0].urls: ", "signal.iceServers[1].urls[1]: ", "signal.relay: ", "signal.metaDataKey: ", "signal.codeLifetime: ",
		"signal.resumeWindow: ",
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error lacks %q: %v", w, err)
		}
	}
	if got := strings.Count(err.Error(), "\n") + 1; got != len(want) {
		t.Errorf("%d errors, want %d: %v", got, len(want), err)
	}
}

func TestCodesAreNormalized(t *testing.T) {
	for in, want := range map[string]string{
		"123-456-789": "123456789", " 123 456\t789\n": "123456789", "１２３４５６７８９": "123456789",
		"١٢٣٤٥٦٧٨٩": "123456789", "۱۲۳۴۵۶۷۸۹": "123456789", "१२३": "123", "code: 1": "1", "": "", "abc½²": "",
	} {
		equals(t, in, normalizeCode(in), want)
	}
}

func TestCodesAreSpreadEvenly(t *testing.T) {
	const n = 100_000
	var first [10]int
	for range n {
		code := newCode()
		if len(code) != codeDigits {
			t.Fatalf("code %q", code)
		}
		first[code[0]-'0']++
	}
	for digit, count := range first {
		if count < n/10*9/10 || count > n/10*11/10 {
			t.Errorf("%d of %d codes begin with %d", count, n, digit)
		}
	}
}

func TestSecretsKeepKindsApart(t *testing.T) {
	a, b := newSecret(), newSecret()
	equals(t, "again", a.hide("code", "1"), a.hide("code", "1"))
	seen := map[string]bool{}
	for _, hidden := range []string{a.hide("code", "1"), a.hide("agent", "1"), b.hide("code", "1"), a.hide("code", "2")} {
		if seen[hidden] {
			t.Error("two things hide behind one name")
		}
		seen[hidden] = true
	}
}

func TestASealedCodeOpensWithItsTokenOnly(t *testing.T) {
	token, other := newResumeToken("s", "m"), newResumeToken("s", "m")
	sealed := token.seal("123456789")
	if code, err := token.open(sealed); code != "123456789" || err != nil {
		t.Errorf("%q, %v", code, err)
	}
	if _, err := other.open(sealed); err == nil {
		t.Error("another token opens it")
	}
	equals(t, "parsed", parseResumeToken(token.String()), token)
}

func TestNamesAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"Ann":                              "Ann",
		"  Ann \n\t Lee ":                  "Ann Lee",
		"Ann\u202eevil":                    "Annevil",
		"A\u200bn\u200dn\ufeff":            "Ann",
		"\x00\x1b[31mAnn":                  "[31mAnn",
		"\u2066\u2800\u3164":               "",
		"José Ñandú 李雷":                    "José Ñandú 李雷",
		"Z\u0301\u0302\u0303\u0304a":       "Z\u0301\u0302a",
		strings.Repeat("x", 1000):          strings.Repeat("x", 64),
		strings.Repeat("é", 70) + "\u202e": strings.Repeat("é", 64),
		"<script>":                         "<script>",
	} {
		equals(t, in, agentName(in, ""), cmp.Or(want, defaultName))
	}
	equals(t, "the app's name wins", agentName("App", "typed"), "App")
	equals(t, "then the typed one", agentName("\u200b", "typed"), "typed")
	equals(t, "then the default", agentName("", " "), "Support agent")
}

func TestTheClientsAddressIsTakenFromWhoIsTrusted(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	for name, test := range map[string]struct {
		peer      string
		forwarded []string
		want      string
		warn      bool
	}{
		"direct":                  {"192.0.2.1:5", nil, "192.0.2.1", false},
		"direct, forged":          {"192.0.2.1:5", []string{"1.1.1.1"}, "192.0.2.1", true},
		"IPv6 counts by network":  {"[2001:db8:0:1:2:3:4:5]:5", nil, "2001:db8:0:1::/64", false},
		"IPv4 in IPv6":            {"[::ffff:192.0.2.1]:5", nil, "192.0.2.1", false},
		"one proxy":               {"10.0.0.1:5", []string{"192.0.2.1"}, "192.0.2.1", false},
		"two proxies":             {"10.0.0.1:5", []string{"192.0.2.1, 10.0.0.2"}, "192.0.2.1", false},
		"two headers":             {"[2001:db8:ffff::1]:5", []string{"1.1.1.1", "192.0.2.1:99, 10.0.0.2"}, "192.0.2.1", false},
		"forged before the proxy": {"10.0.0.1:5", []string{"1.1.1.1, 192.0.2.1"}, "192.0.2.1", false},
		"nonsense":                {"10.0.0.1:5", []string{"<script>"}, "10.0.0.1", false},
		"a proxy that says none":  {"10.0.0.1:5", nil, "10.0.0.1", false},
		"no address":              {"@", nil, "unknown", false},
	} {
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": test.forwarded}}
		got, warn := remote(r, proxies)
		equals(t, name, got, test.want)
		equals(t, name+": warn", warn, test.warn)
	}
}

func TestABucketPausesWhoIsTooFast(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBucket(20, 60, now)
	for i := range 60 {
		if pause, _ := b.take(1, now); pause != 0 {
			t.Fatalf("message %d of the burst pauses %v", i, pause)
		}
	}
	pause, abuse := b.take(1, now)
	equals(t, "pause", pause, 50*time.Millisecond)
	equals(t, "abuse", abuse, false)
	now = now.Add(pause)
	for !abuse {
		pause, abuse = b.take(1, now)
		now = now.Add(pause)
	}
	if took := now.Sub(time.Unix(0, 0)); took < abuseAfter || took > abuseAfter+time.Second {
		t.Errorf("abuse after %v, want %v", took, abuseAfter)
	}
	now = now.Add(2 * time.Second)
	if _, abuse := b.take(1, now); abuse {
		t.Error("it is abuse after a rest")
	}
}
