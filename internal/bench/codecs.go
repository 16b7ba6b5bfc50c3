package main

import (
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// codec encodes and decodes whole bodies, at the least effort, with what is kept from earlier ones.
type codec struct {
	encoders, decoders sync.Pool
}

type resetEncoder interface {
	io.WriteCloser
	Reset(io.Writer)
}

type resetDecoder interface {
	io.Reader
	Reset(io.Reader) error
}

var codecs = map[string]*codec{
	"gzip": {
		encoders: sync.Pool{New: func() any { return must(gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)) }},
		decoders: sync.Pool{New: func() any { return new(gzip.Reader) }},
	},
	"br": {
		encoders: sync.Pool{New: func() any { return brotli.NewWriterLevel(io.Discard, 2) }},
		decoders: sync.Pool{New: func() any { return new(brotli.Reader) }},
	},
	"zstd": {
		encoders: sync.Pool{New: func() any {
			return must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1)))
		}},
		decoders: sync.Pool{New: func() any { return must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))) }},
	},
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options are constants
	}
	return v
}

func (c *codec) decode(to *bytes.Buffer, body []byte) error {
	d := c.decoders.Get().(resetDecoder)
	defer c.decoders.Put(d)
	if err := d.Reset(bytes.NewReader(body)); err != nil {
		return err
	}
	_, err := to.ReadFrom(d)
	return err
}

func (c *codec) encode(to io.Writer, body []byte) {
	e := c.encoders.Get().(resetEncoder)
	defer c.encoders.Put(e)
	e.Reset(to)
	e.Write(body)
	e.Close()
}
