package splice

import "encoding/binary"

// slack is how many zeros follow the input, so that the last bits of it are read like all others.
const slack = 16

// maxDistance is how far back a match reaches.
const maxDistance = 1 << 15

// A token is a literal, a match or a run: the data of a whole stored block.
type token struct {
	symbol uint32 // a literal, or the length of a match << 16 and its distance, or runMark and the length of a run
	bit    uint32 // where it begins in the input; a run begins with the header of its block
	end    uint32 // of the block that it stands in: the code << 16 and its length in bits; of a run 0
}

const runMark = 0xffff << 16

// size is how many bytes a token stands for.
func (t token) size() int {
	switch {
	case t.symbol < 256:
		return 1
	case t.symbol >= runMark:
		return int(t.symbol & 0xffff)
	}
	return int(t.symbol >> 16)
}

// step is how far an inflater has come.
type step uint8

const (
	stepMore    step = iota // it needs more input
	stepTokens              // there are tokens, all of one block
	stepHeader              // a block begins
	stepEnd                 // a block ends
	stepCorrupt             // the input is not DEFLATE data
)

// inflater decodes DEFLATE data (RFC 1951) that comes in pieces, and remembers how it was encoded.
type inflater struct {
	raw []byte // input that is still of use, and the slack
	end int    // of the input in raw
	bit int    // where it goes on in raw

	window []byte // what was decoded last, at least as far back as a match may reach
	n      int    // end of what was decoded in window
	low    int    // matches do not reach below

	opened     bool // within a block with Huffman codes
	final      bool // this block is the last
	headerAt   int  // bit where the header of this block began; less than 0 when that is dropped
	header     [320]byte
	headerBits int

	literals     *literalTable
	distances    *distanceTable
	ownLiterals  literalTable
	ownDistances distanceTable
	endCode      uint32 // as in a token

	tokens [2048]token
	count  int // of tokens
}

const (
	// A stored block may be held as a whole, and is no match's business.
	windowKept = maxDistance + maxStored
	windowSize = 2 * windowKept
)

func (d *inflater) reset() {
	if d.window == nil {
		d.window = make([]byte, windowSize)
	}
	d.raw, d.end, d.bit = append(d.raw[:0], make([]byte, slack)...), 0, 0
	d.begin()
	d.n, d.low, d.count = 0, 0, 0
}

// begin forgets the block and the window, for new data.
func (d *inflater) begin() {
	d.opened, d.final = false, false
	d.low = d.n
}

// feed appends input.
func (d *inflater) feed(p []byte) {
	var zeros [slack]byte
	d.raw = append(append(d.raw[:d.end], p...), zeros[:]...)
	d.end += len(p)
}

// drop forgets the first n bytes of raw.
func (d *inflater) drop(n int) {
	if n <= 0 {
		return
	}
	d.raw = d.raw[:copy(d.raw, d.raw[n:])]
	d.end -= n
	d.bit -= 8 * n
	d.headerAt -= 8 * n
	for i := range d.tokens[:d.count] {
		d.tokens[i].bit -= uint32(8 * n)
	}
}

// at returns the bits from a position on, at least 56.
func (d *inflater) at(bit int) uint64 {
	return binary.LittleEndian.Uint64(d.raw[bit>>3:]) >> (bit & 7)
}

// next decodes up to limit bytes, and appends to the tokens. A run is not divided.
func (d *inflater) next(limit int) step {
	if d.opened {
		return d.codes(limit)
	}
	return d.block()
}

// makeRoom moves the window so that n bytes more have a place. It returns by how much.
func (d *inflater) makeRoom(n int) (moved int) {
	if d.n+n <= len(d.window) {
		return 0
	}
	moved = d.n - windowKept
	copy(d.window, d.window[moved:d.n])
	d.n -= moved
	d.low = max(0, d.low-moved)
	return moved
}

// run decodes the data of a stored block, all of it at once. The header's first bits are read.
func (d *inflater) run(after int) step {
	start := (after + 7) >> 3
	if start+4 > d.end {
		return stepMore
	}
	size := int(binary.LittleEndian.Uint16(d.raw[start:]))
	if binary.LittleEndian.Uint16(d.raw[start+2:]) != ^uint16(size) {
		return stepCorrupt
	}
	start += 4
	if start+size > d.end {
		return stepMore
	}
	d.n += copy(d.window[d.n:], d.raw[start:start+size])
	if size > 0 {
		d.tokens[d.count] = token{symbol: runMark | uint32(size), bit: uint32(d.bit)}
		d.count++
	}
	d.headerAt = d.bit
	d.bit = 8 * (start + size)
	return stepEnd
}

// codes decodes tokens of a block with Huffman codes.
func (d *inflater) codes(limit int) step {
	var (
		raw, window = d.raw, d.window
		lits, dists = d.literals, d.distances
		pos         = d.bit >> 3
		acc         = binary.LittleEndian.Uint64(raw[pos:]) >> (d.bit & 7)
		have        = 64 - uint(d.bit&7)
		n, count    = d.n, d.count
		from        = count
		stop        = n + limit
		result      = stepTokens
	)
	pos += 8
	if have == 64 {
		// The reading below leaves the accumulator at no more than 63 bits.
		have, pos = 56, pos-1
		acc &= 1<<56 - 1
	}
	start := d.bit
loop:
	for count < len(d.tokens) && n < stop {
		start = pos*8 - int(have)
		if have < 48 {
			if pos > d.end+7 {
				result = stepMore
				break
			}
			acc |= binary.LittleEndian.Uint64(raw[pos:]) << have
			pos += int(63-have) >> 3
			have |= 56
		}
		e := lits[acc&(1<<literalBits-1)]
		if e&kindMask == kindLink {
			acc >>= literalBits
			have -= literalBits
			e = lits[e.value()+int(acc&(1<<e.extra()-1))]
		}
		acc >>= e.length()
		have -= e.length()
		switch e & kindMask {
		case kindLiteral:
			if e == 0 {
				result = stepCorrupt
				break loop
			}
			if pos > d.end && pos*8-int(have) > d.end*8 {
				result = stepMore
				break loop
			}
			d.tokens[count] = token{symbol: uint32(e >> 16), bit: uint32(start), end: d.endCode}
			count++
			window[n] = byte(e >> 16)
			n++
			continue
		case kindEnd:
			result = stepEnd
			start = pos*8 - int(have)
			break loop
		}
		size := e.value() + int(acc&(1<<e.extra()-1))
		acc >>= e.extra()
		have -= e.extra()
		e = dists[acc&(1<<distanceBits-1)]
		if e&kindMask == kindLink {
			acc >>= distanceBits
			have -= distanceBits
			e = dists[e.value()+int(acc&(1<<e.extra()-1))]
		}
		if e == 0 {
			result = stepCorrupt
			break
		}
		acc >>= e.length()
		have -= e.length()
		back := e.value() + int(acc&(1<<e.extra()-1))
		acc >>= e.extra()
		have -= e.extra()
		if pos > d.end && pos*8-int(have) > d.end*8 {
			result = stepMore
			break
		}
		if back > n-d.low {
			result = stepCorrupt
			break
		}
		d.tokens[count] = token{symbol: uint32(size<<16 | back), bit: uint32(start), end: d.endCode}
		count++
		// What is copied may be what this match itself has written.
		for done := 0; done < size; {
			done += copy(window[n+done:n+size], window[n-back:n+done])
		}
		n += size
	}
	switch result {
	case stepTokens:
		start = pos*8 - int(have)
	case stepEnd:
		if start > d.end*8 {
			// What looked like the end of the block was read beyond the input.
			result, start = stepMore, start-int(d.endCode&0xffff)
		} else {
			d.opened = false
		}
	case stepCorrupt:
		if start+48 > d.end*8 {
			result = stepMore
		}
	}
	d.bit, d.n, d.count = start, n, count
	if result == stepMore && count > from {
		result = stepTokens
	}
	return result
}
