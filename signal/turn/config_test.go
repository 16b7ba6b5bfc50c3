package turn

import (
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

var _ signal.TURN = (*Server)(nil)

func TestNewReportsEveryBadField(t *testing.T) {
	everywhere, err := net.ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer everywhere.Close()
	v4 := netip.MustParseAddr("203.0.113.1")
	for name, c := range map[string]struct {
		cfg  Config
		want []string
	}{
		"nothing": {Config{}, []string{"turn: UDP, TCP, TLS: ", "turn: Host: "}},
		"loopback for all": {
			Config{Host: "a", UDP: []net.PacketConn{everywhere}, InsecureLoopback: true, RelayAddrs: []netip.Addr{here}}, []string{"turn: InsecureLoopback: "},
		},
		"addresses": {
			Config{Host: "a/b c", UDP: []net.PacketConn{everywhere}, RelayAddrs: []netip.Addr{here, {}, netip.IPv4Unspecified(), v4, v4}, PrivateNetworks: []netip.Prefix{{}}},
			[]string{"Host: ", "RelayAddrs[0]: ", "RelayAddrs[1]: ", "RelayAddrs[2]: ", "RelayAddrs[3]: ", "RelayAddrs[4]: ", "PrivateNetworks[0]: "},
		},
		"numbers": {
			Config{
				URLs: []string{"https://a"}, UDP: []net.PacketConn{everywhere}, MinRelayPort: 80, CredentialLifetime: time.Minute,
				MaxPerSession: -1, MaxPerAddress: -1, MaxRelays: -1, BytesPerSecond: -1,
			},
			[]string{"URLs[0]: ", "MinRelayPort", "CredentialLifetime: ", "MaxPerSession: ", "MaxPerAddress: ", "MaxRelays: ", "BytesPerSecond: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.cfg)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %q", want, err)
				}
			}
		})
	}
}

func TestMembersAreToldTheSocketsOrTheURLs(t *testing.T) {
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure := tls.NewListener(tcp, &tls.Config{})
	w := newWorld(t, func(c *Config) { c.TLS = []net.Listener{secure} })
	servers, again := w.Grant("1", "s", wire.RoleSender, netip.Addr{})
	if len(servers) != 2 || again != 5*time.Minute {
		t.Fatalf("got %v, %v", servers, again)
	}
	if got, want := servers[0].URLs, []string{"stun:" + w.udp.String()}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	want := []string{"turn:" + w.udp.String() + "?transport=udp", "turn:" + w.tcp.String() + "?transport=tcp", "turns:" + tcp.Addr().String() + "?transport=tcp"}
	if got := servers[1].URLs; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	mapped := Config{URLs: []string{"stun:a.example", "turns:a.example:443"}, RelayAddrs: []netip.Addr{here}}
	if stun, turn := mapped.urls(); !slices.Equal(stun, mapped.URLs[:1]) || !slices.Equal(turn, mapped.URLs[1:]) {
		t.Errorf("got %q, %q", stun, turn)
	}
}
