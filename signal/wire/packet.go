package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A link carries packets, over one path at a time: the data channels of a peer connection or, before they are open and when they are
// gone, the relay of the app's server. Frames and control messages are numbered, from 0 and for each direction, and kept by their end until
// the other has acknowledged them. Whenever the path changes, what is not acknowledged is sent again over the new one, and what has come
// already is dropped by its number, so that nothing is lost, doubled or reordered.

// The first byte of a packet: its kind.
const (
	PacketFrame   = 0 // a frame, or the last chunk of one
	PacketMore    = 1 // a chunk of a frame of which more follows on this path
	PacketPacked  = 2 // as PacketFrame; the frame is compressed (DEFLATE, RFC 1951)
	PacketControl = 3 // a control message as JSON text
	PacketPointer = 4 // a PointerMove, or, of an agent, a LaserMove
	PacketAck     = 5 // what has come
	PacketFrom    = 6 // the sender goes on on this path
)

// Limits of packets.
const (
	MaxPacketBytes = 64 << 10 // over a data channel; less when the peer takes less (RFC 8841 section 6)
	MaxRelayBytes  = 32 << 10 // over the relay
)

// The data channels of a link: negotiated by id (W3C RTCDataChannelInit), so that neither side waits for the other to open one. Over the
// relay all packets take one way.
const (
	ChannelControl = 0 // ordered, reliable: PacketControl, PacketAck
	ChannelFrames  = 1 // ordered, reliable: PacketFrame, PacketMore, PacketPacked, PacketFrom
	ChannelPointer = 2 // unordered, no retransmission: PacketPointer
)

// ErrPacket is wrapped by the errors of DecodePacket and ReadRelayed.
var ErrPacket = errors.New("wire: malformed packet")

// Packet is one message on a path of a link.
type Packet struct {
	Kind byte

	// Number is that of the frame or control message; in PacketAck and PacketFrom, of the next frame: all before it have come, or will not come.
	Number uint32

	// Also is, in PacketAck, the number of the next control message; in PacketFrom, how often the sender has changed the path, so that a late one is known.
	Also uint32

	Data []byte // of a frame, a control message or a pointer; shares memory with what was decoded
}

// Append appends the packet's bytes to dst.
func (p Packet) Append(dst []byte) []byte {
	dst = append(dst, p.Kind)
	switch p.Kind {
	case PacketPointer:
	case PacketAck, PacketFrom:
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(dst, p.Number), p.Also)
	default:
		dst = binary.BigEndian.AppendUint32(dst, p.Number)
	}
	return append(dst, p.Data...)
}

// DecodePacket reads a packet. The error wraps ErrPacket.
func DecodePacket(data []byte) (Packet, error) {
	if len(data) == 0 || len(data) > MaxPacketBytes {
		return Packet{}, fmt.Errorf("%w: %d bytes", ErrPacket, len(data))
	}
	p := Packet{Kind: data[0]}
	body := data[1:]
	switch p.Kind {
	case PacketFrame, PacketMore, PacketPacked, PacketControl:
		if len(body) < 4 {
			return Packet{}, fmt.Errorf("%w: no number", ErrPacket)
		}
		p.Number, p.Data = binary.BigEndian.Uint32(body), body[4:]
	case PacketPointer:
		p.Data = body
	case PacketAck, PacketFrom:
		if len(body) != 8 {
			return Packet{}, fmt.Errorf("%w: %d bytes of kind %d", ErrPacket, len(data), p.Kind)
		}
		p.Number, p.Also = binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	default:
		return Packet{}, fmt.Errorf("%w: kind %d", ErrPacket, p.Kind)
	}
	return p, nil
}

// AppendRelayed appends a binary message of the signalling WebSocket, which carries a sealed packet of a link: to a member when a client
// sends it, from a member when the server does. member and link are of at most 255 bytes.
func AppendRelayed(dst []byte, member, link string, box []byte) []byte {
	dst = append(append(dst, byte(len(member))), member...)
	dst = append(append(dst, byte(len(link))), link...)
	return append(dst, box...)
}

// ReadRelayed reads a binary message of the signalling WebSocket. box shares memory with data. The error wraps ErrPacket.
func ReadRelayed(data []byte) (member, link string, box []byte, err error) {
	member, rest, ok := prefixed(data)
	if ok {
		link, box, ok = prefixed(rest)
	}
	if !ok {
		return "", "", nil, fmt.Errorf("%w: relayed", ErrPacket)
	}
	return member, link, box, nil
}

// prefixed reads a text after its length in one byte.
func prefixed(data []byte) (text string, rest []byte, ok bool) {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return "", nil, false
	}
	end := 1 + int(data[0])
	return string(data[1:end]), data[end:], true
}
