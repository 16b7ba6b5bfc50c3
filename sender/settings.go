// Package sender is the Go side of the sender, the part of co-browsing that runs in the customer's browser: its settings, and the tag that
// brings it into a page.
package sender

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/qwelp/qwelp-go/internal/metadata"
	"github.com/qwelp/qwelp-go/internal/seal"
)

//go:generate go run ../internal/gen

// Settings are what the sender is told on a page. The zero value is the default.
type Settings struct {
	// Public key of the company, of the curve P-256: the raw point (65 bytes) or SPKI in base64 or base64url, or PEM; "go run
	// github.com/qwelp/qwelp-go/agent/keygen" makes one. Only agents who hold the private key can then join a session: what the server passes on is sealed
	// to the key. Default: none.
	CustomerKey string `json:"customerKey,omitempty"`

	// How the customer agrees to being seen: by "Allow" in the dialog when an agent has joined ("ask", the default), or by reading the support code
	// to the agent ("code"). Who was allowed stays so on the session's next pages.
	Consent Consent `json:"consent,omitempty"`

	// Whether customer and agent are shown four digits, the same on both sides unless somebody has put himself between their browsers, for them to
	// compare on the phone. For pages without a CustomerKey. Default: no.
	ComparisonCode bool `json:"comparisonCode,omitempty"`

	// What the agent is told about the customer, such as a customer number: as verified what the app's Go code sets, as unverified what JavaScript
	// does. Any keys and values of JSON: at most 8 KiB in all, nested 7 deep, numbers at most 2^53-1 from zero (give others as text). What is beyond
	// that is left out, by itself, and named in the log.
	MetaData map[string]any `json:"metaData,omitempty"`

	// Who the customer is, by the word of another server than this app's: a JSON Web Token that Signal.IdentitySecret or IdentityKeys verify. In JavaScript also a
	// function that returns one, or a promise of one (undefined while nobody has signed in), which is called when a session begins on a page. It takes the place of what the app has signed. Default: none.
	Identity Identity `json:"identity,omitempty"`

	// Looks and words of the support dialog.
	Branding Branding `json:"branding,omitzero"`

	// What never leaves the customer's browser.
	Privacy Privacy `json:"privacy,omitzero"`

	// Origins, such as "https://pay.example", of pages in frames of this page that its agents may see too, when those pages name this one's
	// origin among their Parents. Over https, or of this machine; no patterns; at most 20. Default: none, agents see an empty box.
	Frames []string `json:"frames,omitempty"`

	// Origins of pages that may show this page to their agents while it is in a frame of theirs, when they name its origin among their Frames.
	// Their scripts can read what their agents see of it. As Frames. Default: none.
	Parents []string `json:"parents,omitempty"`
}

// maxIdentity is the most bytes of one, as the server takes: 8 KiB in base64url, with what is around them.
const maxIdentity = 12_046

// Identity is a JSON Web Token (RFC 7519).
type Identity string

// Consent is how the customer agrees to being seen.
type Consent string

// The values of Settings.Consent; empty means ConsentAsk.
const (
	ConsentAsk  Consent = "ask"
	ConsentCode Consent = "code"
)

// Overlay returns s with every field that over sets. Branding is overlaid by field, metaData by key, Privacy as its own Overlay does; Frames
// and Parents are replaced; ComparisonCode stays set once it is. Neither argument is changed.
func (s Settings) Overlay(over Settings) Settings {
	if over.CustomerKey != "" {
		s.CustomerKey = over.CustomerKey
	}
	if over.Consent != "" {
		s.Consent = over.Consent
	}
	s.ComparisonCode = s.ComparisonCode || over.ComparisonCode
	if over.Identity != "" {
		s.Identity = over.Identity
	}
	if len(over.MetaData) > 0 {
		merged := maps.Clone(s.MetaData)
		if merged == nil {
			merged = map[string]any{}
		}
		maps.Copy(merged, over.MetaData)
		s.MetaData = merged
	}
	texts := s.Branding.Texts
	overlay(&s.Branding, over.Branding)
	overlay(&texts, over.Branding.Texts)
	s.Branding.Texts = texts
	s.Privacy = s.Privacy.Overlay(over.Privacy)
	if len(over.Frames) > 0 {
		s.Frames = over.Frames
	}
	if len(over.Parents) > 0 {
		s.Parents = over.Parents
	}
	return s
}

// overlay replaces the fields of base that over sets.
func overlay[T any](base *T, over T) {
	lower, upper := reflect.ValueOf(base).Elem(), reflect.ValueOf(over)
	for i := range upper.NumField() {
		if !upper.Field(i).IsZero() {
			lower.Field(i).Set(upper.Field(i))
		}
	}
}

// Validate reports every field that does not hold what it may, each by its JSON path below path, joined by errors.Join. Values are not
// repeated in it.
func (s Settings) Validate(path string) error {
	var errs []error
	bad := func(field string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.%s: %w", path, field, err))
		}
	}
	bad("customerKey", checkKey(s.CustomerKey))
	if s.Consent != "" && s.Consent != ConsentCode && s.Consent != ConsentAsk {
		bad("consent", errConsent)
	}
	_, excess := metadata.Fit(s.MetaData)
	for _, e := range excess {
		bad("metaData", e)
	}
	if len(s.Identity) > maxIdentity || strings.Count(string(s.Identity), ".") != 2 && s.Identity != "" {
		bad("identity", errors.New("not a JSON Web Token of at most 8 KiB"))
	}
	s.Branding.check(bad)
	s.Privacy.check(bad)
	checkOrigins("frames", s.Frames, bad)
	checkOrigins("parents", s.Parents, bad)
	return errors.Join(errs...)
}

func checkKey(key string) error {
	if key == "" {
		return nil
	}
	_, err := seal.ParsePublic(key)
	return err
}
