package sender

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/qwelp/qwelp-go/internal/metadata"
)

// Repair returns settings that were made for one page, without what Validate finds wrong, and the errors of that, one for each part. base are
// the settings of the page's route, which are valid. What is returned is never less private than what was meant: where Privacy is wrong, the page is private; where Consent is, the
// customer is asked; of metaData, Frames and Parents only the bad entries are left out; fields of Branding are those of base. ok is false when CustomerKey
// is wrong: sessions on this page would not be sealed as they should be, so there must be none.
func (s Settings) Repair(base Settings) (repaired Settings, ok bool, errs []error) {
	if s.CustomerKey != base.CustomerKey && checkKey(s.CustomerKey) != nil {
		return Settings{}, false, []error{fmt.Errorf("settings.customerKey: %w", checkKey(s.CustomerKey))}
	}
	bad := func(field string, err error) bool {
		if err != nil {
			errs = append(errs, fmt.Errorf("settings.%s: %w", field, err))
		}
		return err != nil
	}
	if s.Consent != "" && s.Consent != ConsentCode && s.Consent != ConsentAsk {
		bad("consent", errConsent)
		s.Consent = ConsentAsk
	}
	var excess []metadata.Excess
	s.MetaData, excess = metadata.Fit(s.MetaData)
	for _, e := range excess {
		bad("metaData", e)
	}
	s.Branding.check(func(field string, err error) {
		if bad(field, err) {
			s.Branding.replace(strings.TrimPrefix(field, "branding."), base.Branding)
		}
	})
	wrong := false
	s.Privacy.check(func(field string, err error) { wrong = bad(field, err) || wrong })
	if wrong {
		s.Privacy = s.Privacy.closed(base.Privacy)
	}
	s.Frames = keepOrigins("frames", s.Frames, bad)
	s.Parents = keepOrigins("parents", s.Parents, bad)
	return s, true, errs
}

// Closed returns base for a page of which it is not known how private it was meant to be: all of it is private, and the customer is asked.
func (s Settings) Closed() Settings {
	s.Privacy = Privacy{}.closed(s.Privacy)
	if s.Consent != "" {
		s.Consent = ConsentAsk
	}
	return s
}

var errConsent = errors.New(`neither "ask" nor "code"`)

// closed returns a privacy under which all is redacted, and hidden what p or base hides.
func (p Privacy) closed(base Privacy) Privacy {
	valid := func(selectors ...string) []string {
		slices.Sort(selectors)
		selectors = slices.DeleteFunc(slices.Compact(selectors), func(selector string) bool { return checkSelector(selector) != nil })
		return selectors[:min(len(selectors), maxSelectors)]
	}
	return Privacy{
		Default: PrivacyPrivate,
		Redact:  valid(slices.Concat(base.Redact, p.Redact)...),
		Hide:    valid(slices.Concat(base.Hide, p.Hide)...),
	}
}

// replace sets the field of a JSON name, such as "primaryColor" or "texts.start", to that of base.
func (b *Branding) replace(name string, base Branding) {
	to, from := reflect.ValueOf(b).Elem(), reflect.ValueOf(base)
	for step := range strings.SplitSeq(name, ".") {
		for i := range to.NumField() {
			if tag, _, _ := strings.Cut(to.Type().Field(i).Tag.Get("json"), ","); tag == step {
				to, from = to.Field(i), from.Field(i)
				break
			}
		}
	}
	to.Set(from)
}

// keepOrigins returns those that are origins, as many as there may be.
func keepOrigins(field string, origins []string, bad func(field string, err error) bool) []string {
	kept := make([]string, 0, len(origins))
	wrong := map[string]bool{}
	checkOrigins("", origins, func(at string, err error) {
		if bad(field+at, err) {
			wrong[at] = true
		}
	})
	for i, origin := range origins {
		if !wrong[fmt.Sprintf("[%d]", i)] {
			kept = append(kept, origin)
		}
	}
	return kept[:min(len(kept), maxOrigins)]
}
