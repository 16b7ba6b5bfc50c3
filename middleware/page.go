package middleware

// Why a page stays without the tag, as the log says it.
const (
	reasonAMP      = "it is an AMP page"
	reasonPresent  = "it has the tag already"
	reasonCharset  = "its character encoding is not a superset of ASCII"
	reasonTemplate = "a template in its head is too involved"
	reasonPolicy   = "its content security policy is too long"
	reasonBlocked  = "its content security policy allows no script of ours: script-src (or default-src) needs 'self', or a nonce, which the tag gets as well"
	reasonSandbox  = "its content security policy allows no script at all, or none of the app's origin: sandbox needs allow-scripts and allow-same-origin"
	reasonOffline  = "its content security policy blocks the sender's WebSocket, so that no session could start: connect-src needs 'self' (without connect-src, default-src counts)"
	reasonCoding   = "its content coding is unknown"
	reasonHalf     = "its content security policy has a nonce in default-src alone, which blocks the sender's WebSocket: the button is there, and no session can start. Add connect-src 'self'"
	reasonBase     = "its base element is of another origin, and the page's own is not known for sure, or would get into shared caches"
	reasonBroken   = "its content coding is broken: its body is not in the one that its header names. Two handlers that compress, or one around the middleware that sets the header first? Put the middleware around the handlers that compress"
	reasonFixed    = "its Cache-Control has no-transform, which forbids to add the tag. Send pages without it; chi's NoCache adds it, and Cache-Control: no-store keeps pages out of caches without it"
)

// page is what a scanner learns about a document on the way to the end of its head.
type page struct {
	document bool     // something was seen that documents have and fragments have not
	base     string   // what the first base element says, as it is written
	hasBase  bool     // there is one
	policies []string // the content security policies of meta elements
	reason   string   // why there is never to be a tag; empty: no reason worth telling
	charset  bool     // the headers say which character encoding it is, so that meta elements do not count
}
