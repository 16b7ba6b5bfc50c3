package splice

import "math/bits"

// What a code stands for, as an entry of a table for decoding:
//
//	bits 0 to 3    length of the code, from where this table begins to look
//	bits 4 to 7    extra bits that follow it; of a link: bits that the table behind it looks at
//	bits 8 and 9   kind
//	bits 16 to 31  literal, base of a length or distance, or place of the table behind a link
//
// No code has the entry 0.
type entry uint32

const (
	kindLiteral = iota << 8
	kindMatch
	kindEnd
	kindLink
	kindMask = kindLink
)

func (e entry) length() uint { return uint(e & 15) }
func (e entry) extra() uint  { return uint(e >> 4 & 15) }
func (e entry) value() int   { return int(e >> 16) }

const (
	maxCode        = 15 // bits of a code
	numLiterals    = 286
	numDistances   = 30
	numCodeLengths = 19
	endOfBlock     = 256

	literalBits  = 10 // that the first table looks at
	distanceBits = 8
	lengthBits   = 7
)

// Symbols that repeat code lengths (RFC 1951, section 3.2.7).
const (
	repeat     = 16 // the last one 3 to 6 times
	zerosShort = 17 // 0, 3 to 10 times
	zerosLong  = 18 // 0, 11 to 138 times
)

var codeLengthOrder = [numCodeLengths]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// Tables as long as the worst set of codes needs, and more.
type (
	literalTable  [2048]entry
	distanceTable [1024]entry
)

var (
	literals    [numLiterals]entry  // without the length of the code
	distances   [numDistances]entry // the same
	codeLengths [numCodeLengths]entry

	lengthSymbols [maxMatch + 1]uint16 // of the length of a match

	fixedLiterals  literalTable
	fixedDistances distanceTable
	fixedLengths   [numLiterals + 2]uint8 // two codes stand for nothing
	fixedCodes     codes
)

const (
	minMatch = 3
	maxMatch = 258
)

func init() {
	for i := range literals {
		literals[i] = entry(i<<16 | kindLiteral)
	}
	literals[endOfBlock] = kindEnd
	base := minMatch
	for i := range 28 {
		extra := max(0, i/4-1)
		literals[endOfBlock+1+i] = entry(base<<16 | extra<<4 | kindMatch)
		for n := range 1 << extra {
			lengthSymbols[base+n] = uint16(endOfBlock + 1 + i)
		}
		base += 1 << extra
	}
	literals[285] = entry(maxMatch<<16 | kindMatch)
	lengthSymbols[maxMatch] = 285
	base = 1
	for i := range distances {
		extra := max(0, i/2-1)
		distances[i] = entry(base<<16 | extra<<4 | kindMatch)
		base += 1 << extra
	}
	for i := range codeLengths {
		codeLengths[i] = entry(i << 16)
	}
	for i := range fixedLengths {
		switch {
		case i < 144:
			fixedLengths[i] = 8
		case i < 256:
			fixedLengths[i] = 9
		case i < 280:
			fixedLengths[i] = 7
		default:
			fixedLengths[i] = 8
		}
	}
	var fives [numDistances + 2]uint8
	for i := range fives {
		fives[i] = 5
	}
	build(fixedLiterals[:], literalBits, fixedLengths[:], literals[:])
	build(fixedDistances[:], distanceBits, fives[:], distances[:])
	assign(fixedLengths[:], fixedCodes[:len(fixedLengths)])
	assign(fives[:numDistances], fixedCodes[numLiterals:])
}

// build fills a table that looks at root bits first, for codes of these lengths (RFC 1951, section 3.2.2) and what they stand for; those
// beyond stand for nothing. It is false when there are too many codes, or too few, but for none at all and a single one of
// one bit, as in zlib.
func build(table []entry, root uint, lengths []uint8, meaning []entry) bool {
	clear(table)
	var count, code [maxCode + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	longest, left := 0, 1
	for n := 1; n <= maxCode; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false
		}
		if count[n] > 0 {
			longest = n
		}
		code[n+1] = (code[n] + count[n]) << 1
	}
	if left > 0 && longest > 1 {
		return false
	}
	var sorted [numLiterals + 2]uint16
	var place [maxCode + 2]int
	for n := 1; n <= maxCode; n++ {
		place[n+1] = place[n] + count[n]
	}
	used := place[maxCode+1]
	for symbol, n := range lengths {
		if n > 0 {
			sorted[place[n]] = uint16(symbol)
			place[n]++
		}
	}
	next := 1 << root // where a further table goes
	link, linked, deep := -1, 0, uint(0)
	for _, symbol := range sorted[:used] {
		n := uint(lengths[symbol])
		reversed := int(bits.Reverse16(uint16(code[n])) >> (16 - n))
		code[n]++
		if n <= root {
			if int(symbol) < len(meaning) {
				fill(table[:1<<root], reversed, n, meaning[symbol]|entry(n))
			}
			continue
		}
		if first := reversed & (1<<root - 1); first != link {
			link, linked = first, next
			deep = n - root
			for room := 1<<deep - count[n]; room > 0 && deep+root < uint(longest); {
				deep++
				room = room<<1 - count[deep+root]
			}
			next += 1 << deep
			table[link] = entry(linked<<16) | entry(deep<<4) | entry(root) | kindLink
		}
		count[n]--
		if int(symbol) < len(meaning) {
			fill(table[linked:linked+1<<deep], reversed>>root, n-root, meaning[symbol]|entry(n-root))
		}
	}
	return true
}

// fill puts e wherever the lowest n bits are code.
func fill(table []entry, code int, n uint, e entry) {
	for ; code < len(table); code += 1 << n {
		table[code] = e
	}
}
