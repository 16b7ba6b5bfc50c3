// Package signal is the signalling endpoint: the WebSocket over which the customer's browser and the agents' find each other. It
// hands out support codes, lets agents in who know one, passes session descriptions and candidates on, and gives members back
// their place after a page load or a dead network. While a link has no data channel it relays the link's packets too, sealed from
// browser to browser, between members of the same replica: Config.Relay.
//
// A Server is an http.Handler for one route. Package middleware mounts it; on its own:
//
//	s, err := signal.New(signal.Config{Agents: signal.AgentToken(token)})
//	mux.Handle("GET /signal", s)
//	defer s.Shutdown(ctx)
//
// What is said on the wire is package signal/wire. Customers need no account; agents are whom Config.Agents says, and without it
// there are none. Several replicas of an app share a Broker; one alone needs none. Server.Stats tells what an operator may watch.
//
// Nothing secret is logged: no support codes, tokens, metaData, session descriptions or names.
package signal
