// Package settings shows structs, lists, maps, optional and hidden fields, and names the browser's users know.
package settings

import "time"

// Settings is known by another name in the browser.
type Settings struct {
	Key      string         `json:"key"`
	MetaData map[string]any `json:"metaData,omitempty"`
	Branding Branding       `json:"branding,omitzero"` // how it looks
	Tags     []string       `json:"tags,omitempty"`
	Sizes    []float64      `json:"sizes"`

	// Nested has a comment that would end a comment: */ and goes on
	// in a second line.
	Nested []Branding `json:"nested,omitempty"`

	Hidden  string `json:"-"`
	private time.Duration
}

// Branding is nested.
type Branding struct {
	Dark bool `json:"dark,omitempty"`
	Size int  `json:"size,omitempty"`
}

// Clock has nothing that travels.
type Clock struct {
	now func() time.Time
}

type hidden struct {
	Name string `json:"name"`
}

// Limits, in one group without comments of their own.
const (
	MaxTags = 1 << 4
	MaxKey  = MaxTags * 2 // characters
	secret  = "not exported"
)

// Greeting is a string with "quotes" in it.
const Greeting = "say \"hi\" 👋"

func use(s Settings, c Clock, h hidden) { _, _, _, _ = s.private, c.now, h, secret }
