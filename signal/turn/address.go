package turn

import (
	"net"
	"net/netip"
	"slices"
)

// Addresses that are not a place on the Internet (IANA special-purpose address registries), or lead to one that is not, such as through
// NAT64, 6to4 and Teredo. Of IPv6, everything outside of 2000::/3 is refused beside.
var (
	notPublic = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	)
	publicIPv6 = netip.MustParsePrefix("2000::/3")

	// metadata are the services of clouds that tell a machine its secrets, where link-local does not cover them.
	metadata = prefixes("100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128")
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

func within(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// policy is which addresses may be an end of a session at all.
type policy struct {
	private  []netip.Prefix // admitted although not public
	own      []netip.Addr   // of this machine
	loopback bool
}

func (p policy) admits(addr netip.Addr) bool {
	switch addr = addr.Unmap(); {
	case addr.IsLoopback():
		return p.loopback
	case !addr.IsGlobalUnicast() || addr.Zone() != "" || within(metadata, addr) || slices.Contains(p.own, addr):
		return false
	case within(p.private, addr):
		return true
	case addr.Is6() && !publicIPv6.Contains(addr):
		return false
	}
	return !within(notPublic, addr)
}

// ownAddrs gives the addresses of this machine.
func ownAddrs() (own []netip.Addr) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if addr, ok := netip.AddrFromSlice(n.IP); ok {
				own = append(own, addr.Unmap())
			}
		}
	}
	return own
}

// networkOf is what counts as one client: an IPv4 address, or the /64 of an IPv6 address, of which one customer has all.
func networkOf(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}

// addrPort is the zero value for an address that is none of IP.
func addrPort(addr net.Addr) netip.AddrPort {
	var ap netip.AddrPort
	switch a := addr.(type) {
	case *net.UDPAddr:
		ap = a.AddrPort()
	case *net.TCPAddr:
		ap = a.AddrPort()
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
