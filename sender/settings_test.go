package sender_test

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
)

func branding(b sender.Branding) sender.Settings { return sender.Settings{Branding: b} }

func nested(depth int) any {
	if depth == 0 {
		return "x"
	}
	return map[string]any{"a": nested(depth - 1)}
}

func TestValidSettingsAreAccepted(t *testing.T) {
	for _, s := range []sender.Settings{
		{},
		{CustomerKey: "BKAFTdIAb0u_y-Blc4ZA2_EkLJX3EmVAjcEnQEZyFldeRS59fe24UGOjWl9Q-xbFNUZ4QtHXXAj5rRHD8hh-r3I"},
		{MetaData: map[string]any{"customer.no-1_x": 42, "list": []any{1, "two", nil}}},
		{MetaData: nested(7).(map[string]any)},
		{MetaData: map[string]any{"": "", "first name": "Ada", "名前": "エイダ", strings.Repeat("k", 100): []any{}}},
		branding(sender.Branding{PrimaryColor: "#05f", SecondaryColor: "hsl(220 100% 50% / 0.5)"}),
		branding(sender.Branding{PrimaryColor: "rebeccapurple", SecondaryColor: "rgb(0, 85, 255)"}),
		branding(sender.Branding{LogoURL: "https://cdn.example/x.svg"}),
		branding(sender.Branding{LogoURL: "http://127.0.0.1:8080/x.svg"}),
		branding(sender.Branding{LogoURL: "/logo.svg"}),
		branding(sender.Branding{LogoURL: "data:image/png;base64,AA=="}),
		branding(sender.Branding{DialogTitle: strings.Repeat("ä", 100), SupportMessage: "two\nlines"}),
		branding(sender.Branding{Position: sender.TopLeft, CornerRadius: "0.5em", Font: `"Source Sans 3", Inter, sans-serif`, ZIndex: 5}),
		branding(sender.Branding{CornerRadius: "0", Font: "system-ui", Texts: sender.Texts{Start: "Los", Asks: "{agents}?"}}),
		{Frames: []string{"https://pay.example", "https://xn--zahlen-n2a.example:8443", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:81"}},
		{Parents: []string{"https://shop.example"}},
	} {
		if err := s.Validate("settings"); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestBadSettingsAreNamedByTheirPath(t *testing.T) {
	for _, c := range []struct {
		path     string
		settings sender.Settings
	}{
		{"settings.customerKey", sender.Settings{CustomerKey: "-----BEGIN EC PRIVATE KEY-----"}},
		{"settings.customerKey", sender.Settings{CustomerKey: strings.Repeat("x", 1025)}},
		{"settings.metaData", sender.Settings{MetaData: map[string]any{"a": strings.Repeat("x", 8<<10)}}},
		{"settings.metaData", sender.Settings{MetaData: nested(8).(map[string]any)}},
		{"settings.metaData", sender.Settings{MetaData: map[string]any{"a": func() {}}}},
		{"settings.metaData: order.id", sender.Settings{MetaData: map[string]any{"order": map[string]any{"id": int64(1234567890123456789)}}}},
		{"settings.branding.primaryColor", branding(sender.Branding{PrimaryColor: "url(javascript:x)"})},
		{"settings.branding.primaryColor", branding(sender.Branding{PrimaryColor: "#12345"})},
		{"settings.branding.secondaryColor", branding(sender.Branding{SecondaryColor: "red;x:y"})},
		{"settings.branding.logoUrl", branding(sender.Branding{LogoURL: "javascript:alert(1)"})},
		{"settings.branding.logoUrl", branding(sender.Branding{LogoURL: "data:text/html,x"})},
		{"settings.branding.logoUrl", branding(sender.Branding{LogoURL: "http://cdn.example/x.svg"})},
		{"settings.branding.logoUrl", branding(sender.Branding{LogoURL: "//cdn.example/x.svg"})},
		{"settings.branding.logoUrl", branding(sender.Branding{LogoURL: "logo.svg"})},
		{"settings.branding.dialogTitle", branding(sender.Branding{DialogTitle: strings.Repeat("ä", 101)})},
		{"settings.branding.dialogTitle", branding(sender.Branding{DialogTitle: "a\x00"})},
		{"settings.branding.supportMessage", branding(sender.Branding{SupportMessage: "\xff"})},
		{"settings.branding.colorScheme", branding(sender.Branding{ColorScheme: "only light"})},
		{"settings.branding.position", branding(sender.Branding{Position: "middle"})},
		{"settings.branding.cornerRadius", branding(sender.Branding{CornerRadius: "100px"})},
		{"settings.branding.cornerRadius", branding(sender.Branding{CornerRadius: "1px;color:red"})},
		{"settings.branding.font", branding(sender.Branding{Font: "x;} * {display:none"})},
		{"settings.branding.font", branding(sender.Branding{Font: `"Inter, serif`})},
		{"settings.branding.font", branding(sender.Branding{Font: "url(https://evil.example)"})},
		{"settings.branding.zIndex", branding(sender.Branding{ZIndex: -1})},
		{"settings.branding.texts.start", branding(sender.Branding{Texts: sender.Texts{Start: strings.Repeat("x", 301)}})},
		{"settings.branding.texts.asks", branding(sender.Branding{Texts: sender.Texts{Asks: "a\x00"}})},
		{"settings.consent", sender.Settings{Consent: "maybe"}},
	} {
		err := c.settings.Validate("settings")
		if err == nil || !strings.HasPrefix(err.Error(), c.path+": ") {
			t.Errorf("%+v: got %v, want an error of %s", c.settings, err, c.path)
		}
	}
	all := sender.Settings{CustomerKey: "PRIVATE KEY", Branding: sender.Branding{PrimaryColor: "?", LogoURL: "?"}}
	if got := strings.Count(all.Validate("x").Error(), "x."); got != 3 {
		t.Errorf("%d errors, want 3", got)
	}
}

func TestOnlyExactSecureOriginsAreTaken(t *testing.T) {
	for _, origin := range []string{
		"", "*", "null", "https://*.example", "https://pay.example/", "https://pay.example/checkout", "https://pay.example?x", "https://pay.example#x",
		"https://user@pay.example", "https://Pay.example", "HTTPS://pay.example", "https://päy.example", "https://pay.example:443", "https://pay.example:",
		"https://pay.example:08", "https://pay.example:99999", "http://pay.example", "http://localhost:80", "http://localhost.example", "pay.example",
		"//pay.example", "file:///x", "data:text/html,x", "https://", "https:pay.example", " https://pay.example", "https://[0:0::1]", "https://[fe80::1%25eth0]",
	} {
		err := sender.Settings{Frames: []string{"https://pay.example", origin}}.Validate("settings")
		if err == nil || !strings.HasPrefix(err.Error(), "settings.frames[1]: ") {
			t.Errorf("%q: got %v", origin, err)
		}
		if err := (sender.Settings{Parents: []string{origin}}).Validate("settings"); err == nil || !strings.HasPrefix(err.Error(), "settings.parents[0]: ") {
			t.Errorf("%q: got %v", origin, err)
		}
	}
	if err := (sender.Settings{Frames: slices.Repeat([]string{"https://pay.example"}, 21)}).Validate("settings"); err == nil {
		t.Error("no error for 21 origins")
	}
}

func TestOverlayKeepsWhatIsNotSet(t *testing.T) {
	base := sender.Settings{
		CustomerKey: "a", MetaData: map[string]any{"a": 1, "b": 1}, Branding: sender.Branding{DialogTitle: "a", LogoURL: "/a"},
		Frames: []string{"https://a.example"}, Parents: []string{"https://b.example"},
	}
	over := sender.Settings{MetaData: map[string]any{"b": 2}, Branding: sender.Branding{DialogTitle: "b"}, Parents: []string{"https://c.example"}}
	got, _ := json.Marshal(base.Overlay(over))
	want := `{"customerKey":"a","metaData":{"a":1,"b":2},"branding":{"logoUrl":"/a","dialogTitle":"b"},` +
		`"frames":["https://a.example"],"parents":["https://c.example"]}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if base.MetaData["b"] != 1 {
		t.Error("the base was changed")
	}
}

func TestTheTagIsExactly(t *testing.T) {
	got, err := sender.Tag{Src: "/_qwelp/0/auto.js"}.HTML()
	if want := `<script type="module" src="/_qwelp/0/auto.js" data-qwelp-settings="{}"></script>`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	got, err = sender.Tag{Src: "/a.js", SenderURL: "https://js.example/", Settings: branding(sender.Branding{DialogTitle: "é"}), Nonce: `a"b`}.HTML()
	want := `<script type="module" src="/a.js" data-qwelp-settings="{&#34;branding&#34;:{&#34;dialogTitle&#34;:&#34;é&#34;}}"` +
		` data-qwelp-sender="https://js.example/" nonce="a&#34;b"></script>`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestTheClassicTagIsExactly(t *testing.T) {
	got, err := sender.Tag{Src: "/_qwelp/0/classic.js", Classic: true, Nonce: "r4"}.HTML()
	if want := `<script defer src="/_qwelp/0/classic.js" data-qwelp-settings="{}" nonce="r4"></script>`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestNothingInTheSettingsLeavesTheAttribute(t *testing.T) {
	for _, text := range []string{`</script><script>`, `"><img onerror=x>`, "<!--<script>", "\u2028", "]]>", "&quot;", "`", "'"} {
		s := sender.Settings{MetaData: map[string]any{"a": text}}
		got, err := sender.Tag{Src: "/a.js", Settings: s}.HTML()
		if err != nil {
			t.Fatal(err)
		}
		value := regexp.MustCompile(`^<script type="module" src="/a.js" data-qwelp-settings="([^"<>]*)"></script>$`).FindSubmatch(got)
		if value == nil {
			t.Errorf("%q: got %s", text, got)
			continue
		}
		var back sender.Settings
		if err := json.Unmarshal([]byte(html.UnescapeString(string(value[1]))), &back); err != nil || back.MetaData["a"] != text {
			t.Errorf("%q came back as %v, %v", text, back.MetaData["a"], err)
		}
	}
}
