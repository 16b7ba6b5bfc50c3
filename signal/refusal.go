package signal

import (
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// What people are told, of too many attempts by their budget. Unknown, expired and used support codes share one text as they share one code.
var refusalTexts = map[wire.ErrorCode]string{
	wire.ErrUnknownCode: "This code is not valid. Ask the customer for a new one.",
	wire.ErrGone:        "This session cannot be resumed. Start a new one.",
	wire.ErrEnded:       "This session has ended.",
	wire.ErrNotAgent:    "Only an agent may do this.",
	wire.ErrUnavailable: "This does not work right now. Try again in a moment.",
	wire.ErrNoMember:    "This member is not in the session.",
	wire.ErrMetaData:    "metaData is too large, nested too deeply, or has a number that is too large.",
}

var retryAfter = map[wire.ErrorCode]time.Duration{
	wire.ErrUnavailable: time.Second,
}

func refusal(code wire.ErrorCode) wire.Error {
	return wire.Error{Code: code, Message: refusalTexts[code], RetryAfter: int(retryAfter[code].Milliseconds())}
}
