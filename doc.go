// Package qwelp is co-browsing support for Go web apps. A customer presses a support button and reads a
// short code to an agent, who then sees the customer's page live, from browser to browser. Everything is served from the app's own
// origin, and what passwords and card fields hold never leaves the customer's browser.
//
//	q, err := qwelp.New(qwelp.Options{
//		Signal: qwelp.Signal{Agents: qwelp.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
//	})
//	…
//	err = http.ListenAndServe(addr, q.Wrap(mux))
//
// What is here is the short way to packages with names that others have as well. Which of them to open for what:
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
