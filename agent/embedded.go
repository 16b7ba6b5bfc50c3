package agent

import (
	"errors"
	"maps"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// Limits of the pages inside the iframes of a page, all together. Each is also within those of a page.
const (
	maxEmbedded      = 100
	maxEmbeddedDepth = 8
)

// family is what all pages inside the iframes of one page share, at whatever depth: so much and no more, however many there are. They
// share nothing with the page itself, which none of them can harm.
type family struct {
	mirrors map[*mirror]bool
	work    int
	failed  []failure
}

// failure is a page inside an iframe that has to be fetched anew.
type failure struct {
	path []int
	err  error
}

// embed gives a frame to the mirror of the page inside an iframe. Whatever is wrong with it stays inside.
func (t *tree) embed(op wire.Embedded) error {
	n, err := t.named(op.Node, "iframe")
	if err != nil {
		return err
	}
	if err := t.spend(1 + len(t.family.mirrors)); err != nil {
		return err
	}
	if len(op.Frame) == 0 {
		t.unembed(n.id)
		return nil
	}
	m := t.embedded[n.id]
	if m == nil {
		if len(t.family.mirrors) >= maxEmbedded || len(t.path) >= maxEmbeddedDepth {
			return nil
		}
		m = &mirror{lost: true, family: t.family, path: append(t.path[:len(t.path):len(t.path)], int(n.id))}
		t.family.mirrors[m] = true
		t.embedded[n.id] = m
	}
	if err := m.frame(op.Frame); err != nil {
		t.family.fail(m, err)
	}
	t.family.weigh()
	return nil
}

// unembed forgets the page inside an iframe.
func (t *tree) unembed(id wire.NodeID) {
	m := t.embedded[id]
	if m == nil {
		return
	}
	delete(t.embedded, id)
	delete(t.family.mirrors, m)
	m.shown.release()
	m.next.release()
}

// release forgets what is inside the iframes of a page that is not shown any more.
func (t *tree) release() {
	if t == nil {
		return
	}
	for id := range maps.Clone(t.embedded) {
		t.unembed(id)
	}
}

func (f *family) fail(m *mirror, err error) {
	if len(f.failed) < maxEmbedded {
		f.failed = append(f.failed, failure{m.path, err})
	}
}

var errTooMuch = errors.New("more in frames than a page may have")

// weigh gives up the largest pages while all together have more than one may.
func (f *family) weigh() {
	for {
		var all, most size
		var largest *mirror
		for m := range f.mirrors {
			s := m.size()
			all = all.plus(s)
			if largest == nil || s.share() > most.share() {
				largest, most = m, s
			}
		}
		if all.share() <= 1 {
			return
		}
		for _, t := range [...]*tree{largest.shown, largest.next} {
			t.release()
		}
		largest.lost, largest.shown, largest.next = true, nil, nil
		f.fail(largest, refused("%w", errTooMuch))
	}
}

// size is what a page takes of a limit each.
type size struct{ nodes, text, media int }

func (s size) plus(o size) size { return size{s.nodes + o.nodes, s.text + o.text, s.media + o.media} }

// share is the largest part that is taken of any limit.
func (s size) share() float64 {
	return max(float64(s.nodes)/maxNodes, float64(s.text)/maxTextBytes, float64(s.media)/maxAssetBytes)
}

func (m *mirror) size() (s size) {
	for _, t := range [...]*tree{m.shown, m.next} {
		if t != nil {
			s = s.plus(size{len(t.nodes), t.text, t.media})
		}
	}
	return s
}

// failures gives what went wrong inside iframes since the last call, each once.
func (m *mirror) failures() (failed []failure) {
	for _, t := range [...]*tree{m.shown, m.next} {
		if t != nil {
			failed, t.family.failed = append(failed, t.family.failed...), nil
		}
	}
	return failed
}
