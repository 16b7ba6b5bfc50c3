package history

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strconv"
)

// ErrCursor says that a Filter.Cursor is none that List gave.
var ErrCursor = errors.New("history: not a cursor")

// A cursor is the place of the last session of a list: no query, no filter, nothing that is told to nobody else. Who makes one up comes to another place in a list that he may
// read anyway; so it is checked for its shape, not signed.
var cursorShape = regexp.MustCompile(`^v1\.([1-9][0-9]{0,14})\.([0-9A-Za-z_-]{1,64})$`)

func cursorAfter(s Session) string {
	return base64.RawURLEncoding.EncodeToString([]byte("v1." + strconv.FormatInt(ms(s.Started), 10) + "." + s.ID))
}

func parseCursor(cursor string) (started int64, id string, err error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(cursor) > 200 {
		return 0, "", ErrCursor
	}
	parts := cursorShape.FindStringSubmatch(string(text))
	if parts == nil {
		return 0, "", ErrCursor
	}
	started, err = strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return 0, "", ErrCursor
	}
	return started, parts[2], nil
}
