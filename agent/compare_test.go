package agent

import (
	"log/slog"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestTheAgentComparesWhatTheCustomerReveals(t *testing.T) {
	const offer, answer = "a=fingerprint:sha-256 AB", "a=fingerprint:sha-256 CD"
	own := seal.Nonce()
	commitment, err := seal.Commitment(own)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		revealed []wire.Reveal
		want     error
		none     bool
	}{
		"the number":                 {revealed: []wire.Reveal{{Link: "k.0", Nonce: own}}},
		"and another later":          {revealed: []wire.Reveal{{Link: "k.0", Nonce: own}, {Link: "k.0", Nonce: seal.Nonce()}}},
		"another number":             {revealed: []wire.Reveal{{Link: "k.0", Nonce: seal.Nonce()}}, want: ErrTampered},
		"and the right one later":    {revealed: []wire.Reveal{{Link: "k.0", Nonce: seal.Nonce()}, {Link: "k.0", Nonce: own}}, want: ErrTampered},
		"no number":                  {revealed: []wire.Reveal{{Link: "k.0", Nonce: "?"}}, want: ErrTampered},
		"that of another connection": {revealed: []wire.Reveal{{Link: "k.1", Nonce: own}}, none: true},
		"nothing":                    {none: true},
	} {
		s := newSession(Options{Logger: slog.New(slog.DiscardHandler)})
		c := &connection{name: "k.0"}
		s.link = &link{name: "k", conn: c}
		nonce := s.compare(c, wire.Description{SDP: offer, Commit: commitment}, answer)
		if again := s.compare(c, wire.Description{SDP: "restart", Commit: "other"}, "other"); again != nonce {
			t.Errorf("%s: a second offer changes the nonce", name)
		}
		for _, m := range test.revealed {
			s.revealed(s.link, m)
		}
		want, err := seal.Compared{Offer: offer, Answer: answer, Key: seal.FormatPublic(s.key.PublicKey()), Sender: own, Agent: nonce}.Code()
		if err != nil {
			t.Fatal(err)
		}
		if test.want != nil || test.none {
			want = ""
		}
		if got, err := s.ComparisonCode(); got != want || err != test.want {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, err, want, test.want)
		}
	}
}
