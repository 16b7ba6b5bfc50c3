package middleware

import (
	"errors"
	"io"
	"iter"
)

// maxUndecoded bounds what is kept of a body that may turn out not to be in its coding at all.
const maxUndecoded = 64 << 10

var errAbandoned = errors.New("middleware: the handler panicked")

// recoder decodes a body, passes it to an injector, and encodes what comes out again. Decoders want to read, not to be written to, so
// the decoder runs as a coroutine that stops wherever it needs more.
type recoder struct {
	codec   *codec
	encoder encoder
	decoder decoder
	in      *injector
	out     io.Writer

	piece     []byte // what the decoder has not read of the piece that is being written
	ended     bool   // no more pieces come
	abandoned bool   // nor is there anybody to decode for
	over      bool   // the decoder has returned
	next      func() (struct{}, bool)
	stop      func()
	yield     func(struct{}) bool
	broken    error  // why decoding ended before its time
	failed    error  // why writing did
	decoded   bool   // something came out
	plain     bool   // the body is not in its coding; it passes as it is
	raw       []byte // all that went in while nothing came out; nil when it was too much
}

func newRecoder(coding string, out io.Writer, in *injector) *recoder {
	c := &recoder{codec: codecs[coding], in: in, out: out, raw: make([]byte, 0, 512)}
	c.encoder, _ = c.codec.encoders.Get().(encoder)
	c.encoder.Reset(out)
	c.decoder, _ = c.codec.decoders.Get().(decoder)
	c.next, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		c.broken = c.decode()
		c.over = true
	})
	return c
}

// decode runs as the coroutine.
func (c *recoder) decode() error {
	if err := c.decoder.Reset(c); err != nil {
		return err
	}
	buffer, _ := copyBuffers.Get().(*[32 << 10]byte)
	defer copyBuffers.Put(buffer)
	for {
		n, err := c.decoder.Read(buffer[:])
		if n > 0 {
			c.decoded, c.raw = true, nil
			if _, c.failed = c.in.Write(buffer[:n]); c.failed != nil {
				return nil
			}
		}
		switch {
		case err == io.EOF, isTrailing(err):
			return nil
		case err != nil:
			return err
		}
	}
}

// isTrailing tells the end of a brotli body with something after it from a fault in it. The decoder also takes the end of some bodies
// that come in small pieces for that.
func isTrailing(err error) bool { return err != nil && err.Error() == "brotli: excessive input" }

// more waits, as the coroutine, for something to decode. It is false at the end.
func (c *recoder) more() bool {
	for len(c.piece) == 0 {
		if c.ended {
			return false
		}
		if !c.yield(struct{}{}) {
			c.ended, c.abandoned = true, true
			return false
		}
	}
	return true
}

// Read gives the decoder what was written.
func (c *recoder) Read(p []byte) (int, error) {
	if !c.more() {
		return 0, c.end()
	}
	n := copy(p, c.piece)
	c.piece = c.piece[n:]
	return n, nil
}

func (c *recoder) end() error {
	if c.abandoned {
		return errAbandoned
	}
	return io.EOF
}

// Write takes a piece of the encoded body.
func (c *recoder) Write(p []byte) (int, error) {
	if c.plain {
		return c.out.Write(p)
	}
	if c.raw != nil && !c.over {
		if len(c.raw)+len(p) > maxUndecoded {
			c.raw = nil
		} else {
			c.raw = append(c.raw, p...)
		}
	}
	c.run(p)
	switch {
	case c.failed != nil:
		return 0, c.failed
	case c.plain:
		if _, err := c.out.Write(c.raw); err != nil {
			return 0, err
		}
	case c.broken != nil:
		return 0, c.broken
	}
	return len(p), nil
}

// run lets the decoder go on until it needs more than p.
func (c *recoder) run(p []byte) {
	if c.over {
		return
	}
	c.piece = p
	c.next()
	c.piece = nil
	c.plain = c.over && c.broken != nil && !c.decoded && c.raw != nil
}

// Flush passes on everything that can be decoded so far.
func (c *recoder) Flush() error {
	if c.plain || !c.decoded || c.failed != nil {
		return c.failed
	}
	return c.encoder.Flush()
}

// Close ends the body. broken says that it was not in its coding, or not complete; err that the client must notice.
func (c *recoder) Close() (broken, err error) {
	defer c.release()
	if !c.plain && !c.over {
		c.ended = true
		c.run(nil)
		if c.plain || !c.decoded && c.raw != nil {
			// Nothing came out, as from an empty body: what went in stays as it was.
			c.plain = true
			if len(c.raw) > 0 {
				_, c.failed = c.out.Write(c.raw)
			} else {
				c.broken = nil
			}
		}
	}
	switch {
	case c.failed != nil:
		return nil, nil // the client is gone
	case c.plain:
		return c.broken, nil
	case c.broken == nil:
		if c.in.finish() == nil {
			_ = c.encoder.Close()
		}
		return nil, nil
	}
	_ = c.in.release()
	_ = c.encoder.Flush()
	return c.broken, c.broken
}

// release keeps encoder and decoder for another body.
func (c *recoder) release() {
	c.stop()
	c.encoder.Reset(io.Discard)
	c.codec.encoders.Put(c.encoder)
	if c.over {
		c.codec.decoders.Put(c.decoder)
	}
}

// abandon ends the coroutine of a body that is not finished.
func (c *recoder) abandon() { c.stop() }
