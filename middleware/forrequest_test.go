package middleware

import (
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
)

var toldSettings = regexp.MustCompile(` data-qwelp-settings="([^"]*)"`)

// settingsIn returns what the tag of a page says; ok is false without one.
func settingsIn(t *testing.T, page string) (s sender.Settings, ok bool) {
	t.Helper()
	found := toldSettings.FindStringSubmatch(page)
	if found == nil {
		return s, false
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &s); err != nil {
		t.Fatal(err)
	}
	return s, true
}

type badJSON struct{}

func (badJSON) MarshalJSON() ([]byte, error) { panic("canary-value") }

// TestAMistakeInForRequestMakesAPageMorePrivateOnly has the app make one mistake, beside a Privacy that it adds.
func TestAMistakeInForRequestMakesAPageMorePrivateOnly(t *testing.T) {
	var current func(s *sender.Settings)
	var log logged
	m := mustNew(t, Options{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Settings: sender.Settings{
			MetaData: map[string]any{"plan": "pro"}, Branding: sender.Branding{PrimaryColor: "#0055ff"}, Privacy: sender.Privacy{Redact: []string{".all"}},
			Consent: sender.ConsentCode,
		},
		ForRequest: func(_ *http.Request, s sender.Settings) (sender.Settings, bool) {
			s.MetaData["customer"] = "4711"
			s.Privacy.Redact = append(s.Privacy.Redact, ".balance")
			current(&s)
			return s, true
		},
	})
	page := func() (sender.Settings, bool) {
		text, _, _ := pageWith(m, httptest.NewRequest("GET", "/accounts", nil))
		return settingsIn(t, text)
	}
	for name, c := range map[string]struct {
		mistake func(s *sender.Settings)
		private bool   // as a whole
		lost    string // key of metaData
		logs    string
	}{
		"none":                         {func(*sender.Settings) {}, false, "", ""},
		"metaData of any keys":         {func(s *sender.Settings) { s.MetaData["first name"], s.MetaData["名前"], s.MetaData[""] = 1, 2, nil }, false, "", ""},
		"metaData that is no JSON":     {func(s *sender.Settings) { s.MetaData["customer"] = make(chan int) }, false, "customer", "settings.metaData: customer: cannot be JSON"},
		"metaData that panics":         {func(s *sender.Settings) { s.MetaData["customer"] = badJSON{} }, false, "customer", "settings.metaData: customer: cannot be JSON"},
		"metaData that is too large":   {func(s *sender.Settings) { s.MetaData["customer"] = strings.Repeat("canary-value", 1000) }, false, "customer", "settings.metaData: customer: too large"},
		"metaData that browsers round": {func(s *sender.Settings) { s.MetaData["customer"] = 1 << 60 }, false, "customer", "settings.metaData: customer: a number beyond"},
		"a colour":                     {func(s *sender.Settings) { s.Branding.PrimaryColor = "canary-value" }, false, "", "settings.branding.primaryColor"},
		"a text":                       {func(s *sender.Settings) { s.Branding.Texts.Start = "canary-value\x00" }, false, "", "settings.branding.texts.start"},
		"a frame":                      {func(s *sender.Settings) { s.Frames = []string{"canary-value"} }, false, "", "settings.frames[0]"},
		"consent":                      {func(s *sender.Settings) { s.Consent = "canary-value" }, false, "", "settings.consent"},
		"a selector":                   {func(s *sender.Settings) { s.Privacy.Redact = append(s.Privacy.Redact, "canary-value{") }, true, "", "settings.privacy.redact[2]"},
		"a default":                    {func(s *sender.Settings) { s.Privacy.Default = "canary-value" }, true, "", "settings.privacy.default"},
		"too many selectors":           {func(s *sender.Settings) { s.Privacy.Hide = make([]string, 300) }, true, "", "settings.privacy.hide"},
		"a panic":                      {func(*sender.Settings) { panic("oops") }, true, "customer", "forrequest_test.go"},
		"a nil map":                    {func(s *sender.Settings) { s.MetaData = nil; s.MetaData["a"] = 1 }, true, "customer", "assignment to entry in nil map"},
	} {
		t.Run(name, func(t *testing.T) {
			current = c.mistake
			before := len(log.String())
			got, ok := page()
			if !ok {
				t.Fatal("the page has no tag")
			}
			redacted := strings.Join(got.Privacy.Redact, " ")
			if private := got.Privacy.Default == sender.PrivacyPrivate && len(got.Privacy.Unredact) == 0; private != c.private {
				t.Errorf("the page's privacy is %+v", got.Privacy)
			}
			if !strings.Contains(redacted, ".all") || !strings.Contains(redacted, ".balance") && !c.private {
				t.Errorf("the page redacts %q", redacted)
			}
			if _, ok := got.MetaData["customer"]; ok == (c.lost == "customer") || got.MetaData["plan"] != "pro" {
				t.Errorf("metaData is %v", got.MetaData)
			}
			if name == "consent" && got.Consent != sender.ConsentAsk {
				t.Errorf("consent is %q", got.Consent)
			}
			if got.Branding.PrimaryColor != "#0055ff" {
				t.Errorf("branding is %+v", got.Branding)
			}
			page()
			news := log.String()[before:]
			if lines := strings.Count(news, "level=ERROR"); !strings.Contains(news, c.logs) || lines > 1 && name != "too many selectors" || (lines == 0) != (c.logs == "") || strings.Contains(news, "canary") {
				t.Errorf("the log of two pages is %s", news)
			}
		})
	}
}

func TestAPageIsWithoutTheSenderWhenItsKeyIsNone(t *testing.T) {
	var log logged
	m := mustNew(t, Options{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		ForRequest: func(_ *http.Request, s sender.Settings) (sender.Settings, bool) {
			s.CustomerKey = "canary-key"
			return s, true
		},
	})
	for range 2 {
		if page, _, _ := pageWith(m, httptest.NewRequest("GET", "/", nil)); page != document {
			t.Errorf("got %q", page)
		}
	}
	if text := log.String(); strings.Count(text, "settings.customerKey") != 1 || strings.Contains(text, "canary") {
		t.Errorf("the log is %s", text)
	}
}

func TestAPanicOfNonceIsLoggedAndThePageGoesOut(t *testing.T) {
	var log logged
	m := mustNew(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Nonce: func(*http.Request) string { panic("oops") }})
	for range 2 {
		page, _, _ := pageWith(m, httptest.NewRequest("GET", "/", nil))
		checkOnce(t, m, document, page)
	}
	if text := log.String(); strings.Count(text, "Nonce panicked") != 1 || !strings.Contains(text, "forrequest_test.go") {
		t.Errorf("the log is %s", text)
	}
}
