// Package turn is a STUN and TURN server (RFC 8489, RFC 8656) inside the app, for customers and agents whose browsers do not reach each
// other directly. Nothing runs unless the app makes a Server and gives it to signalling:
//
//	relay, err := turn.New(turn.Config{Host: "shop.example", UDP: []net.PacketConn{udp}, RelayAddrs: []netip.Addr{public}})
//	…
//	defer relay.Close()
//	q, err := middleware.New(middleware.Options{Signal: signal.Config{TURN: relay, …}})
//
// It is no open relay. Credentials are made for one member of one session, last for minutes and end with the session. They reach nothing
// but the other side of that session: its relay here, and the address it signals from. Addresses that are not public are
// refused, and so are allocations for TCP peers (RFC 6062). Over UDP nobody gets an answer larger than the question, except from the
// addresses that sessions are signalled from.
package turn
