package sender

import (
	"encoding/json"
	"fmt"
	"html"
)

// Tag is the one element that brings the sender into a page.
type Tag struct {
	Src       string   // URL of auto.js, of classic.js when Classic
	Classic   bool     // no module: for pages whose import map stands in the body
	SenderURL string   // another sender module than the one in auto.js; empty: none
	Settings  Settings // told to the sender
	Signed    string   // proof that Settings.MetaData is the server's, as package middleware makes it; empty: none
	Nonce     string   // of the page's content security policy; empty: the page has none
}

// HTML returns the tag's bytes: one external script without inline code, so that script-src 'self' lets it pass, which delays no parsing: a
// module, or a classic script with defer. All values are escaped.
// It fails when metaData cannot be JSON.
func (t Tag) HTML() ([]byte, error) {
	settings, err := json.Marshal(t.Settings)
	if err != nil {
		return nil, fmt.Errorf("sender: settings: %w", err)
	}
	kind := `type="module"`
	if t.Classic {
		kind = "defer"
	}
	b := append([]byte("<script "), kind...)
	for _, a := range []struct{ name, value string }{
		{"src", t.Src}, {"data-qwelp-settings", string(settings)}, {"data-qwelp-signed", t.Signed}, {"data-qwelp-sender", t.SenderURL}, {"nonce", t.Nonce},
	} {
		if a.value != "" {
			b = append(b, ' ')
			b = append(b, a.name...)
			b = append(b, `="`...)
			b = append(b, html.EscapeString(a.value)...)
			b = append(b, '"')
		}
	}
	return append(b, "></script>"...), nil
}
