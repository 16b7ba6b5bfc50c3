// Package qwelp is the map of the module: co-browsing support for Go web apps. A customer presses a support button and reads a
// short code to an agent, who then sees the customer's page live, from browser to browser. Everything is served from the app's own
// origin, and what passwords and card fields hold never leaves the customer's browser.
//
//	q, err := middleware.New(middleware.Options{
//		Signal: signal.Config{Agents: signal.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
//	})
//	…
//	http.ListenAndServe(addr, q.Wrap(mux))
//
// Which package to open for what:
//
//   - middleware wraps the app's handler: options, routes, what is rewritten and what is not
//   - sender has the settings of the customer's side: branding, consent, privacy, metaData, customerKey
//   - signal brings customer and agent together: who is an agent, support codes, limits, replicas
//   - signal/history keeps what happened in sessions in the app's database
//   - signal/turn is a STUN and TURN server inside the app, for browsers that do not reach each other
//   - assets serves the scripts for browsers
//   - agent is an agent in Go: recorders, robots, load tests
//
// The directory examples holds whole programs, docs the protocol and the security model.
package qwelp
