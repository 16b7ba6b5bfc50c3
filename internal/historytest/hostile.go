package historytest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// Corpus gives texts that have broken other people's SQL, pages and searches.
func Corpus() []string {
	corpus := []string{
		"", " ", "'", "''", `"`, `""`, "`", ";", "--", "-- -", "#", "/*", "*/", "/**/", "\\", "\\'", `\"`, "%", "%%", "_", "?", "??", "$1", "$2", ":name", "@p1", "(", ")", "))", ",", "0", "-1", "1e9",
		"null", "NULL", "true", "NaN", "Infinity", "undefined", "\x00", "a\x00b", "\xff", "\xc3\x28", "\xed\xa0\x80", "\ufeff", "\u202e", "\u2028", "\u0000'", "ʼ", "＇", "％", "😀", "\r\n", "\t", "\x1b[31m",
		"' OR '1'='1", "' OR 1=1--", "' OR 1=1#", "' OR 1=1/*", "') OR ('1'='1", "' OR ''='", `" OR ""="`, `" OR 1=1--`, "1 OR 1=1", "1' OR '1' = '1' --", "admin'--", "admin' #", "' UNION SELECT NULL--",
		"' UNION SELECT NULL,NULL,NULL--", "' UNION ALL SELECT id, 0, 0, '', '', '', 0 FROM qwelp_sessions--", "' UNION SELECT name FROM sqlite_master--", "' UNION SELECT table_name FROM information_schema.tables--",
		"'; DROP TABLE qwelp_sessions; --", "'); DROP TABLE qwelp_sessions; --", "\"; DROP TABLE qwelp_sessions; --", "1; DROP TABLE qwelp_sessions", "x'; DELETE FROM qwelp_sessions WHERE 'a'='a",
		"'; UPDATE qwelp_sessions SET verified = '{}'; --", "'; INSERT INTO qwelp_history VALUES (99); --", "'; TRUNCATE qwelp_sessions; --", "'; VACUUM; --", "'; COMMIT; --", "'; ROLLBACK; --",
		"' AND SLEEP(5)--", "' AND pg_sleep(5)--", "'; SELECT pg_sleep(5); --", "' || pg_sleep(5)--", "' AND randomblob(1000000000)--", "'||(SELECT load_extension('x'))||'", "'; COPY qwelp_sessions TO '/tmp/x'; --",
		"'; COPY x FROM PROGRAM 'id'; --", "'; ATTACH DATABASE '/tmp/x' AS x; --", "$$; DROP TABLE qwelp_sessions; $$", "$tag$x$tag$", "E'\\047'", "U&'\\0027'", "0x27", "CHAR(39)", "chr(39)", "%27", "%2527", "&#39;",
		"' LIKE '%", "%' OR folded LIKE '%", "!", "!!", "!%", "!_", "%!", "a!", "[a-z]", "^.*$", "(?:a+)+$", ".*", "' ESCAPE '!", "' COLLATE NOCASE--", "' GLOB '*", "' IN ('a','b')--", "' BETWEEN '' AND 'z",
		"' HAVING 1=1--", "' GROUP BY 1--", "' ORDER BY 100--", "' LIMIT 0--", "' LIMIT 1 OFFSET 1--", "' INTO OUTFILE '/tmp/x", "' PROCEDURE ANALYSE()--", "'; EXEC xp_cmdshell('dir'); --", "'; SHUTDOWN; --",
		"{\"$gt\":\"\"}", "[]", "{}", `{"a":"b"}`, `\u0027`, `\x27`, "{{.}}", "{{printf `%s` .}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s%s%s%n", "%x%d", "../../etc/passwd", "..\\..\\x", "file:///etc/passwd",
		"<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></tr></table><h1>gone</h1>", "<!--", "-->", "]]>", "</style>", "javascript:alert(1)", "\" autofocus onfocus=alert(1) x=\"",
		"' onmouseover='alert(1)", "<svg/onload=alert(1)>", "</title>", "<bdi>", "</bdi>", "&lt;b&gt;", "\u202e✓ verified", "✓ verified", "</ul><ul>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>",
	}
	for _, quote := range []string{"'", `"`, "`", "')", "'))", `\'`, "''"} {
		for _, tail := range []string{" OR 1=1", " AND 1=2", "; SELECT 1", " UNION SELECT 1", "||'x'", " --", "/*"} {
			corpus = append(corpus, quote+tail)
		}
	}
	return append(corpus, strings.Repeat("'", 1000), strings.Repeat("%", 1000), strings.Repeat("a", 10_000), strings.Repeat("(", 500), strings.Repeat("\u0301", 300))
}

func hostile(t *testing.T, w *world) {
	h := w.history()
	corpus := Corpus()
	if len(corpus) < 200 {
		t.Errorf("the corpus has %d texts", len(corpus))
	}
	witness := newStory(noon.Add(-time.Hour))
	w.tell(h, witness.start(nil, object{"customer": "witness"}))
	stories := make([]story, len(corpus))
	for i, text := range corpus {
		s := newStory(noon.Add(time.Duration(i) * time.Second))
		stories[i] = s
		for _, e := range []signal.Event{
			s.start(object{text: text, "n": fmt.Sprint("number ", i)}, object{text: object{text: text}}), s.joined(0, text, text, text), s.visited(0, text),
			s.carried(0, text, time.Second, 0), s.left(0, text), s.ended(time.Second, wire.EndReason(text)),
		} {
			h.Observe(e)
		}
	}
	w.tell(h)
	all := len(corpus) + 1
	w.equal("sessions", len(w.list(h, history.Filter{Limit: 500})), all)
	for i, text := range corpus {
		got := w.only(h, history.Filter{Key: "n", Value: fmt.Sprint("number ", i)})
		w.equal("session", got.ID, stories[i].id)
		if len(got.Agents) != 1 || len(got.Pages) != 1 {
			t.Errorf("%.50q: got %+v", text, got)
		}
		// As a filter a text finds its own session, in whatever part, and never more than hold the same text; of the witness nothing.
		for _, f := range []history.Filter{{Key: text, Value: text}, {Key: text}, {Value: text}, {Value: text, Verified: true}, {Text: text}, {Agent: text}, {Reason: wire.EndReason(text)}} {
			if utf8.RuneCountInString(text) > 200 && f.Agent == "" && f.Reason == "" { // see tooLong
				continue
			}
			f.From, f.Until = stories[i].started, stories[i].started.Add(time.Second) // of those that hold the same, this one
			if f.Text != "" && len(f.Text) < 20 {
				f.From, f.Until, f.Limit = time.Time{}, time.Time{}, 500
			}
			found := false
			for _, s := range w.list(h, f) {
				found = found || s.ID == stories[i].id
				if s.ID == witness.id && !strings.Contains("witness", strings.ToLower(text)) {
					t.Errorf("%.50q finds the witness", text)
				}
			}
			if !found && text != "" && (f.Reason == "" || len(text) < 32) {
				t.Errorf("%+.50v does not find its session", f)
			}
		}
		for _, cursor := range []string{text, base64.RawURLEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte("v1.1." + text)), base64.RawURLEncoding.EncodeToString([]byte("v1." + text + ".A"))} {
			if _, _, err := h.List(t.Context(), history.Filter{Cursor: cursor}); cursor != "" && err != nil && !errors.Is(err, history.ErrCursor) {
				t.Errorf("the cursor %.50q: %v", cursor, err)
			}
		}
	}
	for i, text := range corpus[1:] {
		if utf8.RuneCountInString(text) > 200 { // see tooLong
			continue
		}
		if n, err := h.Forget(t.Context(), text, "none that is there"); err != nil || n != 0 {
			t.Errorf("forgetting %d %.50q: %d, %v", i, text, n, err)
		}
	}
	w.equal("sessions in the end", len(w.list(h, history.Filter{Limit: 500})), all)
	w.equal("the witness", w.only(h, history.Filter{Key: "customer", Value: "witness", Verified: true}).ID, witness.id)
}
