package signal

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// handle does what a message asks. An error closes the connection.
func (c *conn) handle(m wire.Message) error {
	switch verdict := permit(c.greeted, c.isSeated(), c.role, m); verdict {
	case permitted:
	case agentsOnly:
		c.send(refusal(wire.ErrNotAgent))
		return nil
	default:
		return badMessage("not allowed now")
	}
	if _, early := m.(wire.Ping); c.unconfirmed && !early { // clients ask whether the connection lives whatever they have been told
		c.confirm()
	}
	switch m := m.(type) {
	case wire.Hello:
		return c.hello(m)
	case wire.Description:
		return c.describe(m)
	case wire.Candidate:
		return c.candidate(m)
	case wire.Sealed:
		return c.sealed(m)
	case wire.Carried:
		c.carried(m)
		return nil
	case wire.Visit:
		c.visit(m)
		return nil
	case wire.Tell:
		c.tell(m)
		return nil
	case wire.Ping:
		c.send(wire.Pong{})
		return nil
	case wire.Join:
		if !isKey(m.Key) {
			return badMessage("not a key")
		}
		c.seatBy = time.Time{} // people who mistype begin anew
	case wire.Resume:
		if !isKey(m.Key) {
			return badMessage("not a key")
		}
	}
	ctx, cancel := c.server.patience()
	defer cancel()
	switch m := m.(type) {
	case wire.Start:
		c.start(ctx, m)
	case wire.Join:
		c.join(ctx, m)
	case wire.Resume:
		c.resume(ctx, m)
	case wire.Leave:
		c.leave(ctx, wire.EndAgent)
	case wire.Decline:
		c.decline(ctx, m.Member)
	case wire.End:
		c.end(ctx, m.Reason)
	}
	return nil
}

func (c *conn) hello(m wire.Hello) error {
	if !slices.Contains(m.Versions, wire.Version) {
		return closeError{wire.CloseVersion, "no common version"}
	}
	if m.Role == wire.RoleAgent {
		if c.elsewhere {
			c.server.log.Warn("signal: agent refused: a page of another site has none", "conn", c.id, "origin", c.request.Header.Get("Origin"))
			return closeError{wire.CloseAuth, closeTexts[wire.CloseAuth]}
		}
		agent, err := c.server.authorize(c.request)
		if errors.Is(err, errAuthorizerPanic) {
			return closeError{websocket.CloseInternalServerErr, "internal error"}
		}
		if cannotSay(err) { // the client comes back by itself
			c.server.log.Warn("signal: whether somebody is an agent is not known", "conn", c.id, "err", err)
			return closeError{websocket.CloseTryAgainLater, "try again later"}
		}
		if err != nil {
			c.server.log.Info("signal: agent refused", "conn", c.id, "err", err)
			return closeError{wire.CloseAuth, closeTexts[wire.CloseAuth]}
		}
		c.agent, c.sure = agent, time.Now()
		if t, ok := c.server.agents.(*tokenAgents); ok {
			c.guesser = t.guesser(c.request)
		}
	} else {
		c.request = nil
	}
	c.role = m.Role
	c.greeted = true
	c.send(wire.Welcome{Version: wire.Version})
	return nil
}

func (c *conn) start(ctx context.Context, m wire.Start) {
	known, err := c.news(m.MetaData, m.Signed)
	if err != nil {
		c.send(refusal(wire.ErrMetaData))
		return
	}
	key, err := c.server.sharedSecret(ctx)
	if err != nil {
		c.unavailable("start", err)
		return
	}
	if refused := c.server.budgets.start(ctx, key, c.remote); refused != nil {
		c.send(*refused)
		return
	}
	token := newResumeToken(newID(), newID())
	c.sit(token.session, token.member)
	s, code, err := c.server.store.create(ctx, key, func(code, hidden string) session {
		me := member{ID: token.member, Role: c.role, At: c.address(), Epoch: 1, Token: token.hash(), Sealed: token.seal(code)}
		return startSession(token.session, hidden, known, time.Now(), me)
	})
	if err != nil {
		c.unavailable("start", err)
		return
	}
	c.reply(wire.Started{
		Code: code, CodeExpires: int(c.server.store.codeLifetime.Milliseconds()), Session: s.ID,
		Member: token.member, Token: token.String(), Epoch: 1, ICEServers: c.servers(), Visits: c.server.observer != nil, Places: c.places(),
	}, s)
	c.server.counts.starts.Add(1)
	e := eventOf(EventStarted, s)
	e.MetaData, e.Verified = known.told()
	c.server.observe(e)
	c.server.log.Info("signal: session started", "session", s.ID)
	c.server.watchCode(s.ID)
}

func (c *conn) join(ctx context.Context, m wire.Join) {
	defer c.server.times.join.since(time.Now())
	key, err := c.server.sharedSecret(ctx)
	if err != nil {
		c.unavailable("join", err)
		return
	}
	turn, refused := c.server.budgets.guess(ctx, c.server.store, key, key.hide("code", normalizeCode(m.Code)), c.agent.ID+"\n"+c.guesser, c.remote)
	if refused != nil {
		c.server.counts.refusedGuesses.Add(1)
		c.server.log.Warn("signal: too many wrong support codes", "agent", c.agent.ID, "remote", c.remote)
		c.send(*refused)
		return
	}
	defer turn.end()
	id := turn.session
	if id == "" {
		err = errNoSession
	}
	token := newResumeToken(id, newID())
	me := member{
		ID: token.member, Role: c.role, Name: agentName(c.agent.Name, m.Name), Agent: c.agent.ID, Key: m.Key,
		At: c.address(), Epoch: 1, Token: token.hash(),
	}
	var before, s session
	if err == nil {
		c.sit(id, me.ID)
		before, s, err = c.server.store.change(ctx, id, func(s session) (session, error) { return s.joined(me) })
	}
	switch {
	case errors.Is(err, errNoSession) || errors.Is(err, errTaken):
		c.server.counts.joinMisses.Add(1)
		turn.miss(ctx)
		c.server.noteMiss()
		c.refuse(wire.ErrUnknownCode)
		return
	case err != nil:
		c.unavailable("join", err)
		return
	}
	turn.end() // others of this agent and network wait no longer for what follows
	metaData, verified := s.facts.told()
	c.reply(wire.Joined{
		Session: id, Member: me.ID, Token: token.String(), Epoch: 1, Members: s.others(me.ID, c.server.view(me.ID)),
		MetaData: metaData, Verified: verified, ICEServers: c.servers(), Hidden: c.server.hideAgents,
	}, s)
	c.server.announce(before, s, c.address())
	turn.hit(ctx)
	c.server.counts.joins.Add(1)
	e := eventOf(EventJoined, s)
	e.Member, e.Agent = me.ID, Agent{ID: c.agent.ID, Name: me.Name}
	c.server.observe(e)
	c.server.log.Info("signal: agent joined", "session", id, "agent", c.agent.ID)
	if err := c.server.store.forget(ctx, s); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "forget support code", "session", id, "err", err)
	}
}

func (c *conn) resume(ctx context.Context, m wire.Resume) {
	token, key := parseResumeToken(m.Token), m.Key
	if c.role != wire.RoleAgent {
		key = "" // a sender has none
	}
	next := newResumeToken(token.session, token.member)
	c.sit(token.session, token.member)
	before, s, err := c.server.store.change(ctx, token.session, func(s session) (session, error) {
		return s.resumed(token, next, c.role, c.agent.ID, key, c.address())
	})
	switch {
	case errors.Is(err, errNoSession) || errors.Is(err, errGone):
		c.server.counts.resumeMisses.Add(1)
		c.refuse(wire.ErrGone)
		return
	case errors.Is(err, errEnded):
		c.server.counts.resumeMisses.Add(1)
		c.refuse(wire.ErrEnded)
		return
	case err != nil:
		c.unavailable("resume", err)
		return
	}
	me, _ := s.member(token.member)
	c.server.trunks.dial(ctx, c, s.ID, me.ID, c.server.trunks.lacking(session{}, s, me.ID))
	resumed := wire.Resumed{
		Session: s.ID, Member: me.ID, Token: next.String(), Epoch: me.Epoch, Members: s.others(me.ID, c.server.view(me.ID)), ICEServers: c.servers(),
	}
	if c.role == wire.RoleAgent {
		resumed.MetaData, resumed.Verified = s.facts.told()
		resumed.Hidden = c.server.hideAgents
	} else {
		resumed.Visits, resumed.Places = c.server.observer != nil, c.places()
		if code, err := next.open(me.Sealed); err == nil {
			resumed.Code = code
		}
	}
	c.server.counts.resumes.Add(1)
	c.unconfirmed = true
	c.reply(resumed, s)
	c.server.announce(before, s, c.address())
}

// confirm notes, at the first message after Resumed that a client sends only once it has that, that the client has its new token. Should the broker fail, the old one lives on
// until the next resume.
func (c *conn) confirm() {
	c.unconfirmed = false
	ctx, cancel := c.server.patience()
	defer cancel()
	place := c.seated()
	_, _, err := c.server.store.change(ctx, place.session, func(s session) (session, error) { return s.confirmed(place.member, c.address()) })
	if err := ignoreLate(err); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "confirm", "session", place.session, "err", err)
	}
}

// leave takes the agent out of the session, for a reason. If the broker fails, the others' replicas find the empty place.
func (c *conn) leave(ctx context.Context, reason wire.EndReason) {
	place := c.stand()
	if place.member == "" {
		return
	}
	if c.server.turn != nil {
		c.server.turn.Revoke(place.session, place.member)
	}
	_, err := c.server.change(ctx, place.session, c.address(), func(s session) (session, error) { return s.parted(place.member, reason) })
	if err := ignoreLate(err); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "leave", "err", err)
	}
}

// decline takes out an agent whom the customer does not let see the page. If the broker fails, the agent waits on; the page is not shown anyway.
func (c *conn) decline(ctx context.Context, agent string) {
	place := c.seated()
	if c.server.turn != nil {
		c.server.turn.Revoke(place.session, agent)
	}
	_, err := c.server.change(ctx, place.session, address{}, func(s session) (session, error) { return s.declined(agent) })
	if err := ignoreLate(err); err != nil {
		c.server.log.Warn("signal: broker failed", "while", "decline", "session", place.session, "err", err)
	}
}

func (c *conn) end(ctx context.Context, passed wire.EndReason) {
	place := c.seated()
	_, err := c.server.change(ctx, place.session, address{}, func(s session) (session, error) { return s.endedBy(c.role, passed) })
	if errors.Is(err, errUnchanged) { // somebody else was first, whose reason counts
		var record session
		if record, _, err = c.server.store.get(ctx, place.session); err == nil {
			c.learn(record)
		}
	}
	switch {
	case errors.Is(err, errNoSession):
		last, _ := place.record.endedBy(c.role, passed)
		c.finish(last.Ended)
	case err != nil:
		c.server.log.Warn("signal: broker failed", "while", "end", "err", err)
		c.send(refusal(wire.ErrUnavailable))
	}
}

// unavailable refuses what the broker's failure made impossible.
func (c *conn) unavailable(while string, err error) {
	c.server.log.Warn("signal: broker failed", "while", while, "err", err)
	c.refuse(wire.ErrUnavailable)
}
