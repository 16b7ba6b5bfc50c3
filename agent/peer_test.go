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
		check(of("udp", address, "50000"), true, false)
	}
	check(of("udp", "3f1c2b7e-1234-4bcd-8e9f-001122334455.local", "50000"), false, true)
	for _, bad := range []string{
		"", "candidate:", "a b c d e f", of("udp", "10.0.0.1", "65536"), of("udp", "10.0.0.1", "050000"), of("udp", "10.0.0.1", "1e4"), of("udp", "10.0.0.1 ", "50000"), of("udp\t", "10.0.0.1", "50000"),
		of("udp", "10.0.0.1", "50000") + "\r\na=candidate:1 1 udp 1 127.0.0.1 50000 typ host", " " + of("udp", "10.0.0.1", "50000"),
	} {
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
	for _, hidden := range []string{
		bad, strings.TrimSuffix(bad, "\r\n"), strings.ReplaceAll(bad, "\r\n", "\n"), strings.ReplaceAll(bad, "\r\n", "\r"), " " + bad, "a= candidate" + bad[11:], "A=CANDIDATE" + bad[11:],
	} {
		if got, ok := linkSDP(sdp+bad+good+hidden, false); !ok || strings.TrimSuffix(got, "\r\n") != strings.TrimSuffix(sdp+good, "\r\n") {
			t.Errorf("%q, %v", got, ok)
		}
	}
	if got, _ := linkSDP("a=x\r"+bad+sdp, false); got != "a=x\r\n"+sdp {
		t.Errorf("behind a bare return: %q", got)
	}
	for why, sdp := range map[string]string{
		"none": "v=0\r\n", "audio": strings.Replace(sdp, "application", "audio", 1), "two": sdp + sdp, "two, one behind a return": "a=x\rm=audio 9\r\n" + sdp, "too long": sdp + strings.Repeat("a=x\r\n", 64),
	} {
		if _, ok := linkSDP(sdp, true); ok {
			t.Errorf("%s: taken", why)
		}
	}
}
