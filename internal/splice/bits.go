package splice

import "encoding/binary"

// bitWriter appends bits to a buffer, the lowest first (RFC 1951, section 3.1.1).
type bitWriter struct {
	buf []byte
	acc uint64 // bits that do not fill a byte yet, and up to 5 bytes more
	n   uint   // how many
}

// bits appends the n lowest bits of v, which has no others. At most 16.
func (w *bitWriter) bits(v uint32, n uint) {
	w.acc |= uint64(v) << w.n
	w.n += n
	if w.n >= 48 {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, w.acc)
		w.buf = w.buf[:len(w.buf)-2]
		w.acc >>= 48
		w.n -= 48
	}
}

// phase is how many bits of the current byte are written.
func (w *bitWriter) phase() uint { return w.n & 7 }

// whole moves all bytes that are full to the buffer.
func (w *bitWriter) whole() {
	for w.n >= 8 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
		w.n -= 8
	}
}

// align fills the current byte with zeros.
func (w *bitWriter) align() {
	w.n = (w.n + 7) &^ 7
	w.whole()
}

// copy appends the bits of raw from one position to another. As the phase is that of from, whole bytes stay whole.
func (w *bitWriter) copy(raw []byte, from, to int) {
	for from < to && from&7 != 0 {
		n := min(8-from&7, to-from)
		w.bits(uint32(raw[from>>3]>>(from&7))&(1<<n-1), uint(n))
		from += n
	}
	if from == to {
		return
	}
	w.whole()
	w.buf = append(w.buf, raw[from>>3:to>>3]...)
	if n := to & 7; n > 0 {
		w.bits(uint32(raw[to>>3])&(1<<n-1), uint(n))
	}
}

// stored appends a block of uncompressed data, which ends at the end of a byte (RFC 1951, section 3.2.4).
func (w *bitWriter) stored(data []byte) {
	for first := true; first || len(data) > 0; first = false {
		n := min(len(data), maxStored)
		w.bits(0, 3)
		w.align()
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(n))
		w.buf = binary.LittleEndian.AppendUint16(w.buf, ^uint16(n))
		w.buf = append(w.buf, data[:n]...)
		data = data[n:]
	}
}

// maxStored is how much data a stored block holds.
const maxStored = 1<<16 - 1

// end appends an empty last block with fixed codes.
func (w *bitWriter) end() { w.bits(0b011, 10) }

// shift appends empty blocks until the phase is want, so that what follows can be copied byte by byte.
func (w *bitWriter) shift(want uint) {
	if (want-w.phase())&1 != 0 {
		w.odd()
	}
	for w.phase() != want&7 {
		w.bits(0b010, 10) // with fixed codes
	}
}

// odd appends an empty block with an odd number of bits, 91: one with codes of its own, for the literal 255, the end of the block and the
// first distance. All three, like the two codes for code lengths, take one bit.
func (w *bitWriter) odd() {
	w.bits(0b100, 3)
	w.bits(0, 5)                  // 257 codes of literals and lengths
	w.bits(0, 5)                  // 1 code of distances
	w.bits(numCodeLengths-1-4, 4) // all but the last code of code lengths
	for _, symbol := range codeLengthOrder[:numCodeLengths-1] {
		if symbol == 1 || symbol == zerosLong {
			w.bits(1, 3)
		} else {
			w.bits(0, 3)
		}
	}
	const one, zeros = 0, 1 // the codes of these symbols
	for _, run := range [...]uint32{138, 255 - 138} {
		w.bits(zeros, 1)
		w.bits(run-11, 7)
	}
	for range 3 {
		w.bits(one, 1)
	}
	w.bits(1, 1) // the end of the block
}
