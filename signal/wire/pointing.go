package wire

import (
	"encoding/binary"
	"fmt"
)

// Limits of the marks of one agent on one page. Beyond them the oldest marks go, and further points are dropped.
const (
	MaxMarks      = 100
	MaxMarkPoints = 10_000    // of all its marks
	MaxMarkValue  = 1_000_000 // of a coordinate, either way
)

// MarkUnit is what the width and height of an element count as in the coordinates of marks, unless these are in pixels.
const MarkUnit = 10_000

// LaserMove is the PacketPointer of an agent: where its laser is, from the top left of an element's border box, in parts of its size (MarkUnit) or CSS pixels. One
// with a Seq that is not above the last is late and void.
type LaserMove struct {
	Seq    uint32
	Page   uint32 // number of the frame that began the page of the node
	Node   NodeID // 0: the laser is off
	Pixels bool
	X      int32
	Y      int32
}

const laserBytes = 21

// AppendLaser appends the encoded move to dst: the fields in their order, numbers in four bytes, big-endian, Pixels in one.
func AppendLaser(dst []byte, m LaserMove) []byte {
	for _, n := range [...]uint32{m.Seq, m.Page, uint32(m.Node)} {
		dst = binary.BigEndian.AppendUint32(dst, n)
	}
	pixels := byte(0)
	if m.Pixels {
		pixels = 1
	}
	dst = append(dst, pixels)
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(dst, uint32(m.X)), uint32(m.Y))
}

// DecodeLaser decodes a move. The error wraps ErrPacket.
func DecodeLaser(data []byte) (LaserMove, error) {
	if len(data) != laserBytes || data[12] > 1 {
		return LaserMove{}, fmt.Errorf("%w: laser", ErrPacket)
	}
	n := func(at int) uint32 { return binary.BigEndian.Uint32(data[at:]) }
	return LaserMove{Seq: n(0), Page: n(4), Node: NodeID(n(8)), Pixels: data[12] == 1, X: int32(n(13)), Y: int32(n(17))}, nil
}
