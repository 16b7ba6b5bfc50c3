package history

import (
	"errors"
	"html/template"
	"net/url"
	"regexp"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// query is what somebody typed, or a link says.
type query struct {
	Text, Agent, Session, Reason, From, Until string
	Verified                                  bool
	Zone                                      string // IANA name of the agent's time zone, as the console's links have it
	after, format                             string
}

func queryOf(values url.Values) query {
	return query{
		Text: clean(values.Get("text"), maxFactValue), Agent: clean(values.Get("agent"), 256), Session: clean(values.Get("session"), 64), Reason: clean(values.Get("reason"), 32),
		From: values.Get("from"), Until: values.Get("until"), Verified: values.Get("verified") == "1", Zone: values.Get("tz"), after: values.Get("after"), format: values.Get("format"),
	}
}

// running stands for sessions that have not ended, in place of a reason.
const running = "running"

var errDate = errors.New("history: not a date")

// filter reads what was typed. Dates are days in the agent's time zone; the last counts as a whole.
func (q query) filter() (Filter, error) {
	zone := q.zone()
	from, err1 := day(q.From, zone)
	until, err2 := day(q.Until, zone)
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	f := Filter{Text: q.Text, Agent: q.Agent, Session: q.Session, Verified: q.Verified, From: from, Until: until, Limit: pageLimit}
	if f.Running = q.Reason == running; !f.Running {
		f.Reason = wire.EndReason(q.Reason)
	}
	return f, errors.Join(err1, err2)
}

func day(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil || t.Year() < 1971 {
		return time.Time{}, errDate
	}
	return t, nil
}

var zoneShape = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)

// zone returns the time zone that is asked for; UTC when there is none, or this machine does not know it.
func (q query) zone() *time.Location {
	if len(q.Zone) > 64 || q.Zone == "Local" || !zoneShape.MatchString(q.Zone) {
		return time.UTC
	}
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// link returns the address of the same query from a cursor on, or from the newest session without one, in a format, or as a page without one.
func (q query) link(cursor, format string) template.URL {
	values := url.Values{}
	for name, value := range map[string]string{
		"text": q.Text, "agent": q.Agent, "session": q.Session, "reason": q.Reason, "from": q.From, "until": q.Until, "tz": q.Zone, "after": cursor, "format": format,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Verified {
		values.Set("verified", "1")
	}
	return template.URL("?" + values.Encode())
}

// choice is a reason that can be chosen.
type choice struct {
	Value, Text string
	Chosen      bool
}

// reasons lists those that can be chosen.
func (q query) reasons() (all []choice) {
	for _, reason := range []wire.EndReason{"", wire.EndCustomer, wire.EndAgent, wire.EndDeclined, signal.EndSignedOut, wire.EndTimeout, wire.EndShutdown, reasonUnknown} {
		value := string(reason)
		if reason == "" {
			all = append(all, choice{"", "Any", q.Reason == ""})
			value = running
		}
		all = append(all, choice{value, reasons[reason], q.Reason == value})
	}
	return all
}
