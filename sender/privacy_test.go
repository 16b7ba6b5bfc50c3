package sender_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
)

func redacting(selectors ...string) sender.Settings {
	return sender.Settings{Privacy: sender.Privacy{Redact: selectors}}
}

func TestSelectorsOfAllKindsAreAccepted(t *testing.T) {
	for _, selector := range []string{
		"body", ".ssn", "#card-4711", "*", "main > p.a + p ~ div", "[data-x]", `[title="a } b"]`, "[href^='/a']", ":not(.a, .b)", "li:nth-child(2n + 1)",
		`.sm\:flex`, "a, b,\n c", ":is(:has(> img), x-card)", "p:where([lang|=en])", "ünï", "svg|a",
	} {
		if err := redacting(selector).Validate("settings"); err != nil {
			t.Errorf("%s: %v", selector, err)
		}
	}
}

func TestBadPrivacyIsNamedByItsPath(t *testing.T) {
	for _, c := range []struct {
		path    string
		privacy sender.Privacy
	}{
		{"settings.privacy.default", sender.Privacy{Default: "closed"}},
		{"settings.privacy.redact[1]", sender.Privacy{Redact: []string{"p", ""}}},
		{"settings.privacy.redact[0]", sender.Privacy{Redact: []string{"p,"}}},
		{"settings.privacy.redact[0]", sender.Privacy{Redact: []string{"p >"}}},
		{"settings.privacy.redact[0]", sender.Privacy{Redact: []string{"> p"}}},
		{"settings.privacy.redact[0]", sender.Privacy{Redact: []string{"a > > b"}}},
		{"settings.privacy.unredact[0]", sender.Privacy{Unredact: []string{"p[title=']"}}},
		{"settings.privacy.unredact[0]", sender.Privacy{Unredact: []string{":not(.a"}}},
		{"settings.privacy.unredact[0]", sender.Privacy{Unredact: []string{":not(.a])"}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{"p { color: red }"}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{"p::after"}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{".a."}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{"a\x00"}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{`a\`}}},
		{"settings.privacy.hide[0]", sender.Privacy{Hide: []string{strings.Repeat("a", 501)}}},
		{"settings.privacy.hide", sender.Privacy{Hide: strings.Split(strings.Repeat("a ", 201), " ")[:201]}},
	} {
		err := sender.Settings{Privacy: c.privacy}.Validate("settings")
		if err == nil || !strings.HasPrefix(err.Error(), c.path+": ") {
			t.Errorf("%q: got %v, want an error of %s", c.privacy, err, c.path)
		}
	}
}

func TestARouteAddsToWhatIsPrivateEverywhere(t *testing.T) {
	base := sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyPrivate, Redact: []string{".a"}, Hide: []string{".h"}}}
	over := sender.Settings{Privacy: sender.Privacy{Redact: []string{".b"}, Unredact: []string{"h1"}}}
	got, _ := json.Marshal(base.Overlay(over))
	want := `{"privacy":{"default":"private","redact":[".a",".b"],"unredact":["h1"],"hide":[".h"]}}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(base.Privacy.Redact) != 1 || len(over.Privacy.Redact) != 1 {
		t.Error("an argument was changed")
	}
	open := base.Overlay(sender.Settings{Privacy: sender.Privacy{Default: sender.PrivacyOpen}})
	if open.Privacy.Default != sender.PrivacyOpen {
		t.Error("a route cannot be open")
	}
}

func TestNoPrivacyIsNotTold(t *testing.T) {
	if got, _ := json.Marshal(sender.Settings{}.Overlay(sender.Settings{})); string(got) != "{}" {
		t.Errorf("got %s", got)
	}
}
