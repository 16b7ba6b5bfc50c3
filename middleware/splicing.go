package middleware

import (
	"errors"
	"io"
	"sync"

	"github.com/qwelp/qwelp-go/internal/splice"
)

// Pages in these codings get the tag without being encoded again.
var spliced = map[string]splice.Format{"gzip": splice.Gzip, "deflate": splice.Deflate}

var splicers = sync.Pool{New: func() any { return new(splice.Splicer) }}

// splicing puts the tag into a body that stays encoded.
type splicing struct{ *splice.Splicer }

func (s *splicing) begin(out io.Writer, f splice.Format, in *injector) {
	s.Splicer, _ = splicers.Get().(*splice.Splicer)
	s.Reset(out, f, (*finder)(in))
}

// Close ends the body.
func (s *splicing) Close() (broken, err error) {
	broken = s.Splicer.Close()
	splicers.Put(s.Splicer)
	s.Splicer = nil
	if errors.Is(broken, splice.ErrFormat) || errors.Is(broken, splice.ErrTrailing) {
		return broken, nil // it is no worse than what the handler wrote
	}
	return broken, broken
}

func (s *splicing) abandon() {}

// peek decodes the start of a body as far as it goes into plain. ok is false when it is not in its format.
func peek(f splice.Format, start, plain []byte) (n int, ok bool) {
	s, _ := splicers.Get().(*splice.Splicer)
	defer splicers.Put(s)
	return s.Peek(f, start, plain)
}

// finder is an injector that only says where the tag belongs.
type finder injector

// Find reads the next piece of the document.
func (f *finder) Find(p []byte) (back int, tag []byte, done bool) {
	in := (*injector)(f)
	n, v := in.scan(p)
	switch v {
	case undecided:
		return in.mark, nil, false
	case never:
		in.done = true
		return 0, nil, true
	}
	in.done = true
	return len(p) - n + in.mark, in.tagger.tag(&in.page), true
}

// End ends the document.
func (f *finder) End() (back int, tag []byte) {
	in := (*injector)(f)
	if in.atEOF() != here {
		return 0, nil
	}
	in.done = true
	return in.mark, in.tagger.tag(&in.page)
}
