package lab

import (
	"slices"
	"time"
)

// Rule says what happens to some packets. The zero value is for all packets, and harmless.
type Rule struct {
	// Between are the hosts of a packet, in either direction; "" is any.
	Between [2]string

	// Protocol is TCP, UDP, or 0 for any.
	Protocol byte

	// Flows are those the rule is for; nil: all.
	Flows []Flow

	// Drop loses every packet.
	Drop bool

	// Loss is how likely a packet gets lost, 0 to 1.
	Loss float64

	// Delay is how much later a packet arrives. Delays of several rules add up.
	Delay time.Duration
}

func (r Rule) matches(p Packet) bool {
	is := func(want, host string) bool { return want == "" || want == host }
	a, b := r.Between[0], r.Between[1]
	return (is(a, p.From) && is(b, p.To) || is(a, p.To) && is(b, p.From)) &&
		(r.Protocol == 0 || r.Protocol == p.Protocol) &&
		(r.Flows == nil || slices.Contains(r.Flows, p.Flow()))
}

// verdict says whether a packet arrives under the rules, and how much later. random gives numbers from 0 to below 1.
func verdict(rules []Rule, p Packet, random func() float64) (delay time.Duration, arrives bool) {
	for _, r := range rules {
		if !r.matches(p) {
			continue
		}
		if r.Drop || r.Loss > 0 && random() < r.Loss {
			return 0, false
		}
		delay += r.Delay
	}
	return delay, true
}
