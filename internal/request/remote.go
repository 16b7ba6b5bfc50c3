// Package request reads off a request which client sends it, as far as trusted proxies vouch for that, and bounds how long its body may take.
package request

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// RemoteAddr returns the address of the client, zero when that is unknown. X-Forwarded-For counts as far as trusted proxies vouch for it. forwarded
// reports that the other end of the connection sent one and is not trusted.
func RemoteAddr(r *http.Request, trusted []netip.Prefix) (addr netip.Addr, forwarded bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false // a listener without addresses, such as a Unix socket
	}
	addr = peer.Addr().Unmap()
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(chain) {
		if !contains(trusted, addr) {
			return addr, addr == peer.Addr().Unmap() && strings.TrimSpace(hop) != ""
		}
		next, err := parseHop(hop)
		if err != nil {
			break
		}
		addr = next
	}
	return addr, false
}

// parseHop reads an entry of X-Forwarded-For; some proxies write the port too.
func parseHop(s string) (netip.Addr, error) {
	s = strings.TrimSpace(s)
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), nil
	}
	addr, err := netip.ParseAddr(s)
	return addr.Unmap(), err
}

// Network returns the client as budgets count it: an IPv4 address, or the /64 of an IPv6 address, of which one customer has all.
func Network(addr netip.Addr) string {
	if !addr.IsValid() {
		return "unknown"
	}
	addr = addr.WithZone("")
	if addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}

func contains(prefixes []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}
