package signal

import "github.com/qwelp/qwelp-go/signal/wire"

// places returns Config.Places as the sender of a connection has them. Where the app is mounted below a path, its pages have paths that begin with that, as far as
// the app does not see it; both are named, since a place that is not known would be taken for one like any other. Pages of other sites have paths of their own.
func (c *conn) places() []wire.Place {
	if c.elsewhere {
		return nil
	}
	places := c.server.places
	if len(places) == 0 || c.mounted == "" {
		return places
	}
	all := places[:len(places):len(places)]
	for _, p := range places {
		all = append(all, wire.Place{Path: c.mounted + p.Path, Kind: p.Kind})
	}
	return all
}
