package splice

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Of a member of gzip nothing tells where it ends but its own data. As long as the rest of it is short, it is kept, and decoded only when
// something looks like the header of another member; the trailer that came before must be there still. When the rest is longer than
// maxKept, it is decoded from then on, so that its length is known for sure: the trailer tells it modulo 4 GiB only.
const (
	maxKept = 640 << 10
	held    = 8 + len(magic)
)

// maxRatio is how much longer data can become when it is decoded: the longest match takes two bits.
const maxRatio = 4 * maxMatch

// keep passes on what is only copied, but for what may be a trailer and the start of a header.
func (s *Splicer) keep() (more bool) {
	if s.d.end > maxKept || s.isFollowed(max(s.scanned-len(magic)+1, 8)) {
		s.counted = true
		return true
	}
	s.scanned = s.d.end
	s.release(s.d.end - held)
	return false
}

// isFollowed tells whether something in what is kept looks like a header of a member, with a trailer before it.
func (s *Splicer) isFollowed(from int) bool {
	for p := s.d.raw[:s.d.end]; ; from++ {
		n := bytes.IndexByte(p[min(from, len(p)):], magic[0])
		if n < 0 {
			return false
		}
		from += n
		if bytes.HasPrefix(p[from:], []byte(magic)) && s.rest(p[from-8:from]) <= uint64(from)*maxRatio {
			return true
		}
	}
}

// isUsual tells whether a trailer after so many bytes of data is what one expects of HTML. That it is not, means nothing.
func (s *Splicer) isUsual(trailer []byte, data int) bool {
	rest := s.rest(trailer)
	return rest >= uint64(data/2) && rest <= uint64(data)*64
}

// rest returns how many decoded bytes are to come, when this is the trailer and there are less than 4 GiB.
func (s *Splicer) rest(trailer []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(trailer[4:]) - uint32(s.total+s.after))
}

// synced tells whether what is kept ends where whoever encodes it has flushed (a stored block without data).
func (s *Splicer) synced() bool {
	return !s.counted && bytes.HasSuffix(s.d.raw[:s.d.end], []byte{0, 0, 0xff, 0xff})
}

// release passes on what is kept, up to a byte.
func (s *Splicer) release(to int) {
	from := s.copied >> 3
	if from >= to {
		return
	}
	if s.write() == nil {
		_, s.failed = s.out.Write(s.d.raw[from:to])
	}
	s.copied = 8 * to
}

// count decodes the rest of the data to find its end.
func (s *Splicer) count() (more bool) {
	d := &s.d
	d.makeRoom(room)
	from := d.n
	result := d.next(room - maxMatch)
	d.count = 0
	s.after += uint64(d.n - from)
	if result == stepCorrupt {
		s.release(d.end)
		s.broken = ErrCorrupt
		s.stage = passing
		return false
	}
	if result == stepEnd && d.final {
		at := (d.bit + 7) >> 3
		if s.copied > 8*at {
			// Something that is no member has followed, and the trailer is gone.
			s.broken = ErrTrailing
			s.release(d.end)
			s.stage = passing
			return false
		}
		s.release(at)
		s.stage = ending
		return true
	}
	if result == stepMore {
		s.release(d.end)
		return false
	}
	return true
}

// last ends a document whose data was only copied.
func (s *Splicer) last() {
	d := &s.d
	if at := d.end - 8; !s.counted && at > d.bit>>3 && s.copied <= 8*at && s.isUsual(d.raw[at:d.end], at) {
		s.after += s.rest(d.raw[at:d.end])
		s.release(at)
		d.bit = 8 * at
		s.close()
		return
	}
	if !s.counted {
		s.counted = true
		s.run()
	}
	if s.stage == copying || s.stage == ending {
		s.broken = io.ErrUnexpectedEOF
	}
}
