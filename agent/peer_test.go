package agent

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TypeScript reads the same addresses.
func TestCandidatesLeadToAddressesOfTheNetworkOnly(t *testing.T) {
	text, err := os.ReadFile("../signal/wire/testdata/candidates.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Good, Local, Bad []string }
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	of := func(protocol, address, port string) string {
		return "candidate:1 1 " + protocol + " 2122260223 " + address + " " + port + " typ host generation 0"
	}
	check := func(candidate string, local, want bool) {
		t.Helper()
		if got := usableCandidate(candidate, local); got != want {
			t.Errorf("%s, local %v: %v", candidate, local, got)
		}
	}
	for _, address := range v.Good {
		check(of("udp", address, "50000"), false, true)
		check(of("UDP", address, "50000"), true, true)
		check(of("tcp", address, "50000"), true, false)
		check(of("udp", address, "53"), true, false)
		check(of("udp", address, "x"), true, false)
	}
	for _, address := range v.Local {
		check(of("udp", address, "50000"), true, true)
		check(of("udp", address, "50000"), false, false)
	}
	for _, address := range v.Bad {
		if address == "router.local" {
			continue // names are not looked up
		}
		check(of("udp", address, "50000"), true, false)
	}
	for _, bad := range []string{"", "candidate:", "a b c d e f"} {
		check(bad, true, false)
	}
	for address, want := range map[string]bool{"ws://127.0.0.1:80/x": true, "wss://localhost/x": true, "ws://[::1]/": true, "wss://shop.example/x": false, "ws://127.0.0.1.example/": false} {
		if isLocal(address) != want {
			t.Errorf("isLocal(%s) is %v", address, !want)
		}
	}
}

func TestAnSDPIsOfDataChannelsAloneAndLosesBadCandidates(t *testing.T) {
	const sdp = "v=0\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"
	const good, bad = "a=candidate:1 1 udp 1 10.0.0.1 50000 typ host\r\n", "a=candidate:1 1 udp 1 169.254.169.254 50000 typ host\r\n"
	if got, ok := linkSDP(sdp+bad+good+bad, false); !ok || got != sdp+good {
		t.Errorf("%q, %v", got, ok)
	}
	for why, sdp := range map[string]string{
		"none": "v=0\r\n", "audio": strings.Replace(sdp, "application", "audio", 1), "two": sdp + sdp, "too long": sdp + strings.Repeat("a=x\r\n", 64),
	} {
		if _, ok := linkSDP(sdp, true); ok {
			t.Errorf("%s: taken", why)
		}
	}
}
