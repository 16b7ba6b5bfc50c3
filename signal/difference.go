package signal

import (
	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// difference gives what the client of the member at an address, who sees the others by v, is to be told when it knew before and the record is after now, and
// the code to close its connection with; 0 leaves it open. It tells the same whether the client hears of every
// change or, because a letter was lost, only of the last.
func difference(before, after session, me string, at address, v view) (news []wire.Message, code int) {
	if after.Ended != "" {
		reason := after.Ended
		if reason == EndSignedOut {
			reason = wire.EndAgent
		}
		return []wire.Message{wire.Ended{Reason: reason}}, wire.CloseEnded
	}
	m, here := after.member(me)
	if !here && after.Parted == wire.EndDeclined {
		return []wire.Message{wire.Ended{Reason: wire.EndDeclined}}, wire.CloseEnded
	}
	switch m.At {
	case at:
	case address{}: // taken for dead by another replica: the client may resume
		return nil, websocket.CloseServiceRestart
	default:
		return nil, wire.CloseReplaced
	}
	for _, m := range before.Members {
		if _, ok := after.member(m.ID); !ok {
			news = append(news, wire.MemberLeft{Member: m.ID})
		}
	}
	for _, m := range after.Members {
		if m.ID == me {
			continue
		}
		old, known := before.member(m.ID)
		away := m.At == (address{})
		switch {
		case !known:
			news = append(news, wire.MemberJoined{Member: v.of(after, m)})
		case m.Epoch > old.Epoch && !away:
			news = append(news, wire.MemberBack{Member: v.of(after, m), Epoch: m.Epoch})
		case away && old.At != (address{}):
			news = append(news, wire.MemberAway{Member: m.ID, Within: int(v.resumeWindow.Milliseconds())})
		}
	}
	if m, _ := after.member(me); m.Role == wire.RoleAgent && after.Told > before.Told {
		metaData, verified := after.facts.told()
		news = append(news, wire.Told{MetaData: metaData, Verified: verified})
	}
	return news, 0
}
