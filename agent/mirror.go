package agent

import (
	"errors"
	"fmt"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Why a frame was not applied. Each asks for a new snapshot.
var (
	errGap     = errors.New("agent: a frame is missing")
	errRefused = errors.New("agent: a frame is refused")
)

// mirror turns frames into the page they tell of. It knows no network. Not safe for concurrent use.
type mirror struct {
	shown   *tree // nil before the first snapshot
	next    *tree // the snapshot that is being received
	strings wire.Strings
	seq     uint32 // of the last frame
	lost    bool   // frames are void until one begins a snapshot
	fresh   bool   // shown is the page that the frames come from

	contents *contents // nil: nothing is kept for the next page

	// Of a page inside an iframe; nil otherwise.
	family *family
	path   []int // the iframes it is in, the outermost first
}

// relinked tells that frames now come from another page: what is shown stays until there is a snapshot of that.
func (m *mirror) relinked() {
	m.next, m.lost, m.fresh, m.seq = nil, false, false, 0
}

// lose makes frames void until one begins a snapshot, and tells whether they were not before.
func (m *mirror) lose() bool {
	before := m.lost
	m.next.release()
	m.lost, m.next = true, nil
	return !before
}

// frame applies one frame. After an error, which wraps errGap, errRefused or wire.ErrFrame, frames are void and give no further
// error until one begins a snapshot.
func (m *mirror) frame(data []byte) error {
	err := m.read(data)
	if err == nil || m.lost {
		return nil
	}
	m.lose()
	return err
}

func (m *mirror) read(data []byte) error {
	seq, ops, err := wire.ReadFrame(data, &m.strings)
	if err != nil {
		return err
	}
	begun := false
	for op, err := range ops {
		if !begun {
			if err := m.begin(seq, op); err != nil {
				return err
			}
			begun = true
		}
		if err != nil {
			return err
		}
		if err := m.apply(op); err != nil {
			return err
		}
	}
	if !begun {
		return m.begin(seq, nil)
	}
	return nil
}

// begin checks whether the mirror can go on with a frame, by its sequence number and its first operation.
func (m *mirror) begin(seq uint32, op wire.Op) error {
	if _, ok := op.(wire.Page); ok {
		m.lost = false
	} else if m.lost || seq != m.seq+1 || !m.fresh && m.next == nil {
		return fmt.Errorf("%w: %d after %d", errGap, seq, m.seq)
	}
	m.seq = seq
	for _, t := range [...]*tree{m.shown, m.next} {
		if t != nil && m.family == nil {
			t.work, t.family.work = 0, 0
		}
	}
	return nil
}

func (m *mirror) apply(op wire.Op) error {
	switch op := op.(type) {
	case wire.Page:
		m.next.release()
		m.next = newTree(op, m)
		m.next.began = m.seq
		return nil
	case wire.PageEnd:
		if m.next == nil {
			return refused("the end of a snapshot without its beginning")
		}
		m.shown.release()
		m.shown, m.next, m.fresh = m.next, nil, true
		return nil
	}
	if m.next != nil {
		return m.next.apply(op)
	}
	return m.shown.apply(op)
}
