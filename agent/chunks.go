package agent

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// chunks puts the frames together that came in chunks. Not safe for concurrent use.
type chunks struct {
	frame []byte
	skip  bool // the rest of a frame that was refused
}

// add takes a message of the frames channel and gives a frame when it is complete. The error, which wraps errRefused, comes with
// the last chunk of the frame it refuses.
func (c *chunks) add(chunk []byte) (frame []byte, complete bool, err error) {
	if len(chunk) == 0 || len(chunk) > wire.MaxChunkBytes || chunk[0] > wire.ChunkPacked || len(c.frame)+len(chunk)-1 > wire.MaxFrameBytes {
		c.skip = true
	}
	more := len(chunk) > 0 && chunk[0] == wire.ChunkMore
	if c.skip {
		c.frame = nil
		if more {
			return nil, false, nil
		}
		c.skip = false
		return nil, false, fmt.Errorf("%w: a malformed chunk, or more than %d bytes", errRefused, wire.MaxFrameBytes)
	}
	if more {
		c.frame = append(c.frame, chunk[1:]...)
		return nil, false, nil
	}
	frame = chunk[1:]
	if c.frame != nil {
		frame, c.frame = append(c.frame, frame...), nil
	}
	if chunk[0] == wire.ChunkPacked {
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
