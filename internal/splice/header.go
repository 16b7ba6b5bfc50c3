package splice

import "math/bits"

// block reads the header of a block (RFC 1951, section 3.2.3), and all of a stored one.
func (d *inflater) block() step {
	limit := d.end * 8
	if d.bit+3 > limit {
		return stepMore
	}
	if d.count == len(d.tokens) {
		return stepTokens
	}
	head := d.at(d.bit)
	final := head&1 != 0
	switch head >> 1 & 3 {
	case 0:
		s := d.run(d.bit + 3)
		if s == stepEnd {
			d.final = final
		}
		return s
	case 1:
		d.literals, d.distances = &fixedLiterals, &fixedDistances
		d.endCode = 7
		d.open(final, d.bit+3)
		return stepHeader
	case 2:
		after, s := d.dynamic(d.bit + 3)
		if s == stepHeader {
			d.open(final, after)
		}
		return s
	}
	return stepCorrupt
}

// open begins a block with Huffman codes whose header ends at after.
func (d *inflater) open(final bool, after int) {
	d.opened, d.final = true, final
	d.headerAt, d.headerBits = d.bit, after-d.bit
	for i, bit := 0, d.bit; bit < after; i, bit = i+1, bit+8 {
		d.header[i] = byte(d.at(bit))
	}
	d.bit = after
}

// dynamic reads the codes of a block (RFC 1951, section 3.2.7). It returns where they end.
func (d *inflater) dynamic(bit int) (after int, s step) {
	limit := d.end * 8
	if bit+14 > limit {
		return 0, stepMore
	}
	head := d.at(bit)
	numLits, numDists, numLens := int(head&31)+257, int(head>>5&31)+1, int(head>>10&15)+4
	if numLits > numLiterals || numDists > numDistances {
		return 0, stepCorrupt
	}
	bit += 14
	if bit+3*numLens > limit {
		return 0, stepMore
	}
	var lens [numCodeLengths]uint8
	for i := range numLens {
		lens[codeLengthOrder[i]] = uint8(d.at(bit) & 7)
		bit += 3
	}
	var table [1 << lengthBits]entry
	if !build(table[:], lengthBits, lens[:], codeLengths[:]) {
		return 0, stepCorrupt
	}
	var lengths [numLiterals + numDistances]uint8
	for i := 0; i < numLits+numDists; {
		word := d.at(bit)
		e := table[word&(1<<lengthBits-1)]
		if e == 0 {
			if bit+lengthBits > limit {
				return 0, stepMore
			}
			return 0, stepCorrupt
		}
		word >>= e.length()
		bit += int(e.length())
		symbol, again, value := e.value(), 1, uint8(0)
		switch symbol {
		case repeat:
			if i == 0 {
				if bit > limit {
					return 0, stepMore
				}
				return 0, stepCorrupt
			}
			again, value = 3+int(word&3), lengths[i-1]
			bit += 2
		case zerosShort:
			again = 3 + int(word&7)
			bit += 3
		case zerosLong:
			again = 11 + int(word&127)
			bit += 7
		default:
			value = uint8(symbol)
		}
		if bit > limit {
			return 0, stepMore
		}
		if i+again > numLits+numDists {
			return 0, stepCorrupt
		}
		for range again {
			lengths[i] = value
			i++
		}
	}
	// Without a code for its end a block has none.
	if lengths[endOfBlock] == 0 ||
		!build(d.ownLiterals[:], literalBits, lengths[:numLits], literals[:]) ||
		!build(d.ownDistances[:], distanceBits, lengths[numLits:numLits+numDists], distances[:]) {
		return 0, stepCorrupt
	}
	d.literals, d.distances = &d.ownLiterals, &d.ownDistances
	d.endCode = codeOf(lengths[:numLits], endOfBlock)
	return bit, stepHeader
}

// codeOf returns the code of a symbol << 16, with its length.
func codeOf(lengths []uint8, symbol int) uint32 {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	own, code := lengths[symbol], 0
	for n := uint8(1); n <= own; n++ {
		code = (code + count[n-1]) << 1
	}
	for _, n := range lengths[:symbol] {
		if n == own {
			code++
		}
	}
	return uint32(bits.Reverse16(uint16(code))>>(16-own))<<16 | uint32(own)
}
