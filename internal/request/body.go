package request

import (
	"net/http"
	"time"
)

// bodyTimeout is how long the body of a request to our own routes may take. The largest is the form of a sign-in.
const bodyTimeout = 10 * time.Second

// BoundBody closes the connection of a request whose body takes longer than ten seconds, whether it is read or not: net/http reads what a handler has
// left, too. An earlier deadline of the app's http.Server stays. It does nothing where some middleware hides the connection.
func BoundBody(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	if s, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && s.ReadTimeout > 0 && s.ReadTimeout <= bodyTimeout {
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
}
