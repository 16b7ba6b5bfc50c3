package history_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/qwelp/qwelp-go/internal/historytest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

func show(h *history.History, query string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/_qwelp/agent/history"+query, nil))
	return w
}

func TestTheHistoryShowsLinesThatSayWhatTheySay(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1)
	h := newHistory(t, db, &strings.Builder{})
	const text = "gro\u202ecode\u2066 \u200b\x07" + "x\u0301\u0301\u0301\u0301\ufeffy"
	for _, kind := range []signal.EventKind{signal.EventStarted, signal.EventJoined, signal.EventVisited, signal.EventEnded} {
		e := started(0)
		e.Kind, e.Member, e.Agent, e.Path = kind, "a", signal.Agent{ID: "1", Name: text}, "/"+text
		e.MetaData, e.Verified = map[string]any{text: text}, map[string]any{text: text}
		h.Observe(e)
	}
	flush(t, h)
	page := show(h, "?").Body.String()
	if strings.ContainsAny(page, "\u202e\u2066\u200b\ufeff\x07") || strings.Contains(page, "\u0301\u0301\u0301") {
		t.Error("characters that turn or hide text are on the page")
	}
	if got := strings.Count(page, "grocode x\u0301\u0301y"); got != 6 {
		t.Errorf("the line is there %d times, want 6", got)
	}
}

// shape lists the elements and attributes of a page, without the values that may be anybody's.
func shape(t *testing.T, page string) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return seen
		case html.CommentToken:
			seen["a comment"] = true
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			seen[token.Data] = true
			for _, a := range token.Attr {
				seen[token.Data+" "+a.Key] = true
				if a.Key == "href" && !strings.HasPrefix(a.Val, "?") && a.Val != "./" && a.Val != "data:," {
					seen["a link to "+a.Val] = true
				}
			}
		}
	}
}

func TestWhateverSessionsHoldIsTextOnThePage(t *testing.T) {
	_, db := newFaulty(t)
	db.SetMaxOpenConns(1) // as many apps have it with SQLite
	h := newHistory(t, db, &strings.Builder{})
	story := func(i int, text string) {
		for _, kind := range []signal.EventKind{signal.EventStarted, signal.EventJoined, signal.EventVisited, signal.EventCarried, signal.EventEnded} {
			e := started(i)
			e.Kind, e.Member, e.Agent, e.Path, e.Relay = kind, text, signal.Agent{ID: text, Name: text}, text, time.Minute
			e.MetaData, e.Verified = map[string]any{text: text}, map[string]any{text: map[string]any{text: text}}
			h.Observe(e)
		}
	}
	story(0, "plain")
	flush(t, h)
	want := shape(t, show(h, "?text=plain").Body.String())
	for i, text := range historytest.Corpus() {
		story(i+1, text)
		if i%20 == 19 {
			flush(t, h)
		}
		query := url.Values{"text": {text}, "from": {""}, "until": {""}}
		if len(text) < 2000 {
			shown := show(h, "?"+query.Encode())
			if shown.Code != http.StatusOK {
				t.Errorf("%.50q as a filter: %d", text, shown.Code)
			}
			for part := range shape(t, shown.Body.String()) {
				if !want[part] && part != "input checked" && part != "nav" && part != "nav aria-label" && part != "a rel" {
					t.Errorf("%.50q as a filter brings %s", text, part)
				}
			}
			for _, name := range []string{"from", "until", "after"} {
				if code := show(h, "?"+url.Values{name: {text}}.Encode()).Code; code != http.StatusBadRequest && (code != http.StatusOK || text != "") {
					t.Errorf("%.50q as %s: %d", text, name, code)
				}
			}
		}
	}
	flush(t, h)
	for query := "?"; query != ""; {
		page := show(h, query).Body.String()
		for part := range shape(t, page) {
			if !want[part] && part != "nav" && part != "nav aria-label" && part != "a rel" {
				t.Errorf("%s: there is %s", query, part)
			}
		}
		_, rest, more := strings.Cut(page, `<a href="`+"?after=")
		query = ""
		if more {
			cursor, _, _ := strings.Cut(rest, `"`)
			if strings.Contains(page, `rel="next"`) {
				query = "?after=" + cursor
			}
		}
	}
}

func TestThePageIsForOneReaderAndRunsNothing(t *testing.T) {
	f, db := newFaulty(t)
	h := newHistory(t, db, &strings.Builder{})
	shown := show(h, "")
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := shown.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if policy := shown.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script") {
		t.Errorf("the policy is %q", policy)
	}
	if body := shown.Body.String(); !strings.Contains(body, "No sessions.") || strings.Contains(body, "<script") {
		t.Errorf("got %s", body)
	}
	f.Breaks(func(string) error { return fmt.Errorf("a secret of the database's") })
	if shown = show(h, ""); shown.Code != http.StatusServiceUnavailable || strings.Contains(shown.Body.String(), "secret") {
		t.Errorf("got %d: %s", shown.Code, shown.Body)
	}
}

func TestAnEmptyListSaysWhetherSomethingWasAskedFor(t *testing.T) {
	_, db := newFaulty(t)
	h := newHistory(t, db, &strings.Builder{})
	for query, want := range map[string]string{"": "No sessions.", "?verified=1": "No sessions like that.", "?text=ada": "No sessions like that."} {
		if body := show(h, query).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%q does not bring %q", query, want)
		}
	}
}

func TestThePageFindsByTextDateAndMark(t *testing.T) {
	_, db := newFaulty(t)
	h := newHistory(t, db, &strings.Builder{})
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i, name := range []string{"Ada", "Bob", "Ada"} {
		e := started(i)
		e.Started = day.AddDate(0, 0, i)
		e.Time = time.Now()
		if i == 2 {
			e.MetaData = map[string]any{"customer": name}
		} else {
			e.Verified = map[string]any{"customer": name}
		}
		h.Observe(e)
	}
	flush(t, h)
	for query, want := range map[string][]string{
		"":                                  {"1 Mar", "2 Mar", "3 Mar"},
		"?text=ada":                         {"1 Mar", "3 Mar"},
		"?text=ada&verified=1":              {"1 Mar"},
		"?verified=1":                       {"1 Mar", "2 Mar"},
		"?from=2026-03-02":                  {"2 Mar", "3 Mar"},
		"?from=2026-03-02&until=2026-03-02": {"2 Mar"},
		"?text=nobody":                      nil,
	} {
		body := show(h, query).Body.String()
		for _, date := range []string{"1 Mar", "2 Mar", "3 Mar"} {
			shown, wanted := strings.Contains(body, ">"+date+" 2026"), false
			for _, d := range want {
				wanted = wanted || d == date
			}
			if shown != wanted {
				t.Errorf("%q: %s is shown: %t", query, date, shown)
			}
		}
	}
}
