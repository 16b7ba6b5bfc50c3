package agent

import (
	"fmt"

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
	if len(chunk) == 0 || len(chunk) > wire.MaxChunkBytes || chunk[0] > 1 || len(c.frame)+len(chunk)-1 > wire.MaxFrameBytes {
		c.skip = true
	}
	more := len(chunk) > 0 && chunk[0] == 1
	if c.skip {
		c.frame = nil
		if more {
			return nil, false, nil
		}
		c.skip = false
		return nil, false, fmt.Errorf("%w: a malformed chunk, or more than %d bytes", errRefused, wire.MaxFrameBytes)
	}
	if !more && c.frame == nil {
		return chunk[1:], true, nil
	}
	c.frame = append(c.frame, chunk[1:]...)
	if more {
		return nil, false, nil
	}
	frame, c.frame = c.frame, nil
	return frame, true, nil
}
