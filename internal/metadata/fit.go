package metadata

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Excess is a part of metaData that is beyond a limit, or no JSON.
type Excess struct {
	Path string // the keys that lead to it, with dots in between
	Err  error  // why; it holds no value
}

// Error returns the path and the reason.
func (e Excess) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e Excess) Unwrap() error { return e.Err }

// Fit returns m without what may not be metaData, and each such part by its path. Nothing else is lost: in a list, null takes the place of what is
// left out; of what is too large in all, the largest parts go first. m is not changed, and returned itself when nothing is left out.
func Fit(m map[string]any) (map[string]any, []Excess) {
	if len(m) == 0 {
		return m, nil
	}
	text, err := Encode(m)
	var unencodable []Excess
	if err != nil {
		if text, unencodable, err = encodeParts(m, "", MaxDepth); err != nil {
			return nil, []Excess{{"metaData", err}} // its parts can be encoded, and it cannot
		}
	}
	value, err := decode(text)
	if err != nil {
		return nil, []Excess{{"metaData", err}}
	}
	value, beyond := prune(value)
	value, large := shrink(value)
	if excess := slices.Concat(unencodable, beyond, large); len(excess) > 0 {
		return value, excess
	}
	return m, nil
}

// encodeParts encodes a value of which some part cannot be encoded, without such parts. The error says that nothing of it can. What holds itself is cut
// off at depth, below which nothing may be.
func encodeParts(v any, path string, depth int) (text []byte, excess []Excess, err error) {
	if text, err = Encode(v); err == nil || depth == 0 {
		return text, nil, err
	}
	part := func(key string, inner any) json.RawMessage {
		at := pathTo(path, key)
		text, more, err := encodeParts(inner, at, depth-1)
		if err != nil {
			more = append(more, Excess{at, err})
		}
		excess = append(excess, more...)
		return text
	}
	switch v := v.(type) {
	case map[string]any:
		parts := map[string]json.RawMessage{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if text := part(key, v[key]); text != nil {
				parts[key] = text
			}
		}
		text, err = Encode(parts)
	case []any:
		parts := make([]json.RawMessage, len(v)) // nil is null
		for i, item := range v {
			parts[i] = part(strconv.Itoa(i), item)
		}
		text, err = Encode(parts)
	}
	return text, excess, err
}

// prune returns value without each part that is beyond a limit by itself.
func prune(value map[string]any) (map[string]any, []Excess) {
	var excess []Excess
	var within func(value any, path string, depth int) (kept any, ok bool)
	within = func(value any, path string, depth int) (any, bool) {
		if err := excessOf(value, depth); err != nil {
			excess = append(excess, Excess{path, err})
			return nil, false
		}
		switch value := value.(type) {
		case map[string]any:
			object := make(map[string]any, len(value))
			for _, key := range slices.Sorted(maps.Keys(value)) {
				if item, ok := within(value[key], pathTo(path, key), depth-1); ok {
					object[key] = item
				}
			}
			return object, true
		case []any:
			list := make([]any, len(value))
			for i, item := range value {
				list[i], _ = within(item, pathTo(path, strconv.Itoa(i)), depth-1)
			}
			return list, true
		}
		return value, true
	}
	kept, _ := within(value, "", MaxDepth)
	object, _ := kept.(map[string]any)
	return object, excess
}

// part is a member of an object that is no object with members itself.
type part struct {
	in        map[string]any
	key, path string
	size      int // bytes
}

// shrink returns value without its largest parts, so that it is small enough.
func shrink(value map[string]any) (map[string]any, []Excess) {
	var excess []Excess
	for sizeOf(value) > MaxBytes { // again when only objects without members are left
		var parts []part
		value, parts = partsOf(value, "")
		slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.size, a.size) })
		left := sizeOf(value)
		for _, p := range parts {
			if left <= MaxBytes {
				if left = sizeOf(value); left <= MaxBytes { // commas count too
					break
				}
			}
			delete(p.in, p.key)
			left -= p.size
			excess = append(excess, Excess{p.path, errTooLarge})
		}
	}
	return value, excess
}

var errTooLarge = fmt.Errorf("too large: all of it together may have %d bytes as JSON", MaxBytes)

func sizeOf(value map[string]any) int {
	text, _ := Encode(value) // it comes from JSON
	return size(text)
}

// partsOf returns a copy of value, and its parts.
func partsOf(value map[string]any, path string) (copied map[string]any, parts []part) {
	copied = maps.Clone(value)
	for _, key := range slices.Sorted(maps.Keys(value)) {
		at := pathTo(path, key)
		inner, ok := value[key].(map[string]any)
		if !ok || len(inner) == 0 {
			parts = append(parts, part{copied, key, at, sizeOf(map[string]any{key: value[key]}) - len("{}")})
			continue
		}
		var more []part
		copied[key], more = partsOf(inner, at)
		parts = append(parts, more...)
	}
	return copied, parts
}
