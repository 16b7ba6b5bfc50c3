package middleware

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// selfCheck finds out that pages have the tag and nobody gets what it leads to. Nothing else would show it: browsers ask elsewhere, and get a 404 from another server.
type selfCheck struct {
	reached  atomic.Bool // somebody has asked for the loader or the socket
	conclude func()      // is called once it is time to look

	mu      sync.Mutex
	all     int // pages with the tag
	first   int // of those, to browsers that seem not to have been here before, and so cannot have kept the loader
	alone   int // of those, by a route of their own
	timer   *time.Timer
	stopped bool
	hint    string // what a proxy says it has stripped
}

// When pages without a request for the loader are too many: after so many pages, and so long. Who has been here before has the loader already.
const (
	mostFirst  = 10
	mostAll    = 100
	mostAlone  = 3
	checkAfter = time.Minute
	aloneAfter = 10 * time.Second
)

// page notes a page with the tag.
func (c *selfCheck) page(r *http.Request, alone bool) {
	if c.reached.Load() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	if len(r.Header["Cookie"])+len(r.Header["Referer"])+len(r.Header["If-None-Match"])+len(r.Header["If-Modified-Since"]) == 0 {
		c.first++
	}
	if alone {
		c.alone++
	}
	if prefix := first(r.Header["X-Forwarded-Prefix"]); prefix != "" && len(prefix) < 100 {
		c.hint = prefix
	}
	switch {
	case c.timer != nil || c.stopped:
	case c.alone >= mostAlone:
		c.timer = time.AfterFunc(aloneAfter, c.conclude)
	case c.first >= mostFirst || c.all >= mostAll:
		c.timer = time.AfterFunc(checkAfter, c.conclude)
	}
}

// stop ends the check.
func (c *selfCheck) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	if c.timer != nil {
		c.timer.Stop()
	}
}

// conclude logs, once, that nobody has got what the tag leads to.
func (m *Middleware) conclude() {
	c := &m.check
	if c.reached.Load() {
		return
	}
	c.mu.Lock()
	pages, alone, hint := c.all, c.alone >= mostAlone, c.hint
	c.mu.Unlock()
	args := []any{"pages", pages, "loader", m.plain.Src}
	if hint != "" {
		args = append(args, "X-Forwarded-Prefix", hint)
	}
	if alone {
		m.log.Warn("middleware: pages have the button, and no request for its script has come here, so that it does not show: the middleware is around single routes, such as in a chi Group. "+
			"Put it around the whole router, or route all below "+m.prefix+" to q.Wrap(http.NotFoundHandler()) too", args...)
		return
	}
	m.log.Warn("middleware: pages have the button, and no request for its script has come here, so that it does not show, unless all these browsers had the script already. "+
		"Does everything below "+m.public+" get to this app? Where a proxy strips a part of the path, set Options.PublicPrefix to what browsers have, such as \"/app"+m.prefix+"\"", args...)
}
