// Package messages shows a closed set of messages: a union, its shapes and its decoder.
package messages

// Kind is a closed set of strings.
type Kind string

// The kinds.
const (
	KindA Kind = "a"   // first
	KindB Kind = "b-c" // second
)

// Message is the union.
type Message interface{ wireMessage() }

// Item is part of messages, none itself.
type Item struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind,omitempty"`
}

// Empty has no fields.
type Empty struct{}

// OpenDoor has a field of every sort.
type OpenDoor struct {
	Door  string         `json:"door"`
	Kind  Kind           `json:"kind"`
	Count int            `json:"count,omitempty"`
	Open  bool           `json:"open"`
	Items []Item         `json:"items"`
	First Item           `json:"first,omitzero"`
	Names []string       `json:"names,omitempty"`
	Extra map[string]any `json:"extra,omitempty"`
}

func (Empty) wireMessage()    {}
func (OpenDoor) wireMessage() {}
