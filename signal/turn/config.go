package turn

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Config configures a Server. Sockets are the app's to open and the Server's to close.
type Config struct {
	// Host is the name or address that browsers reach the sockets under. Needed unless URLs is set.
	Host string

	// UDP sockets answer STUN and TURN over datagrams. Usual port: 3478.
	UDP []net.PacketConn

	// TCP listeners answer STUN and TURN over streams, for networks that block UDP. Usual port: 3478. Also for clients that signal from
	// another address than the one they have here, such as behind two proxies, since over UDP those get no answer.
	TCP []net.Listener

	// TLS listeners give connections that are encrypted already: those of tls.NewListener, or of Split.
	TLS []net.Listener

	// URLs are what browsers are told instead of Host with the ports of the sockets, for sockets behind a port mapping:
	// "stun:host:port", "turn:host:port?transport=udp" (RFC 7064, RFC 7065). Default: nil.
	URLs []string

	// RelayAddrs are the addresses that relays are reached under, one for each of IPv4 and IPv6 at most. When an address is none of this
	// machine's (network address translation in between), sockets are opened on all its addresses. Default: none, which is STUN only:
	// nothing is relayed.
	RelayAddrs []netip.Addr

	// OtherRelays are the RelayAddrs of the app's other replicas, with the same range of ports, so that members who signal on different
	// replicas meet. Default: none.
	OtherRelays []netip.Addr

	// MinRelayPort and MaxRelayPort bound the UDP ports of relays. Default: 49152 to 65535.
	MinRelayPort, MaxRelayPort uint16

	// PrivateNetworks are networks of addresses that are not public, of which sessions may have their ends, for an app on a company's own
	// network. Loopback, link-local and metadata addresses are refused nevertheless. Default: none.
	PrivateNetworks []netip.Prefix

	// CredentialLifetime is how long a new relay can be asked for with a credential, and how long relays outlive a member whose
	// signalling is gone. Signalling renews credentials when half of it is over, and looks every 30 s whether that is so. At least 2 minutes.
	// Default: 10 minutes.
	CredentialLifetime time.Duration

	// MaxPerSession, MaxPerAddress and MaxRelays bound the relays that are open at a time: of one session, for one client address
	// (the /64 of IPv6), and of the server. MaxPerAddress bounds the connections of one address too. A browser opens one relay for each of its
	// network interfaces and each of the URLs. Default: 16, 128 and 1024.
	MaxPerSession, MaxPerAddress, MaxRelays int

	// BytesPerSecond bounds what one session's relays pass on, in both directions together; what exceeds it is dropped. A
	// burst may have 16 times as much. Default: 262144.
	BytesPerSecond int

	// InsecureLoopback lets relays and the ends of sessions be on this machine, for development and tests. New refuses it unless all
	// sockets and relay addresses are loopback ones, so that nobody else can reach them. Default: false.
	InsecureLoopback bool

	// Logger receives what an operator should know; credentials are never logged. Default: slog.Default().
	Logger *slog.Logger
}

// minCredentialLifetime leaves signalling, which renews after half of it, one look in vain (signal's keeper comes by every 30 s).
const minCredentialLifetime = 2 * time.Minute

func (c Config) withDefaults() Config {
	c.MinRelayPort = cmp.Or(c.MinRelayPort, 49152)
	c.MaxRelayPort = cmp.Or(c.MaxRelayPort, 65535)
	c.CredentialLifetime = cmp.Or(c.CredentialLifetime, 10*time.Minute)
	c.MaxPerSession = cmp.Or(c.MaxPerSession, 16)
	c.MaxPerAddress = cmp.Or(c.MaxPerAddress, 128)
	c.MaxRelays = cmp.Or(c.MaxRelays, 1024)
	c.BytesPerSecond = cmp.Or(c.BytesPerSecond, 256<<10)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}

var hostShape = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

func (c Config) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("turn: "+format, args...)) }
	if len(c.UDP)+len(c.TCP)+len(c.TLS) == 0 {
		bad("UDP, TCP, TLS: no socket")
	}
	if c.Host == "" && len(c.URLs) == 0 {
		bad("Host: empty, and no URLs")
	} else if _, err := netip.ParseAddr(c.Host); err != nil && c.Host != "" && !hostShape.MatchString(c.Host) {
		bad("Host: %q: not a name or address", c.Host)
	}
	for i, s := range c.URLs {
		if u, err := url.Parse(s); err != nil || u.Opaque == "" || !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, u.Scheme) {
			bad(`URLs[%d]: %q: want "stun:host" or "turn:host" (RFC 7064, RFC 7065)`, i, s)
		}
	}
	for i, addr := range c.RelayAddrs {
		switch {
		case !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || addr.Is4In6() || addr.Zone() != "":
			bad("RelayAddrs[%d]: %v: not an address that others reach", i, addr)
		case addr.IsLoopback() && !c.InsecureLoopback:
			bad("RelayAddrs[%d]: %v is loopback, which needs InsecureLoopback", i, addr)
		case slices.ContainsFunc(c.RelayAddrs[:i], func(other netip.Addr) bool { return other.Is4() == addr.Is4() }):
			bad("RelayAddrs[%d]: %v: there is one of this family", i, addr)
		}
	}
	for i, addr := range c.OtherRelays {
		if !addr.IsValid() || addr.Is4In6() || addr.Zone() != "" || !c.InsecureLoopback && !addr.IsGlobalUnicast() {
			bad("OtherRelays[%d]: %v: not an address of another machine", i, addr)
		}
	}
	for i, p := range c.PrivateNetworks {
		if !p.IsValid() {
			bad("PrivateNetworks[%d]: not a network", i)
		}
	}
	if c.MinRelayPort < 1024 || c.MinRelayPort > c.MaxRelayPort {
		bad("MinRelayPort, MaxRelayPort: %d to %d: not a range above 1023", c.MinRelayPort, c.MaxRelayPort)
	}
	if c.CredentialLifetime < minCredentialLifetime {
		bad("CredentialLifetime: %v: less than %v, in which signalling may not get to renewing it, so that running relays would end", c.CredentialLifetime, minCredentialLifetime)
	}
	for _, n := range []struct {
		field string
		n     int
	}{{"MaxPerSession", c.MaxPerSession}, {"MaxPerAddress", c.MaxPerAddress}, {"MaxRelays", c.MaxRelays}, {"BytesPerSecond", c.BytesPerSecond}} {
		if n.n < 0 {
			bad("%s: %d is negative", n.field, n.n)
		}
	}
	if c.InsecureLoopback && !c.onLoopback() {
		bad("InsecureLoopback: sockets and relay addresses are not all loopback ones")
	}
	return errors.Join(errs...)
}

func (c Config) onLoopback() bool {
	var addrs []net.Addr
	for _, conn := range c.UDP {
		addrs = append(addrs, conn.LocalAddr())
	}
	for _, l := range slices.Concat(c.TCP, c.TLS) {
		addrs = append(addrs, l.Addr())
	}
	outside := func(addr net.Addr) bool { return !addrPort(addr).Addr().IsLoopback() }
	return !slices.ContainsFunc(addrs, outside) &&
		!slices.ContainsFunc(c.RelayAddrs, func(addr netip.Addr) bool { return !addr.IsLoopback() })
}

// urls gives what browsers are told: what needs no credentials, and what does.
func (c Config) urls() (stun, turn []string) {
	all := c.URLs
	if len(all) == 0 {
		for _, conn := range c.UDP {
			at := hostPort(c.Host, addrPort(conn.LocalAddr()).Port())
			all = append(all, "stun:"+at, "turn:"+at+"?transport=udp")
		}
		for _, l := range c.TCP {
			all = append(all, "turn:"+hostPort(c.Host, addrPort(l.Addr()).Port())+"?transport=tcp")
		}
		for _, l := range c.TLS {
			all = append(all, "turns:"+hostPort(c.Host, addrPort(l.Addr()).Port())+"?transport=tcp")
		}
	}
	for _, s := range all {
		if u, err := url.Parse(s); err == nil && (u.Scheme == "stun" || u.Scheme == "stuns") {
			stun = append(stun, s)
		} else if len(c.RelayAddrs) > 0 {
			turn = append(turn, s)
		}
	}
	return stun, turn
}

func hostPort(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}
