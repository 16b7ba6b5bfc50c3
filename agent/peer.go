package agent

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const maxSDPLines = 64

var (
	lineEnd        = regexp.MustCompile(`\r\n?|\n`)
	mediaLine      = regexp.MustCompile(`^\s*m\s*=`)
	candidateLine  = regexp.MustCompile(`(?i)^\s*a\s*=\s*candidate`)
	candidateShape = regexp.MustCompile(`(?i)^candidate:\S+ [0-9]+ udp [0-9]+ (\S+) ([0-9]{4,5}) typ [ -~]+$`)
	browserName    = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$`)

	this4     = netip.MustParsePrefix("0.0.0.0/8")
	reserved4 = netip.MustParsePrefix("240.0.0.0/4")
	unique6   = netip.MustParsePrefix("fc00::/7")
	global6   = netip.MustParsePrefix("2000::/3")
	carrying6 = [...]netip.Prefix{netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2002::/16")} // Teredo and others, 6to4
)

// linkSDP returns an SDP without the candidates that must not be tried. False: it is of more than data channels.
func linkSDP(sdp string, local bool) (string, bool) {
	// Readers differ in what ends a line, and whether the last one needs an end.
	lines := lineEnd.Split(sdp, -1)
	var media []string
	var kept []string
	for _, line := range lines {
		if mediaLine.MatchString(line) {
			media = append(media, line)
		}
		if !candidateLine.MatchString(line) || usableCandidate(line[2:], local) {
			kept = append(kept, line)
		}
	}
	if len(media) != 1 || !strings.HasPrefix(media[0], "m=application ") || len(lines) > maxSDPLines {
		return "", false
	}
	return strings.Join(kept, "\r\n"), true
}

// usableCandidate reports whether a candidate (RFC 8839 section 5.1) may be tried: over UDP, at a port that no service of the system has, and an address that
// is neither a name nor only to be reached from the own machine or network segment. local: the app is on this machine, so that others here may be.
func usableCandidate(candidate string, local bool) bool {
	parts := candidateShape.FindStringSubmatch(candidate)
	if parts == nil {
		return false
	}
	if port, _ := strconv.Atoi(parts[2]); port < 1024 || port >= 1<<16 {
		return false
	}
	if browserName.MatchString(parts[1]) {
		return true // pion resolves no names here: see connectionAPI
	}
	addr, err := netip.ParseAddr(parts[1])
	if err != nil || addr.Zone() != "" {
		return false
	}
	r := reachOf(addr)
	return r == reachNetwork || r == reachMachine && local
}

// reach is where an address leads: to the network, to this machine, or to neither, such as a segment, a group, or an IPv4 address written as IPv6.
type reach string

const (
	reachNetwork reach = "network"
	reachMachine reach = "machine"
	reachNone    reach = "none"
)

// reachOf returns where an address leads. Private networks are networks: two ends may be in one. Of IPv6 only what is listed here passes.
func reachOf(addr netip.Addr) reach {
	refused := addr.IsMulticast() || addr.IsLinkLocalUnicast() || this4.Contains(addr) || reserved4.Contains(addr)
	if addr.Is6() {
		refused = !unique6.Contains(addr) && !global6.Contains(addr) || carrying6[0].Contains(addr) || carrying6[1].Contains(addr)
	}
	switch {
	case addr.IsLoopback() && !addr.Is4In6():
		return reachMachine
	case refused:
		return reachNone
	}
	return reachNetwork
}

// isLocal tells whether the app at an address is on this machine.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}
