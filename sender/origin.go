package sender

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

const maxOrigins = 20 // in each list

func checkOrigins(field string, origins []string, bad func(field string, err error)) {
	if len(origins) > maxOrigins {
		bad(field, fmt.Errorf("more than %d origins", maxOrigins))
	}
	for i, origin := range origins {
		bad(fmt.Sprintf("%s[%d]", field, i), checkOrigin(origin))
	}
}

var errOrigin = errors.New("not an origin as browsers write it, such as https://pay.example or https://pay.example:8443")

// checkOrigin finds what no browser gives as the origin of a page (RFC 6454, section 6.2), and origins that anybody on the network can
// speak for.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || origin != u.Scheme+"://"+u.Host || !isHost(u.Hostname()) {
		return errOrigin
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || strconv.FormatUint(n, 10) != port || u.Scheme == "https" && n == 443 || u.Scheme == "http" && n == 80 {
			return errOrigin
		}
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return errors.New("over plain http, where anybody on the way could be it")
	}
	return nil
}

// isHost tells whether a browser writes a host name like this: in lower case, other letters than ASCII in punycode.
func isHost(name string) bool {
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.String() == name && addr.Zone() == ""
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}
