package signal

import (
	"bytes"

	"github.com/qwelp/qwelp-go/internal/metadata"
)

// follows reports whether s is what became of the record that a member knows. Versions say so, but for what a broker that lost its last writes made of older
// ones: there a later connection of that member counts, and an end, which is final.
func (s session) follows(known session, member string) bool {
	now, _ := s.member(member)
	before, _ := known.member(member)
	return s.Version > known.Version || s.Ended != "" && known.Ended == "" || now.Epoch > before.Epoch
}

// isBehind reports whether s is neither what a member knows nor what became of that: it is older, or another record of the same version.
func (s session) isBehind(known session, member string) bool {
	if s.follows(known, member) {
		return false
	}
	return s.Version < known.Version || !s.same(known)
}

// same reports whether two records hold the same. What one of them does not keep of the customer (keepable) makes no difference.
func (s session) same(other session) bool {
	if other.facts.equal(facts{}) {
		s.facts = facts{}
	}
	a, err := metadata.Encode(s)
	b, otherErr := metadata.Encode(other)
	return err == nil && otherErr == nil && bytes.Equal(a, b)
}
