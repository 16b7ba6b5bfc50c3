// Package splice inserts bytes into a document that is compressed with DEFLATE, without compressing it anew.
//
// What comes before the place is copied bit by bit, while it is decoded to find the place. The block there is ended. What is inserted is
// encoded in blocks of its own, and so are the next 32 KiB, as their matches reach back across the place and have
// further to go now. Empty blocks then bring the output to the bit position of the input, the header of the interrupted block
// is repeated, and all the rest is a copy of bytes. The checksum at the end is computed from the old one.
package splice

import (
	"errors"
	"io"
)

// Format is how DEFLATE data is wrapped.
type Format uint8

const (
	Gzip    Format = iota // RFC 1952, any number of members
	Deflate               // RFC 1950, or no wrapping at all: what the content coding of this name is in practice
	Zlib                  // RFC 1950
	raw                   // RFC 1951
)

// Errors of Close.
var (
	// ErrFormat means that a document is not in its format from the very start. It was passed on as it is.
	ErrFormat = errors.New("splice: not in its format")

	// ErrTrailing means that something follows the document. All of it was passed on, but the checksum is that of the document before.
	ErrTrailing = errors.New("splice: data after the end")

	// ErrCorrupt means that what was passed on is not a whole document, as what came in is none.
	ErrCorrupt = errors.New("splice: corrupt data")
)

// Finder finds the place in the decoded document.
type Finder interface {
	// Find reads the next piece. Unless it is done, the last back bytes so far may yet turn out to follow the place: no more than a few.
	// When it is done, insert goes before them, and nil means that there is no place.
	Find(p []byte) (back int, insert []byte, done bool)

	// End says that the document ends here. It is not called after Find was done.
	End() (back int, insert []byte)
}

// stage is what a Splicer does with its input.
type stage uint8

const (
	starting stage = iota // waits for a header to be complete
	looking               // copies and decodes, before the place
	keeping               // the same, after there turned out to be no place
	shifting              // encodes what may reach back across the place
	ending                // waits for the trailer to be complete
	between               // waits to see whether another member follows
	copying               // passes the rest of the data on
	passing               // passes everything on
)

// Splicer inserts bytes into one document at a time. It is an io.Writer for the compressed document, and writes the changed one. It is not
// safe for concurrent use. The zero value needs a Reset.
type Splicer struct {
	out    io.Writer
	finder Finder
	format Format
	stage  stage
	broken error // of the document
	failed error // of out

	d      inflater
	w      bitWriter
	e      encoder
	sums   sums
	copied int    // bit of d.raw up to which everything is passed on
	summed int    // index in the window up to which everything is in sums
	total  uint64 // bytes decoded of this member
	first  bool   // this member is the first

	place    int    // index in the window where bytes came in; less than 0 when it is no longer there
	inserted int    // how many; 0 as long as none did
	after    uint64 // decoded bytes after the place
	dirty    bool   // something was encoded since the last flush
	seen     window // by Peek
	scanned  int    // index in d.raw up to which there is no header of a member
	counted  bool   // the rest of the data is decoded after all, to know where it ends
}

// Reset begins a new document. Buffers are kept.
func (s *Splicer) Reset(out io.Writer, f Format, finder Finder) {
	s.out, s.format, s.finder = out, f, finder
	s.stage, s.broken, s.failed = starting, nil, nil
	s.d.reset()
	s.w = bitWriter{buf: s.w.buf[:0]}
	s.e.reset(&s.w)
	s.copied, s.total, s.first = 0, 0, true
	s.inserted, s.after, s.dirty, s.counted = 0, 0, false, false
}

// Flush passes on all that can be decoded so far. It is to be called when whoever encoded the document has flushed.
func (s *Splicer) Flush() error {
	switch s.stage {
	case shifting, between:
		if s.dirty && (s.stage == shifting || s.copied == s.d.bit) {
			s.e.flush(false)
			s.w.stored(nil)
			s.dirty = false
		}
	case copying:
		if s.synced() {
			s.release(s.d.end)
		}
	}
	return s.write()
}

// piece is how much of the input is decoded at once.
const piece = 16 << 10

// Write takes the next piece of the document.
func (s *Splicer) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0 && s.failed == nil; {
		if s.stage == passing {
			switch {
			case s.broken == ErrCorrupt && s.inserted > 0:
				return 0, ErrCorrupt
			case s.write() == nil:
				_, s.failed = s.out.Write(rest)
			}
			break
		}
		n := min(len(rest), piece)
		if s.stage == copying && !s.counted {
			n = min(len(rest), maxKept+1-s.d.end)
		}
		s.d.feed(rest[:n])
		rest = rest[n:]
		s.run()
	}
	if s.write() != nil {
		return 0, s.failed
	}
	return len(p), nil
}

// write passes what is encoded on.
func (s *Splicer) write() error {
	s.w.whole()
	if len(s.w.buf) > 0 && s.failed == nil {
		_, s.failed = s.out.Write(s.w.buf)
	}
	s.w.buf = s.w.buf[:0]
	return s.failed
}

// run goes on until there is too little input.
func (s *Splicer) run() {
	for more := true; more; {
		switch s.stage {
		case starting:
			more = s.start()
		case looking, keeping:
			more = s.look()
		case shifting:
			more = s.shift()
		case ending:
			more = s.end()
		case between:
			more = s.follow()
		case copying:
			if s.counted {
				more = s.count()
			} else {
				more = s.keep()
			}
		case passing:
			s.pass()
			more = false
		}
	}
	s.forget()
}

// forget drops input that is of no more use.
func (s *Splicer) forget() {
	n := s.d.bit
	switch s.stage {
	case starting, looking, keeping, ending, between:
		n = min(n, s.copied)
	}
	if n >>= 3; n > 0 && s.stage != passing {
		s.d.drop(n)
		s.copied -= 8 * n
		s.scanned -= n
	}
}

// pass copies everything that was not, and all that follows.
func (s *Splicer) pass() {
	s.w.copy(s.d.raw, s.copied, 8*s.d.end)
	s.copied = 8 * s.d.end
	s.stage = passing
}

// refuse passes on input that cannot be understood.
func (s *Splicer) refuse() {
	s.broken = ErrCorrupt
	if s.inserted == 0 {
		if s.first && s.total == 0 {
			s.broken = ErrFormat
		}
		if s.d.final && s.copied <= s.d.headerAt {
			s.d.raw[s.d.headerAt>>3] |= 1 << (s.d.headerAt & 7)
		}
		s.pass()
		return
	}
	s.e.flush(false)
	s.copied = 8 * s.d.end
	s.stage = passing
}

// Close ends the document. The error is ErrFormat, ErrTrailing, ErrCorrupt or io.ErrUnexpectedEOF; an error of the writer
// behind was returned before.
func (s *Splicer) Close() error {
	switch s.stage {
	case starting:
		if s.d.end > 0 {
			s.broken = io.ErrUnexpectedEOF
		}
		s.pass()
	case looking, keeping:
		s.broken = io.ErrUnexpectedEOF
		s.pass()
	case shifting:
		s.broken = io.ErrUnexpectedEOF
		s.e.flush(false)
	case ending:
		s.broken = io.ErrUnexpectedEOF
	case between:
		s.finish()
		s.pass()
	case copying:
		s.last()
	}
	_ = s.write()
	s.out, s.finder = nil, nil
	return s.broken
}

// peeked is how much of a compressed document is looked at to see its start.
const peeked = 1 << 10

// Peek decodes the start of a document as far as it goes into plain. ok is false when it is not in its format from the very start. Another
// document needs a Reset.
func (s *Splicer) Peek(f Format, start, plain []byte) (n int, ok bool) {
	s.seen = window{plain: plain}
	s.Reset(io.Discard, f, &s.seen)
	_, _ = s.Write(start[:min(len(start), peeked)])
	s.seen.plain = nil
	return s.seen.n, s.broken != ErrFormat
}

// window is a Finder that wants to see the start only.
type window struct {
	plain []byte
	n     int
}

func (w *window) Find(p []byte) (back int, insert []byte, done bool) {
	w.n += copy(w.plain[w.n:], p)
	return 0, nil, w.n == len(w.plain)
}

func (w *window) End() (back int, insert []byte) { return 0, nil }
