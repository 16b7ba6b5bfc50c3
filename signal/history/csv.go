package history

import (
	"context"
	"encoding/csv"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	csvPart = 500    // sessions that are read at a time
	csvMost = 50_000 // sessions in a file
	csvTime = "2006-01-02 15:04:05"
)

// serveCSV sends the sessions that a filter finds as a file, the newest first. An error means that nothing was sent; one that comes later breaks the file off, so that it is not taken for
// a whole one.
func (h *History) serveCSV(w http.ResponseWriter, r *http.Request, f Filter, zone *time.Location) error {
	f.Limit, f.Cursor = csvPart, ""
	sessions, next, err := h.listPart(r.Context(), f)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	header.Set("Content-Disposition", `attachment; filename="sessions.csv"`)
	_, _ = w.Write([]byte("\ufeff")) // spreadsheets take it for another encoding else
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		_ = out.Write(cells) // the client is gone if it fails
	}
	name := zone.String()
	write("Session", "Started ("+name+")", "Ended ("+name+")", "Seconds", "End", "Agents", "Verified", "Unverified", "Pages", "Direct (s)", "Relayed (s)", "Notes")
	now := time.Now()
	for written := 0; ; {
		for _, s := range sessions {
			write(cellsOf(s, now, zone)...)
		}
		out.Flush()
		if written += len(sessions); next == "" || r.Context().Err() != nil {
			return nil
		}
		if written >= csvMost {
			write("There are older sessions. Choose a shorter time.")
			out.Flush()
			return nil
		}
		f.Cursor = next
		if sessions, next, err = h.listPart(r.Context(), f); err != nil {
			h.log.Error("history: the database failed; sessions go on", "while", "csv", "err", err)
			panic(http.ErrAbortHandler)
		}
	}
}

func (h *History) listPart(ctx context.Context, f Filter) ([]Session, string, error) {
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	return h.List(ctx, f)
}

func cellsOf(s Session, now time.Time, zone *time.Location) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(csvTime)
	}
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
	var agents, notes []string
	var relay, channel time.Duration
	for _, a := range s.Agents {
		agents = append(agents, a.Name+" ("+a.ID+")")
		relay, channel = relay+a.Relay, channel+a.Channel
	}
	for _, n := range s.Notes {
		notes = append(notes, n.Name+": "+n.Text)
	}
	known := func(m map[string]any) string {
		var all []string
		for _, f := range factsOf(m, factsShown) {
			all = append(all, f.key+": "+f.value)
		}
		return strings.Join(all, "\n")
	}
	reason, ok := reasons[s.Reason]
	if !ok {
		reason = string(s.Reason)
	}
	return []string{
		s.ID, at(s.Started), at(s.Ended), seconds(s.Duration(now)), reason, strings.Join(agents, "\n"), known(s.Verified), known(s.MetaData), strconv.Itoa(len(s.Pages) + s.Further),
		seconds(channel), seconds(relay), strings.Join(notes, "\n"),
	}
}

// formula finds what a spreadsheet may take for the begin of a formula: at the begin of a text, and after what separates cells, as some spreadsheets separate others than this file does.
var formula = regexp.MustCompile("(^|[;,|\"'\t\r\n])([\\s\\p{Z}\\p{C}]*)([=+@＝＋－＠−-])")

// harmless returns a text for a cell in which nothing is a formula: an apostrophe stands before what could be one.
func harmless(text string) string { return formula.ReplaceAllString(text, "$1$2'$3") }
