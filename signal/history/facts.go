package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what filters can find.
const (
	maxFactKey   = 200 // characters
	maxFactValue = 256
	mostFacts    = 4096 // of each kind at a time: more do not go into the 8 KiB that package signal admits
	factsAtATime = 100  // in one statement
)

// mostFactsEver is how many values of a session are kept with those that were said before, unverified and verified ones. What is said now stays in any case.
var mostFactsEver = [...]int{5000, 20_000}

// ErrTooLong says that a filter, or what to forget, has more than can be compared: of longer values in metaData only the beginning is kept to be found by.
var ErrTooLong = errors.New("history: a key may have 200 characters, a value or text 256")

// fact is one value of metaData, under the keys that lead to it, with dots in between: "cart.items.0".
type fact struct{ key, value string }

// factsOf lists what metaData says, in order of the keys, on each level those first that hold no others. None is there twice.
func factsOf(m map[string]any, most int) []fact {
	var all []fact
	seen := map[fact]bool{}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		if len(all) >= most {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			keys := slices.SortedFunc(maps.Keys(v), func(a, b string) int {
				return cmp.Or(cmp.Compare(nests(v[a]), nests(v[b])), strings.Compare(a, b))
			})
			for _, k := range keys {
				walk(strings.TrimPrefix(key+"."+k, "."), v[k])
			}
		case []any:
			for i, item := range v {
				walk(key+"."+strconv.Itoa(i), item)
			}
		default:
			f := fact{cut(key, maxFactKey), cut(valueOf(v), maxFactValue)}
			if !seen[f] {
				seen[f] = true
				all = append(all, f)
			}
		}
	}
	walk("", m)
	return all
}

// countValues counts what factsOf lists, and more when there is too much.
func countValues(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, item := range v {
			n += countValues(item)
		}
	case []any:
		for _, item := range v {
			n += countValues(item)
		}
	default:
		n = 1
	}
	return n
}

// nests is 1 for what holds other values.
func nests(v any) int {
	switch v.(type) {
	case map[string]any, []any:
		return 1
	}
	return 0
}

// cut gives a text as it is compared. One that is longer than the limit gets longer than the limit: nothing that may be looked for equals it.
func cut(s string, limit int) string {
	if kept := clean(s, limit+1); utf8.RuneCountInString(kept) > limit {
		return clean(kept, limit) + "…"
	}
	return clean(s, limit)
}

// findable tells whether a key and values can be looked for.
func findable(key string, values ...string) error {
	tooLong := utf8.RuneCountInString(key) > maxFactKey
	for _, v := range values {
		tooLong = tooLong || utf8.RuneCountInString(v) > maxFactValue
	}
	if tooLong {
		return ErrTooLong
	}
	return nil
}

// keepFacts lets a session be found by what has been said with the telling of that number. What was said before stays to be found, and forgotten, by, but for the oldest when
// there is too much; of the current telling all stays.
func (h *History) keepFacts(ctx context.Context, t *sql.Tx, id string, verified int, facts []fact, told, current int) error {
	for part := range slices.Chunk(facts, factsAtATime) {
		var args []any
		for _, f := range part {
			args = append(args, id, verified, f.key, f.value, fold(f.value), told)
		}
		_, err := t.ExecContext(ctx, h.lang.bind(`INSERT INTO qwelp_facts (session_id, verified, fact, value, folded, told) VALUES `+rowsOf(len(part), "(?, ?, ?, ?, ?, ?)")+`
			ON CONFLICT (session_id, verified, fact, value) DO UPDATE SET told = excluded.told WHERE qwelp_facts.told < excluded.told`), args...)
		if err != nil {
			return err
		}
	}
	if len(facts) == 0 {
		return nil
	}
	_, err := t.ExecContext(ctx, h.lang.bind(`DELETE FROM qwelp_facts WHERE session_id = ? AND verified = ? AND told < ? AND told <=
		(SELECT told FROM qwelp_facts WHERE session_id = ? AND verified = ? ORDER BY told DESC LIMIT 1 OFFSET ?)`), id, verified, current, id, verified, mostFactsEver[verified])
	return err
}

// valueOf gives a value as it is written in JSON, texts without their quotes.
func valueOf(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "" // it came out of JSON
	}
	return string(raw)
}

// fold gives a text as searches see it, whatever the database makes of capitals.
func fold(s string) string { return strings.ToLower(s) }

// clean gives at most limit characters of a text, as every database takes it: Postgres takes no zero byte, and only UTF-8.
func clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit])
}
