package lab

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// segment makes an IPv4 packet with the beginning of a TCP segment or UDP datagram in it.
func segment(protocol byte, src, dst string, flags byte) []byte {
	from, to := netip.MustParseAddrPort(src), netip.MustParseAddrPort(dst)
	data := make([]byte, 44)
	data[0], data[9] = 0x46, protocol // with four bytes of options
	copy(data[12:], from.Addr().AsSlice())
	copy(data[16:], to.Addr().AsSlice())
	binary.BigEndian.PutUint16(data[24:], from.Port())
	binary.BigEndian.PutUint16(data[26:], to.Port())
	data[37] = flags
	return data
}

func TestAPacketIsReadToItsPorts(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want Packet
		ok   bool
	}{
		"a SYN":                       {segment(TCP, "192.0.2.1:443", "192.0.2.2:5000", syn), Packet{Protocol: TCP, Src: netip.MustParseAddrPort("192.0.2.1:443"), Dst: netip.MustParseAddrPort("192.0.2.2:5000"), Opens: true, Bytes: 44}, true},
		"a RST":                       {segment(TCP, "192.0.2.1:443", "192.0.2.2:5000", rst), Packet{Protocol: TCP, Src: netip.MustParseAddrPort("192.0.2.1:443"), Dst: netip.MustParseAddrPort("192.0.2.2:5000"), Closes: true, Bytes: 44}, true},
		"UDP":                         {segment(UDP, "192.0.2.1:3478", "192.0.2.2:5000", 0), Packet{Protocol: UDP, Src: netip.MustParseAddrPort("192.0.2.1:3478"), Dst: netip.MustParseAddrPort("192.0.2.2:5000"), Bytes: 44}, true},
		"ICMP":                        {segment(1, "192.0.2.1:9", "192.0.2.2:9", 0), Packet{Protocol: 1, Src: netip.MustParseAddrPort("192.0.2.1:0"), Dst: netip.MustParseAddrPort("192.0.2.2:0"), Bytes: 44}, true},
		"nothing":                     {nil, Packet{}, false},
		"IPv6":                        {append([]byte{0x60}, make([]byte, 60)...), Packet{}, false},
		"a header longer than it all": {append([]byte{0x4f}, make([]byte, 30)...), Packet{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := parse(c.data); got != c.want || ok != c.ok {
				t.Errorf("got %+v, %t, want %+v, %t", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestBothDirectionsAreOneFlow(t *testing.T) {
	there, _ := parse(segment(TCP, "192.0.2.1:443", "198.51.100.2:5000", 0))
	back, _ := parse(segment(TCP, "198.51.100.2:5000", "192.0.2.1:443", 0))
	other, _ := parse(segment(TCP, "198.51.100.2:5001", "192.0.2.1:443", 0))
	if there.Flow() != back.Flow() || there.Flow() == other.Flow() {
		t.Errorf("flows: %v, %v and %v", there.Flow(), back.Flow(), other.Flow())
	}
}

func TestRulesDecideWhatArrivesAndWhen(t *testing.T) {
	packet := Packet{From: "customer", To: "server", Protocol: TCP, Src: netip.MustParseAddrPort("198.51.100.2:5000"), Dst: netip.MustParseAddrPort("192.0.2.1:443")}
	for name, c := range map[string]struct {
		rules   []Rule
		delay   time.Duration
		arrives bool
	}{
		"none":                        {nil, 0, true},
		"of other hosts":              {[]Rule{{Between: [2]string{"customer", "agent"}, Drop: true}}, 0, true},
		"of the hosts":                {[]Rule{{Between: [2]string{"customer", "server"}, Drop: true}}, 0, false},
		"of the hosts, the other way": {[]Rule{{Between: [2]string{"server", "customer"}, Drop: true}}, 0, false},
		"of one host":                 {[]Rule{{Between: [2]string{"server"}, Drop: true}}, 0, false},
		"of another protocol":         {[]Rule{{Protocol: UDP, Drop: true}}, 0, true},
		"of the flow":                 {[]Rule{{Flows: []Flow{packet.Flow()}, Drop: true}}, 0, false},
		"of no flow":                  {[]Rule{{Flows: []Flow{}, Drop: true}}, 0, true},
		"delays":                      {[]Rule{{Delay: time.Second}, {Delay: time.Minute}}, time.Minute + time.Second, true},
		"loss that does not happen":   {[]Rule{{Loss: 0.4}}, 0, true},
		"loss that happens":           {[]Rule{{Loss: 0.6}}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			delay, arrives := verdict(c.rules, packet, func() float64 { return 0.5 })
			if arrives != c.arrives || arrives && delay != c.delay {
				t.Errorf("got %v, %t, want %v, %t", delay, arrives, c.delay, c.arrives)
			}
		})
	}
}

func TestOnePacketInTenIsLost(t *testing.T) {
	random, lost := rand.New(rand.NewPCG(1, 0)), 0
	for range 10_000 {
		if _, arrives := verdict([]Rule{{Loss: 0.1}}, Packet{}, random.Float64); !arrives {
			lost++
		}
	}
	if lost < 900 || lost > 1100 {
		t.Errorf("lost %d of 10000", lost)
	}
}
