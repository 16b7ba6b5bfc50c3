package middleware

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// coder takes a body in its content coding in pieces of any size, and writes it with the tag. A flush of the handler's encoder
// goes through when the handler flushes the response as well.
type coder interface {
	io.Writer
	Flush() error

	// Close ends the body. broken says that it was not in its coding, or not complete; err that the client must notice.
	Close() (broken, err error)

	// abandon lets go of a body that is not finished.
	abandon()
}

// encode begins to rewrite a body in this coding.
func (w *writer) encode(coding string, charset bool) {
	w.phase = encoded
	if format, ok := spliced[coding]; ok {
		w.in.reset(nil, w, w.m.prefix, charset)
		w.splicing.begin(w.rw, format, &w.in)
		w.coded = &w.splicing
		return
	}
	w.learn()
	c := newRecoder(coding, w.rw, &w.in)
	w.in.reset(c.encoder, w, w.m.prefix, charset)
	w.coded = c
}

// isKnown tells whether bodies in this coding can be rewritten.
func isKnown(coding string) bool {
	_, splices := spliced[coding]
	return splices || codecs[coding] != nil
}

// decodeStart decodes the start of a body as far as it goes into plain. ok is false when it is not in its coding.
func decodeStart(coding string, start, plain []byte) (n int, ok bool) {
	if format, ok := spliced[coding]; ok {
		return peek(format, start, plain)
	}
	c := codecs[coding]
	d, _ := c.decoders.Get().(decoder)
	defer c.decoders.Put(d)
	err := d.Reset(bytes.NewReader(start))
	for err == nil && n < len(plain) {
		var m int
		m, err = d.Read(plain[n:])
		n += m
	}
	return n, err == nil || n > 0 || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// encoder is what the encoders have in common.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// decoder is what the decoders have in common.
type decoder interface {
	io.Reader
	Reset(io.Reader) error
}

// codec keeps encoders and decoders of one content coding.
type codec struct {
	encoders, decoders sync.Pool
}

// Pages in these codings are decoded, and encoded again at a low effort.
var codecs = map[string]*codec{
	"br": {
		encoders: sync.Pool{New: func() any { return brotli.NewWriterLevel(io.Discard, brotliLevel) }},
		decoders: sync.Pool{New: func() any { return new(brotli.Reader) }},
	},
	"zstd": {
		encoders: sync.Pool{New: func() any {
			return must(zstd.NewWriter(io.Discard, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
				zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(zstdWindow)))
		}},
		decoders: sync.Pool{New: func() any {
			return must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
				zstd.WithDecoderMaxWindow(maxZstdWindow)))
		}},
	},
}

const (
	brotliLevel   = 3
	zstdWindow    = 512 << 10
	maxZstdWindow = 8 << 20 // as in browsers (RFC 9659)
)

// must is for what fails with wrong options only, and those are constants.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
