package splice

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// maxTokens is how many tokens are encoded with the same codes, or a few more.
const maxTokens = 1 << 14

// codes are those of literals and lengths, then those of distances, << 16 and with their lengths.
type codes [numLiterals + numDistances]uint32

// encoder collects tokens and writes them as blocks.
type encoder struct {
	out    *bitWriter
	tokens []uint32 // as the symbol of a token
	often  [numLiterals]uint32
	far    [numDistances]uint32
	extra  int // bits beside the codes

	lengths [numLiterals + numDistances]uint8
	codes   codes
	runs    []uint16 // code lengths, with what they repeat << 8
}

func (e *encoder) reset(out *bitWriter) {
	e.out = out
	e.forget()
}

func (e *encoder) forget() {
	e.tokens, e.extra = e.tokens[:0], 0
	clear(e.often[:])
	clear(e.far[:])
}

// room flushes when there are enough tokens for one block.
func (e *encoder) room() {
	if len(e.tokens) >= maxTokens {
		e.flush(false)
	}
}

// literals adds bytes.
func (e *encoder) literals(p []byte) {
	for _, b := range p {
		e.literal(uint32(b))
	}
}

// literal adds a byte.
func (e *encoder) literal(b uint32) {
	e.tokens = append(e.tokens, b)
	e.often[b&0xff]++
}

// match adds a match.
func (e *encoder) match(size, back int) {
	e.tokens = append(e.tokens, uint32(size<<16|back))
	symbol := lengthSymbols[size]
	e.often[symbol]++
	e.extra += int(literals[symbol].extra())
	symbol = distanceSymbol(back)
	e.far[symbol]++
	e.extra += int(distances[symbol].extra())
}

// distanceSymbol returns the symbol of a distance.
func distanceSymbol(back int) uint16 {
	if back--; back < 4 {
		return uint16(back)
	}
	n := bits.Len32(uint32(back)) - 1
	return uint16(2*n + back>>(n-1)&1)
}

// flush writes what was added as a block, and ends the data with it if it is the last.
func (e *encoder) flush(last bool) {
	if len(e.tokens) == 0 {
		if last {
			e.out.end()
		}
		return
	}
	e.often[endOfBlock]++
	final := uint32(0)
	if last {
		final = 1
	}
	lits, dists, header := e.plan()
	if e.fixed() < header+e.size() {
		e.out.bits(final|1<<1, 3)
		e.body(&fixedCodes)
	} else {
		e.out.bits(final|2<<1, 3)
		e.head(lits, dists)
		assign(e.lengths[:numLiterals], e.codes[:])
		assign(e.lengths[numLiterals:], e.codes[numLiterals:])
		e.body(&e.codes)
	}
	e.forget()
}

// fixed returns how many bits the block takes with fixed codes.
func (e *encoder) fixed() int {
	size := e.extra
	for symbol, often := range e.often {
		size += int(often) * int(fixedLengths[symbol])
	}
	for _, often := range e.far {
		size += int(often) * 5
	}
	return size
}

// size returns how many bits the block takes with its own codes, without their header.
func (e *encoder) size() int {
	size := e.extra
	for symbol, often := range e.often {
		size += int(often) * int(e.lengths[symbol])
	}
	for symbol, often := range e.far {
		size += int(often) * int(e.lengths[numLiterals+symbol])
	}
	return size
}

// plan makes own codes, and returns how many of them the header names and how long it is.
func (e *encoder) plan() (lits, dists, header int) {
	codeLengthsFor(e.often[:], maxCode, e.lengths[:numLiterals])
	codeLengthsFor(e.far[:], maxCode, e.lengths[numLiterals:])
	lits, dists = numLiterals, numDistances
	for e.lengths[lits-1] == 0 {
		lits--
	}
	for e.lengths[numLiterals+dists-1] == 0 {
		dists--
	}
	e.runs = e.runs[:0]
	var all [numLiterals + numDistances]uint8
	n := copy(all[:], e.lengths[:lits])
	n += copy(all[n:], e.lengths[numLiterals:numLiterals+dists])
	e.runs = appendRuns(e.runs, all[:n])
	return lits, dists, 14 + e.headerSize()
}

// appendRuns appends code lengths in the way of a header: those that follow each other, once (RFC 1951, section 3.2.7).
func appendRuns(runs []uint16, lengths []uint8) []uint16 {
	for i := 0; i < len(lengths); {
		value, again := lengths[i], 1
		for i+again < len(lengths) && lengths[i+again] == value {
			again++
		}
		i += again
		if value != 0 {
			runs = append(runs, uint16(value))
			again--
		}
		for again > 0 {
			n := 1
			switch {
			case value == 0 && again >= 11:
				n = min(again, 138)
				runs = append(runs, uint16(n-11)<<8|zerosLong)
			case value == 0 && again >= 3:
				n = again
				runs = append(runs, uint16(n-3)<<8|zerosShort)
			case value != 0 && again >= 3:
				n = min(again, 6)
				runs = append(runs, uint16(n-3)<<8|repeat)
			default:
				runs = append(runs, uint16(value))
			}
			again -= n
		}
	}
	return runs
}

// runCodes makes the codes for code lengths. used is how many of them the header names.
func (e *encoder) runCodes(lengths *[numCodeLengths]uint8) (used int) {
	var often [numCodeLengths]uint32
	for _, run := range e.runs {
		often[run&0xff]++
	}
	codeLengthsFor(often[:], lengthBits, lengths[:])
	used = numCodeLengths
	for used > 4 && lengths[codeLengthOrder[used-1]] == 0 {
		used--
	}
	return used
}

// runExtra is how many bits follow the code of a code length.
func runExtra(run uint16) uint {
	switch run & 0xff {
	case repeat:
		return 2
	case zerosShort:
		return 3
	case zerosLong:
		return 7
	}
	return 0
}

func (e *encoder) headerSize() int {
	var lengths [numCodeLengths]uint8
	size := 3 * e.runCodes(&lengths)
	for _, run := range e.runs {
		size += int(lengths[run&0xff]) + int(runExtra(run))
	}
	return size
}

// head writes the codes of a block.
func (e *encoder) head(lits, dists int) {
	var lengths [numCodeLengths]uint8
	var codes [numCodeLengths]uint32
	used := e.runCodes(&lengths)
	assign(lengths[:], codes[:])
	e.out.bits(uint32(lits-257), 5)
	e.out.bits(uint32(dists-1), 5)
	e.out.bits(uint32(used-4), 4)
	for _, symbol := range codeLengthOrder[:used] {
		e.out.bits(uint32(lengths[symbol]), 3)
	}
	for _, run := range e.runs {
		code := codes[run&0xff]
		e.out.bits(code>>16, uint(code&0xffff))
		e.out.bits(uint32(run>>8), runExtra(run))
	}
}

// body writes the tokens and the end of the block.
func (e *encoder) body(codes *codes) {
	const longest = 48 // bits of a token
	buf := slices.Grow(e.out.buf, longest/8*len(e.tokens)+16)
	at, acc, n := len(buf), e.out.acc, e.out.n
	buf = buf[:cap(buf)]
	for _, t := range e.tokens {
		if n >= 64-longest {
			binary.LittleEndian.PutUint64(buf[at:], acc)
			at += int(n >> 3)
			acc >>= n &^ 7
			n &= 7
		}
		if t < 256 {
			code := codes[t]
			acc |= uint64(code>>16) << (n & 63)
			n += uint(code & 0xffff)
			continue
		}
		size, back := t>>16, t&0xffff
		symbol := lengthSymbols[size]
		code, meaning := codes[symbol], literals[symbol]
		acc |= uint64(code>>16) << (n & 63)
		n += uint(code & 0xffff)
		acc |= uint64(size-uint32(meaning>>16)) << (n & 63)
		n += meaning.extra()
		symbol = distanceSymbol(int(back))
		code, meaning = codes[numLiterals+int(symbol)], distances[symbol]
		acc |= uint64(code>>16) << (n & 63)
		n += uint(code & 0xffff)
		acc |= uint64(back-uint32(meaning>>16)) << (n & 63)
		n += meaning.extra()
	}
	e.out.buf, e.out.acc, e.out.n = buf[:at], acc, n
	e.out.whole()
	code := codes[endOfBlock]
	e.out.bits(code>>16, uint(code&0xffff))
}

// assign gives the codes to symbols of these lengths.
func assign(lengths []uint8, codes []uint32) {
	var next [maxCode + 2]int
	for _, n := range lengths {
		next[n]++
	}
	next[0] = 0
	code := 0
	for n := 1; n <= maxCode; n++ {
		code, next[n] = (code+next[n])<<1, code
	}
	for symbol, n := range lengths {
		if n > 0 {
			codes[symbol] = uint32(bits.Reverse16(uint16(next[n]))>>(16-n))<<16 | uint32(n)
			next[n]++
		}
	}
}
