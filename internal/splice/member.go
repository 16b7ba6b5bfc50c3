package splice

import (
	"bytes"
	"encoding/binary"
)

// maxHeader bounds what is kept of a header that does not end.
const maxHeader = 128 << 10

// trailer returns how long what follows the data is.
func (f Format) trailer() int {
	switch f {
	case Gzip:
		return 8
	case Zlib:
		return 4
	}
	return 0
}

// start reads the header of a member, or of the whole document.
func (s *Splicer) start() (more bool) {
	at := s.d.bit >> 3
	head := s.d.raw[at:s.d.end]
	n, ok := s.format.header(head)
	switch {
	case !ok && s.format == Deflate:
		s.format, n = raw, 0
	case !ok || n < 0 && len(head) > maxHeader:
		s.refuse()
		return false
	case n < 0:
		return false
	case s.format == Deflate:
		s.format = Zlib
	}
	s.d.bit = 8 * (at + n)
	s.w.copy(s.d.raw, s.copied, s.d.bit)
	s.copied = s.d.bit
	s.d.begin()
	s.sums.reset(s.format)
	s.summed, s.total = s.d.n, 0
	s.stage = looking
	return true
}

// magic begins the header of a member of gzip.
const magic = "\x1f\x8b\x08"

// header returns how long the header at the start of p is, less than 0 when it goes on. ok is false when it is none.
func (f Format) header(p []byte) (n int, ok bool) {
	if f == Gzip {
		return gzipHeader(p)
	}
	if len(p) < 2 {
		return -1, true
	}
	// The method is DEFLATE, with a window of 32 KiB at most and no dictionary (RFC 1950, section 2.2).
	ok = p[0]&15 == 8 && p[0]>>4 <= 7 && binary.BigEndian.Uint16(p)%31 == 0 && p[1]&0x20 == 0
	return 2, ok
}

// gzipHeader reads a header of RFC 1952, section 2.3.
func gzipHeader(p []byte) (n int, ok bool) {
	const (
		hasChecksum = 1 << (iota + 1)
		hasExtra
		hasName
		hasComment
		reserved = 0xe0
	)
	if n := min(len(p), len(magic)); string(p[:n]) != magic[:n] || len(p) > 3 && p[3]&reserved != 0 {
		return 0, false
	}
	if len(p) < 10 {
		return -1, true
	}
	flags := p[3]
	n = 10
	if flags&hasExtra != 0 {
		if len(p) < n+2 {
			return -1, true
		}
		n += 2 + int(binary.LittleEndian.Uint16(p[n:]))
	}
	for _, text := range [...]byte{hasName, hasComment} {
		if flags&text == 0 {
			continue
		}
		if n >= len(p) {
			return -1, true
		}
		end := bytes.IndexByte(p[n:], 0)
		if end < 0 {
			return -1, true
		}
		n += end + 1
	}
	if flags&hasChecksum != 0 {
		n += 2
	}
	if n > len(p) {
		return -1, true
	}
	return n, true
}

// end reads the trailer of a member whose data is complete.
func (s *Splicer) end() (more bool) {
	at := (s.d.bit + 7) >> 3
	if at+s.format.trailer() > s.d.end {
		return false
	}
	if s.inserted == 0 {
		s.stage, s.dirty = between, s.total > 0
		return true
	}
	s.close()
	s.stage = passing
	return true
}

// close writes the trailer.
func (s *Splicer) close() {
	at := (s.d.bit + 7) >> 3
	after := at + s.format.trailer()
	s.w.align()
	from := len(s.w.buf)
	s.w.buf = append(s.w.buf, s.d.raw[at:after]...)
	if s.inserted > 0 {
		s.sums.patch(s.w.buf[from:], s.after, s.inserted)
	}
	s.d.bit = 8 * after
	s.copied = s.d.bit
}

// follow looks at what comes after a member without the place. Another member may have it.
func (s *Splicer) follow() (more bool) {
	at := (s.d.bit+7)>>3 + s.format.trailer()
	next := s.d.raw[at:s.d.end]
	if len(next) == 0 || len(next) == 1 && next[0] == magic[0] {
		return false
	}
	if s.format == Gzip && len(next) > 1 && string(next[:2]) == magic[:2] {
		s.settle(0)
		s.w.end()
		s.close()
		s.first = false
		s.stage = starting
		return true
	}
	s.finish()
	return true
}

// finish ends the document after a member without the place, unless the place is at its end.
func (s *Splicer) finish() {
	if s.stage == between {
		if back, insert := s.finder.End(); insert != nil && uint64(back) <= s.total {
			s.insert(back, insert)
			s.e.flush(true)
		} else {
			s.settle(0)
			s.w.end()
		}
	}
	s.close()
	s.stage = passing
}
