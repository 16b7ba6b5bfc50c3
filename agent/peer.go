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
	mediaLine     = regexp.MustCompile(`(?m)^m=.*`)
	candidateLine = regexp.MustCompile(`(?m)^a=(candidate:[^\n]*)\n`)
	nat64         = netip.MustParsePrefix("64:ff9b::/96")
	reserved4     = netip.MustParsePrefix("240.0.0.0/4")
	this4         = netip.MustParsePrefix("0.0.0.0/8")
)

// linkSDP gives an SDP without the candidates that must not be tried. False: it is of more than data channels.
func linkSDP(sdp string, local bool) (string, bool) {
	media := mediaLine.FindAllString(sdp, -1)
	if len(media) != 1 || !strings.HasPrefix(media[0], "m=application ") || strings.Count(sdp, "\n") >= maxSDPLines {
		return "", false
	}
	return candidateLine.ReplaceAllStringFunc(sdp, func(line string) string {
		if usableCandidate(strings.TrimPrefix(line, "a="), local) {
			return line
		}
		return ""
	}), true
}

// usableCandidate tells whether a candidate (RFC 8839 section 5.1) may be tried: over UDP, at a port that no service of the system has, and an address that is
// neither a name nor only to be reached from the own machine or network segment. local: the app is on this machine, so that others here may be.
func usableCandidate(candidate string, local bool) bool {
	fields := strings.Fields(candidate)
	if len(fields) < 6 || !strings.EqualFold(fields[2], "udp") {
		return false
	}
	port, err := strconv.Atoi(fields[5])
	if err != nil || port < 1024 || port > 1<<16-1 {
		return false
	}
	if strings.HasSuffix(fields[4], ".local") {
		return true // pion resolves no names here: see connectionAPI
	}
	addr, err := netip.ParseAddr(fields[4])
	switch {
	case err != nil || addr.Is4In6() || addr.Zone() != "":
		return false
	case addr.IsLoopback():
		return local
	}
	return !addr.IsUnspecified() && !addr.IsMulticast() && !addr.IsLinkLocalUnicast() && !nat64.Contains(addr) && !reserved4.Contains(addr) && !this4.Contains(addr)
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
