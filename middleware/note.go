package middleware

import (
	"errors"
	"io"
	"net/http"

	"github.com/qwelp/qwelp-go/signal"
)

// maxNote is how many bytes a note may have: see signal.NoteKeeper.
const maxNote = 4 << 10

// note keeps what an agent has noted about a session, whose id is "?session=…": the body, as text.
func (m *Middleware) note(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	agent, err := m.signal.Authorize(r)
	switch {
	case err != nil:
		http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
		return
	case !m.signal.FromOwnOrigin(r):
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNote))
	if err == nil {
		err = m.notes.Note(r.Context(), r.URL.Query().Get("session"), agent, string(text))
	}
	var tooLarge *http.MaxBytesError
	status := http.StatusServiceUnavailable
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, signal.ErrNotInSession):
		status = http.StatusNotFound
	default:
		m.log.Warn("middleware: a note was not kept", "agent", agent.ID, "err", err)
	}
	http.Error(w, http.StatusText(status), status)
}
