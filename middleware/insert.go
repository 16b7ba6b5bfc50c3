package middleware

import "io"

// inserter copies a document to dst and puts the tag at its place. It knows no net/http.
type inserter struct {
	scan  scanner
	dst   io.Writer
	tag   func(facts) []byte // nil: no tag after all
	some  bool               // a byte has come
	done  bool               // the rest is copied as it is
	wrong error
}

// Write implements io.Writer.
func (n *inserter) Write(p []byte) (int, error) {
	n.some = n.some || len(p) > 0
	if n.done {
		return n.dst.Write(p)
	}
	held, heldLen := n.scan.held, n.scan.heldLen
	at, found := n.scan.scan(p)
	switch {
	case n.scan.facts.refused != "":
		n.done = true
		n.tag(n.scan.facts) // tells why there is none
		n.put(held[:heldLen])
		n.put(p)
	case found:
		n.done = true
		tag := n.tag(n.scan.facts)
		if at < 0 {
			n.put(tag)
			n.put(held[:heldLen])
			n.put(p)
			break
		}
		n.put(held[:heldLen])
		n.put(p[:at])
		n.put(tag)
		n.put(p[at:])
	case at >= 0:
		n.put(held[:heldLen])
		n.put(p[:at])
	}
	if n.wrong != nil {
		return 0, n.wrong
	}
	return len(p), nil
}

// close ends the document.
func (n *inserter) close() error {
	if n.done || !n.some {
		return n.wrong
	}
	n.done = true
	if n.scan.finish() {
		n.put(n.tag(n.scan.facts))
	} else if n.scan.facts.refused == "" {
		n.scan.facts.refused = "it ends within a tag, a comment or an element that takes text"
		n.tag(n.scan.facts)
	}
	n.put(n.scan.held[:n.scan.heldLen])
	return n.wrong
}

func (n *inserter) put(p []byte) {
	if n.wrong == nil && len(p) > 0 {
		_, n.wrong = n.dst.Write(p)
	}
}
