package middleware

import (
	"errors"
	"io"
)

// tagger makes the tag for a page of which everything before the tag is known. Nil means none.
type tagger interface {
	tag(*page) []byte
}

// injector passes a document on and puts a tag where its head ends; every other byte stays as it is. At most maxMark bytes are
// held back, those of a token that is not told apart yet.
type injector struct {
	scanner
	out    io.Writer
	tagger tagger

	held   [maxMark]byte
	nheld  int
	looked int     // bytes of the next piece that are scanned already
	known  verdict // about those
	done   bool    // the tag is in, or there is to be none
}

// reset begins a new document. Buffers are kept.
func (in *injector) reset(out io.Writer, t tagger, prefix string, charset bool) {
	in.scanner.reset(prefix, charset)
	in.out, in.tagger = out, t
	in.nheld, in.looked, in.known, in.done = 0, 0, undecided, false
}

// look scans the start of a document, with which the first piece that is written begins.
func (in *injector) look(start []byte) verdict {
	in.looked, in.known = in.scan(start)
	return in.known
}

// Write passes p on. It returns how many bytes of p were passed on or are held, and the error of the writer behind.
func (in *injector) Write(p []byte) (int, error) {
	if in.done {
		return in.out.Write(p)
	}
	n, v := in.looked, in.known
	if v == undecided {
		n, v = in.scan(p[in.looked:])
		n += in.looked
		in.looked = 0
	}
	switch v {
	case undecided:
		return in.pass(p)
	case never:
		in.done = true
		if err := in.release(); err != nil {
			return 0, err
		}
		return in.out.Write(p)
	}
	in.done = true
	place := n - in.mark
	if place < 0 {
		if err := in.insert(); err != nil {
			return 0, err
		}
		place = 0
		if err := in.release(); err != nil {
			return 0, err
		}
		return in.out.Write(p)
	}
	if err := in.release(); err != nil {
		return 0, err
	}
	if place > 0 {
		if n, err := in.out.Write(p[:place]); err != nil {
			return n, err
		}
	}
	if err := in.insert(); err != nil {
		return place, err
	}
	if place == len(p) {
		return place, nil
	}
	n, err := in.out.Write(p[place:])
	return place + n, err
}

// pass writes all that is decided and holds the rest.
func (in *injector) pass(p []byte) (int, error) {
	if in.nheld+len(p) == in.mark {
		in.nheld += copy(in.held[in.nheld:], p)
		return len(p), nil
	}
	if err := in.release(); err != nil {
		return 0, err
	}
	keep := len(p) - in.mark
	if keep > 0 {
		if n, err := in.out.Write(p[:keep]); err != nil {
			return n, err
		}
	}
	in.nheld = copy(in.held[:], p[keep:])
	return len(p), nil
}

// release writes what is held.
func (in *injector) release() error {
	if in.nheld == 0 {
		return nil
	}
	_, err := in.out.Write(in.held[:in.nheld])
	in.nheld = 0
	return err
}

func (in *injector) insert() error {
	tag := in.tagger.tag(&in.page)
	if tag == nil {
		return nil
	}
	_, err := in.out.Write(tag)
	return err
}

// finish ends the document: the head may end only here.
func (in *injector) finish() error {
	if in.done || in.atEOF() != here {
		in.done = true
		return in.release()
	}
	in.done = true
	if in.mark == 0 {
		return errors.Join(in.release(), in.insert())
	}
	return errors.Join(in.insert(), in.release())
}
