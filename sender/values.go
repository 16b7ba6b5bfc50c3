package sender

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// colour is what every browser takes for a colour, besides names.
var colour = regexp.MustCompile(`(?i)^(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(rgb|hsl)a?\( *` + number + `([ ,]+` + number + `){2}( *[,/] *` + number + `)? *\))$`)

const number = `([+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?(%|deg|grad|rad|turn)?|none)`

func checkColour(text string) error {
	if text == "" || len(text) <= 100 && (colour.MatchString(text) || isColourName(text)) {
		return nil
	}
	return errors.New("not a colour such as #0055ff, rgb(0 85 255), hsl(220 100% 50%) or teal")
}

func checkImageURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return errors.New("not a URL")
	}
	switch strings.ToLower(u.Scheme) {
	case "https":
		if u.Host != "" {
			return nil
		}
	case "http":
		if isLoopback(u.Hostname()) {
			return nil
		}
	case "data":
		if strings.HasPrefix(strings.ToLower(u.Opaque), "image/") {
			return nil
		}
	case "":
		if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, `/\`) {
			return nil
		}
	}
	return errors.New("not an https URL, a path that begins with /, or a data: URL of an image")
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
