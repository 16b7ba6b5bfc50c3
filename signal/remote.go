package signal

import (
	"net/http"
	"net/netip"

	"github.com/qwelp/qwelp-go/internal/request"
)

// remote is the client as budgets count it. forwarded reports that the other end of the connection sent an X-Forwarded-For and is not trusted.
func remote(r *http.Request, trusted []netip.Prefix) (network string, forwarded bool) {
	addr, forwarded := request.RemoteAddr(r, trusted)
	return request.Network(addr), forwarded
}
