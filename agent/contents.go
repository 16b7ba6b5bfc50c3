package agent

import "github.com/qwelp/qwelp-go/signal/wire"

const (
	maxContent  = 64       // characters that a content is known by
	maxContents = 64 << 20 // bytes that are kept for the next page
	maxLacking  = wire.MaxListItems
)

// contents keeps the assets of a session by what is in them, so that none has to come again with the next page. Those kept longest go first.
type contents struct {
	kept    map[string]Asset
	order   []string
	size    int
	lacking []int // assets to be asked for
}

func (c *contents) keep(content string, a Asset) {
	if _, ok := c.kept[content]; ok || len(a.Data) > maxContents {
		return
	}
	if c.kept == nil {
		c.kept = map[string]Asset{}
	}
	c.kept[content], c.order, c.size = a, append(c.order, content), c.size+len(a.Data)
	for c.size > maxContents {
		c.size -= len(c.kept[c.order[0]].Data)
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
}

// takeLacking returns the assets to ask for, once.
func (c *contents) takeLacking() (assets []int) {
	if c != nil {
		assets, c.lacking = c.lacking, nil
	}
	return assets
}

// addContent shows an asset that is known by its content. Of pages inside iframes nothing is kept.
func (t *tree) addContent(op wire.Content) error {
	if len(op.Content) == 0 || len(op.Content) > maxContent {
		return refused("a content of %d bytes", len(op.Content))
	}
	if t.contents == nil {
		return nil
	}
	if err := t.spend(1); err != nil {
		return err
	}
	if a, ok := t.contents.kept[op.Content]; ok {
		return t.addAsset(wire.Asset{Asset: op.Asset, Type: a.Type, Data: a.Data})
	}
	if len(t.awaited) >= maxNodes {
		return refused("more than %d assets", maxNodes)
	}
	t.awaited[op.Asset] = op.Content
	if !op.Follows && len(t.contents.lacking) < maxLacking {
		t.contents.lacking = append(t.contents.lacking, int(op.Asset))
	}
	return nil
}
