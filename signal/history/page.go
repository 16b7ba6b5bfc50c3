package history

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/internal/visible"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("history").Parse(pageHTML))

// pagePolicy allows the page its one style sheet, its form, and nothing else.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

const (
	pageLimit    = 25  // sessions
	factsAtOnce  = 6   // of a session; the others unfold
	factsShown   = 200 // of a session, of each kind
	lineShown    = 512 // runes
	pagePatience = 10 * time.Second
)

// view is what the page shows.
type view struct {
	CSS      template.CSS
	Query    query
	Zone     string // of all times and dates
	Reasons  []choice
	Own      bool // only those of the agent who looks
	Problem  string
	Sessions []row
	Next     template.URL // of older sessions; empty: there are none
	First    template.URL // of the newest; empty: these are
	CSV      template.URL
	All      template.URL // without what somebody typed
}

// row is a session as people read it.
type row struct {
	Started, StartedISO string
	Duration            string
	Facts, MoreFacts    []shown
	Agents              []agent
	Notes               []note
	Pages               []Visit
	PageCount           int
	Reason              string
	Paths               []string
}

// agent is who was there, with the sessions in which this agent was.
type agent struct {
	Name string
	All  template.URL
}

// note is what an agent has noted, line by line.
type note struct {
	Name  string
	Lines []string
}

// shown is a value of metaData.
type shown struct {
	Key, Value string
	Verified   bool
}

var reasons = map[wire.EndReason]string{
	"":                  "Still running",
	wire.EndCustomer:    "The customer ended it",
	wire.EndAgent:       "An agent ended it",
	wire.EndDeclined:    "The customer declined",
	signal.EndSignedOut: "The agent was signed out",
	wire.EndTimeout:     "Nobody came, or one side was gone for too long",
	wire.EndShutdown:    "The operator ended it",
	reasonUnknown:       "Not known: the server stopped",
}

// ServeHTTP shows the sessions that are kept, newest first, 25 at a time, or as a file ("?format=csv"). Whoever mounts it lets only agents get here, as package middleware does; with
// Config.OwnOnly the request's context says who it is: signal.WithAgent.
func (h *History) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Type", "text/html; charset=utf-8")
	q := queryOf(r.URL.Query())
	v := view{CSS: template.CSS(pageCSS), Query: q, Zone: q.zone().String(), Reasons: q.reasons(), Own: h.own, CSV: q.link("", "csv"), All: query{Zone: q.Zone}.link("", "")}
	filter, err := q.filter()
	if err == nil && h.own {
		who, _ := signal.AgentOf(r.Context())
		if filter.AgentID = who.ID; who.ID == "" {
			err = errNobody
		}
	}
	if err == nil && q.format == "csv" {
		if err = h.serveCSV(w, r, filter, q.zone()); err == nil {
			return
		}
	} else if err == nil {
		filter.Cursor = q.after
		err = h.look(r.Context(), &v, filter)
	}
	status := http.StatusOK
	switch {
	case errors.Is(err, errDate):
		status, v.Problem = http.StatusBadRequest, "A date looks like 2026-01-31."
	case errors.Is(err, ErrCursor):
		status, v.Problem = http.StatusBadRequest, "There is no such place in the list. Start again with the newest sessions."
	case errors.Is(err, errNobody):
		status, v.Problem = http.StatusForbidden, "Agents see their own sessions here, and it is not known which are yours."
	case err != nil:
		status, v.Problem = http.StatusServiceUnavailable, "The history cannot be read now. Try again in a moment."
		if h.mayWarn() {
			h.log.Error("history: the database failed; sessions go on", "while", "show", "err", err)
		}
	}
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, v); err != nil {
		h.log.Error("history: page", "err", err)
		status = http.StatusInternalServerError
	}
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the client is gone if it fails
}

var errNobody = errors.New("history: it is not known whose sessions are wanted")

// look reads the sessions that the page shows.
func (h *History) look(ctx context.Context, v *view, f Filter) error {
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	sessions, next, err := h.List(ctx, f)
	if err != nil {
		return err
	}
	v.Sessions = rows(sessions, time.Now(), v.Query)
	if next != "" {
		v.Next = v.Query.link(next, "")
	}
	if f.Cursor != "" {
		v.First = v.Query.link("", "")
	}
	return nil
}

func rows(sessions []Session, now time.Time, q query) []row {
	zone := q.zone()
	all := make([]row, len(sessions))
	for i, s := range sessions {
		r := row{
			Started: s.Started.In(zone).Format("2 Jan 2006, 15:04"), StartedISO: s.Started.Format(time.RFC3339), Duration: clock(s.Duration(now)),
			Pages: slices.Clone(s.Pages), PageCount: len(s.Pages) + s.Further, Reason: reasons[s.Reason],
		}
		if r.Reason == "" {
			r.Reason = string(s.Reason)
		}
		for i, page := range r.Pages {
			r.Pages[i].Path = visible.Line(page.Path, lineShown)
		}
		r.Facts = append(shownOf(s.Verified, true), shownOf(s.MetaData, false)...)
		if len(r.Facts) > factsAtOnce+1 {
			r.Facts, r.MoreFacts = r.Facts[:factsAtOnce], r.Facts[factsAtOnce:]
		}
		var relay, channel time.Duration
		for _, a := range s.Agents {
			if name := cmp.Or(visible.Line(a.Name, lineShown), visible.Line(a.ID, lineShown)); name != "" {
				r.Agents = append(r.Agents, agent{name, query{Agent: cmp.Or(a.ID, a.Name), Zone: q.Zone}.link("", "")})
			}
			relay, channel = relay+a.Relay, channel+a.Channel
		}
		for _, n := range s.Notes {
			shown := note{Name: cmp.Or(visible.Line(n.Name, lineShown), visible.Line(n.Agent, lineShown))}
			for text := range strings.Lines(n.Text) {
				shown.Lines = append(shown.Lines, visible.Line(text, lineShown))
			}
			r.Notes = append(r.Notes, shown)
		}
		if channel > 0 {
			r.Paths = append(r.Paths, "Direct "+clock(channel))
		}
		if relay > 0 {
			r.Paths = append(r.Paths, "Relayed "+clock(relay))
		}
		all[i] = r
	}
	return all
}

func shownOf(m map[string]any, verified bool) (all []shown) {
	for _, f := range factsOf(m, factsShown) {
		key := visible.Line(strings.ReplaceAll(f.key, ".", " › "), lineShown)
		all = append(all, shown{cmp.Or(key, `""`), visible.Line(f.value, lineShown), verified})
	}
	return all
}

// clock writes a duration like 4:07 or 1:04:07.
func clock(d time.Duration) string {
	seconds := int(d.Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
