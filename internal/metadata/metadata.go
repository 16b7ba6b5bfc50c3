// Package metadata says what metaData may be, the same for the settings in Go, which are checked when the app starts, and for what comes from browsers.
// sender/src/settings.ts has the same rules.
package metadata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The limits.
const (
	MaxBytes  = 8 << 10   // of JSON as browsers write it
	MaxDepth  = 4         // of objects and arrays
	maxNumber = 1<<53 - 1 // what is farther from zero, browsers round
)

// Encode returns v as browsers write JSON: with < > & as they are, which json.Marshal makes six bytes of each.
func Encode(v any) ([]byte, error) {
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	err := to.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// Check reports why text, of Encode or a browser, is no metaData. The error holds keys, but no values.
func Check(text []byte) error {
	// Two line ends are three bytes each for a browser, and six for Go.
	if size := len(text) - 3*bytes.Count(text, []byte(`\u2028`)) - 3*bytes.Count(text, []byte(`\u2029`)); size > MaxBytes {
		return fmt.Errorf("%d bytes as JSON, more than %d", size, MaxBytes)
	}
	from := json.NewDecoder(bytes.NewReader(text))
	from.UseNumber()
	var value map[string]any
	if !json.Valid(text) || from.Decode(&value) != nil || value == nil {
		return errors.New("not an object of JSON")
	}
	return check(value, "", MaxDepth)
}

func check(value any, at string, depth int) error {
	switch value := value.(type) {
	case []any:
		if depth == 0 {
			return fmt.Errorf("nested deeper than %d", MaxDepth)
		}
		for i, item := range value {
			if err := check(item, at+"."+strconv.Itoa(i), depth-1); err != nil {
				return err
			}
		}
	case map[string]any:
		if depth == 0 {
			return fmt.Errorf("nested deeper than %d", MaxDepth)
		}
		for key, item := range value {
			if !plain.MatchString(key) {
				return errors.New("a key is not 1 to 64 of A-Z a-z 0-9 _ . -")
			}
			if err := check(item, at+"."+key, depth-1); err != nil {
				return err
			}
		}
	case json.Number:
		if n, err := value.Float64(); err != nil || math.Abs(n) > maxNumber {
			return fmt.Errorf("%s: a number beyond ±(2^53-1), which browsers round; give it as text", strings.TrimPrefix(at, "."))
		}
	}
	return nil
}
