package wire

import (
	"maps"
	"reflect"
	"slices"
)

// MessageTypes gives the names of all signalling messages.
func MessageTypes() []string { return slices.Sorted(maps.Keys(messages)) }

// ControlTypes gives the names of all control messages.
func ControlTypes() []string { return slices.Sorted(maps.Keys(controls)) }

// Ops gives one empty operation of every kind, in the order of their codes.
func Ops() []Op { return slices.Clone(opTypes) }

// MessageValues gives one empty value of every signalling and control message, by name.
func MessageValues() map[string]any {
	values := map[string]any{}
	for name, t := range messages {
		values[name] = reflect.Zero(t).Interface()
	}
	for name, t := range controls {
		values[name] = reflect.Zero(t).Interface()
	}
	return values
}

// Values gives the values of a closed set by the name of its type.
func Values(set string) []string { return enums[set] }
