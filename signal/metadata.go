package signal

import (
	"encoding/json"
	"errors"
)

// Limits of metaData.
const (
	maxMetaDataBytes = 8 << 10 // of JSON
	maxMetaDataDepth = 4
)

var errMetaData = errors.New("signal: metaData is too large or nested too deeply")

func encodeMetaData(m map[string]any) (json.RawMessage, error) {
	if len(m) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(m)
	if err != nil || len(raw) > maxMetaDataBytes || depth(m) > maxMetaDataDepth {
		return nil, errMetaData
	}
	return raw, nil
}

func decodeMetaData(raw json.RawMessage) (m map[string]any) {
	if raw != nil && json.Unmarshal(raw, &m) != nil {
		return nil // only encodeMetaData writes it
	}
	return m
}

// depth counts how deep objects and arrays nest.
func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, item := range v {
			deepest = max(deepest, depth(item))
		}
	case []any:
		for _, item := range v {
			deepest = max(deepest, depth(item))
		}
	default:
		return 0
	}
	return deepest + 1
}
