package history

import (
	"encoding/json"
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
)

// fact is one value of metaData, under the keys that lead to it, with dots in between: "cart.items.0".
type fact struct{ key, value string }

// factsOf lists what metaData says, in order of the keys.
func factsOf(m map[string]any) []fact {
	var all []fact
	var walk func(key string, v any)
	walk = func(key string, v any) {
		if len(all) >= mostFacts {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(strings.TrimPrefix(key+"."+k, "."), v[k])
			}
		case []any:
			for i, item := range v {
				walk(key+"."+strconv.Itoa(i), item)
			}
		default:
			all = append(all, fact{clean(key, maxFactKey), clean(valueOf(v), maxFactValue)})
		}
	}
	walk("", m)
	return all
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
