package lab

import (
	"encoding/binary"
	"net/netip"
)

// Protocols of packets (IANA protocol numbers).
const (
	TCP = 6
	UDP = 17
)

// Packet is what the network knows of an IPv4 packet (RFC 791).
type Packet struct {
	From, To string // the hosts whose addresses it has
	Protocol byte
	Src, Dst netip.AddrPort // ports of TCP and UDP, else 0
	Opens    bool           // a TCP segment with SYN
	Closes   bool           // a TCP segment with FIN or RST
	Bytes    int
}

// Flow is a TCP connection, or what goes over UDP between two ports, whatever the direction.
type Flow struct {
	Protocol byte
	Ends     [2]netip.AddrPort // the lower one first
}

// Flow gives the flow the packet belongs to.
func (p Packet) Flow() Flow {
	if p.Src.Compare(p.Dst) > 0 {
		p.Src, p.Dst = p.Dst, p.Src
	}
	return Flow{p.Protocol, [2]netip.AddrPort{p.Src, p.Dst}}
}

// Flags of a TCP segment (RFC 9293 section 3.1).
const (
	fin = 1 << 0
	syn = 1 << 1
	rst = 1 << 2
)

// parse reads a packet but for its hosts. Whatever is not IPv4 is not ok.
func parse(data []byte) (p Packet, ok bool) {
	if len(data) < 20 || data[0]>>4 != 4 {
		return Packet{}, false
	}
	header := int(data[0]&15) * 4
	if header < 20 || len(data) < header {
		return Packet{}, false
	}
	src, dst := netip.AddrFrom4([4]byte(data[12:16])), netip.AddrFrom4([4]byte(data[16:20]))
	var srcPort, dstPort uint16
	p.Protocol, p.Bytes = data[9], len(data)
	first := binary.BigEndian.Uint16(data[6:])&0x1fff == 0
	if body := data[header:]; first && (p.Protocol == TCP && len(body) >= 20 || p.Protocol == UDP && len(body) >= 8) {
		srcPort, dstPort = binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
		if p.Protocol == TCP {
			p.Opens, p.Closes = body[13]&syn != 0, body[13]&(fin|rst) != 0
		}
	}
	p.Src, p.Dst = netip.AddrPortFrom(src, srcPort), netip.AddrPortFrom(dst, dstPort)
	return p, true
}
