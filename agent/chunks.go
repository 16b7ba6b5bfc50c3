package agent

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// chunks puts a frame together that comes in chunks. Not safe for concurrent use.
type chunks struct {
	frame []byte
	skip  bool // the rest of a frame that is refused
}

// add takes the next chunk, of the kind of its packet, and gives the frame when it is complete. The error, which wraps errRefused, comes with
// the last chunk of the frame it refuses.
func (c *chunks) add(kind byte, chunk []byte) (frame []byte, complete bool, err error) {
	if len(c.frame)+len(chunk) > wire.MaxFrameBytes {
		c.skip, c.frame = true, nil
	}
	if kind == wire.PacketMore {
		if !c.skip {
			c.frame = append(c.frame, chunk...)
		}
		return nil, false, nil
	}
	if c.skip {
		*c = chunks{}
		return nil, false, fmt.Errorf("%w: more than %d bytes", errRefused, wire.MaxFrameBytes)
	}
	frame = chunk
	if c.frame != nil {
		frame, c.frame = append(c.frame, chunk...), nil
	}
	if kind == wire.PacketPacked {
		if frame, err = unpack(frame); err != nil {
			return nil, false, fmt.Errorf("%w: %w", errRefused, err)
		}
	}
	return frame, true, nil
}

// unpack decompresses a frame (RFC 1951).
func unpack(frame []byte) ([]byte, error) {
	in := bytes.NewReader(frame)
	whole, err := io.ReadAll(io.LimitReader(flate.NewReader(in), wire.MaxFrameBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(whole) > wire.MaxFrameBytes:
		return nil, fmt.Errorf("more than %d bytes when decompressed", wire.MaxFrameBytes)
	case in.Len() > 0:
		return nil, errors.New("data after the end of a compressed frame")
	}
	return whole, nil
}
