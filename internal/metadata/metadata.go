// Package metadata says what metaData may be, the same for the settings in Go and for what comes from browsers: any object of JSON, within
// a few limits. sender/src/metadata.ts has the same rules.
package metadata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The limits. Keys have none of their own.
const (
	MaxBytes  = 8 << 10   // of JSON as browsers write it
	MaxDepth  = 7         // of objects and arrays; with the message around them, as deep as messages may be
	maxNumber = 1<<53 - 1 // what is farther from zero, browsers round
)

var errNoJSON = errors.New("cannot be JSON")

// Encode returns v as browsers write JSON: with < > & as they are, which json.Marshal makes six bytes of each. A panic of a method of v is an error, too.
func Encode(v any) (_ []byte, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: its MarshalJSON or MarshalText panicked", errNoJSON)
		}
	}()
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	if to.Encode(v) != nil {
		return nil, errNoJSON // what encoding/json says may hold the value
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// size returns how many bytes text, of Encode or a browser, has in a browser.
func size(text []byte) int {
	// Two line ends are three bytes each for a browser, and six for Go.
	return len(text) - 3*bytes.Count(text, []byte(`\u2028`)) - 3*bytes.Count(text, []byte(`\u2029`))
}

// Check reports why text, of Encode or a browser, is no metaData. The error holds keys, but no values.
func Check(text []byte) error {
	value, err := decode(text)
	if err != nil {
		return err
	}
	if n := size(text); n > MaxBytes {
		largest := ""
		if _, excess := shrink(value); len(excess) > 0 {
			largest = ", the most of them in " + excess[0].Path
		}
		return fmt.Errorf("%d bytes as JSON, more than %d%s", n, MaxBytes, largest)
	}
	if _, excess := prune(value); len(excess) > 0 {
		return excess[0]
	}
	return nil
}

func decode(text []byte) (value map[string]any, err error) {
	from := json.NewDecoder(bytes.NewReader(text))
	from.UseNumber()
	if !json.Valid(text) || from.Decode(&value) != nil || value == nil {
		return nil, errors.New("not an object of JSON")
	}
	return value, nil
}

// excessOf says why a value is beyond the limits; nil: it is within. depth is how deep objects and arrays may be there.
func excessOf(value any, depth int) error {
	switch value := value.(type) {
	case map[string]any, []any:
		if depth == 0 {
			return fmt.Errorf("nested deeper than %d", MaxDepth)
		}
	case json.Number:
		if n, err := value.Float64(); err != nil || math.Abs(n) > maxNumber {
			return errors.New("a number beyond ±(2^53-1), which browsers round; give it as text")
		}
	}
	return nil
}

// pathTo appends a key to the path of what holds it. Keys that are more than a word are quoted, and long ones cut.
func pathTo(path, key string) string {
	const longest = 64
	plain := key != "" && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' && r != '.'
	})
	if runes := []rune(key); len(runes) > longest {
		key, plain = string(runes[:longest])+"…", false
	}
	if !plain {
		key = strconv.Quote(key)
	}
	return strings.TrimPrefix(path+"."+key, ".")
}
