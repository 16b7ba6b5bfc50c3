package wire

import (
	"maps"
	"slices"
)

// MessageTypes gives the names of all signalling messages.
func MessageTypes() []string { return slices.Sorted(maps.Keys(messages)) }

// ControlTypes gives the names of all control messages.
func ControlTypes() []string { return slices.Sorted(maps.Keys(controls)) }

// Ops gives one empty operation of every kind, in the order of their codes.
func Ops() []Op { return slices.Clone(opTypes) }
