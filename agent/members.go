package agent

import (
	"slices"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// membersAfter gives the other members after a message that changes them. It changes nothing in place.
func membersAfter(members []wire.Member, m wire.Message) []wire.Member {
	members = slices.Clone(members)
	put := func(member wire.Member) {
		if i := index(members, member.ID); i >= 0 {
			members[i] = member
		} else {
			members = append(members, member)
		}
	}
	switch m := m.(type) {
	case wire.MemberJoined:
		put(m.Member)
	case wire.MemberBack:
		put(m.Member)
	case wire.MemberAway:
		if i := index(members, m.Member); i >= 0 {
			members[i].Away = true
		}
	case wire.MemberLeft:
		members = slices.DeleteFunc(members, func(member wire.Member) bool { return member.ID == m.Member })
	}
	return members
}

func index(members []wire.Member, id string) int {
	return slices.IndexFunc(members, func(m wire.Member) bool { return m.ID == id })
}

func isCustomer(members []wire.Member, id string) bool {
	i := index(members, id)
	return i >= 0 && members[i].Role == wire.RoleSender
}
