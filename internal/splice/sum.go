package splice

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
)

// crcShift returns the checksum that n zero bytes make of crc: in the ring of polynomials over GF(2) modulo that of CRC-32, crc times
// x to the power of 8n. Bits are reversed, as they are in the checksum, so that the highest is 1.
func crcShift(crc uint32, n uint64) uint32 {
	square := uint32(1) << (31 - 8) // x to the power of 8
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			crc = crcTimes(crc, square)
		}
		square = crcTimes(square, square)
	}
	return crc
}

func crcTimes(a, b uint32) (product uint32) {
	for ; a != 0; a <<= 1 {
		if a>>31 != 0 {
			product ^= b
		}
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return product
}

const adlerBase = 65521

// sums are the checksums of a document up to the place, without and with what is inserted there.
type sums struct {
	format       Format
	before, with uint32
}

func (s *sums) reset(f Format) {
	s.format = f
	s.before = 0
	if f == Zlib {
		s.before = 1
	}
}

// add goes on with what comes before the place.
func (s *sums) add(p []byte) { s.before = s.update(s.before, p) }

// insert says what comes at the place.
func (s *sums) insert(p []byte) { s.with = s.update(s.before, p) }

func (s *sums) update(sum uint32, p []byte) uint32 {
	switch s.format {
	case Gzip:
		return crc32.Update(sum, crc32.IEEETable, p)
	case Zlib:
		return adlerUpdate(sum, p)
	}
	return 0
}

// adlerUpdate is what hash/adler32 does not offer: to go on from a checksum.
func adlerUpdate(sum uint32, p []byte) uint32 {
	// The sum of p alone begins with 1 and 0 (RFC 1950, section 9).
	alone := adler32.Checksum(p)
	a, b, n := sum&0xffff, sum>>16, uint32(len(p)%adlerBase)
	ownA, ownB := (alone&0xffff+adlerBase-1)%adlerBase, alone>>16
	b = (b + ownB + adlerBase - n + uint32(uint64(n)*uint64(a)%adlerBase)) % adlerBase
	return b<<16 | (a+ownA)%adlerBase
}

// patch changes the trailer of a document of which after bytes follow the place, where inserted bytes came in. A checksum that was wrong
// stays wrong.
func (s *sums) patch(trailer []byte, after uint64, inserted int) {
	switch s.format {
	case Gzip:
		crc := binary.LittleEndian.Uint32(trailer) ^ crcShift(s.before^s.with, after)
		binary.LittleEndian.PutUint32(trailer, crc)
		binary.LittleEndian.PutUint32(trailer[4:], binary.LittleEndian.Uint32(trailer[4:])+uint32(inserted))
	case Zlib:
		// Each byte after the place adds the first sum at the place to the second once.
		sum := binary.BigEndian.Uint32(trailer)
		a := (sum&0xffff + s.with&0xffff + adlerBase - s.before&0xffff) % adlerBase
		more := uint64(s.with&0xffff+adlerBase-s.before&0xffff) * (after % adlerBase)
		b := (uint64(sum>>16) + uint64(s.with>>16) + adlerBase - uint64(s.before>>16) + more) % adlerBase
		binary.BigEndian.PutUint32(trailer, uint32(b)<<16|a)
	}
}
