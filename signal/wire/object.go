package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// members takes a JSON object apart, nil when it is none. The values share memory with data. Of two members of one name the last counts.
func members(data []byte) map[string]json.RawMessage {
	if data = trim(data); len(data) == 0 || data[0] != '{' || !json.Valid(data) {
		return nil
	}
	fields := map[string]json.RawMessage{}
	for rest := trim(data[len("{"):]); rest[0] != '}'; {
		end := literalEnd(rest)
		name, _ := text(rest[:end])
		rest = trim(trim(rest[end:])[len(":"):])
		end = literalEnd(rest)
		fields[name] = json.RawMessage(rest[:end])
		if rest = trim(rest[end:]); rest[0] == ',' {
			rest = trim(rest[len(","):])
		}
	}
	return fields
}

// trim takes away the white space of JSON (RFC 8259 section 2) that text begins with.
func trim(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

// literalEnd gives the length of the value that valid JSON text begins with.
func literalEnd(data []byte) int {
	level, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted = !quoted; !quoted && level == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			level++
		case level == 0 && strings.IndexByte(",:}] \t\r\n", c) >= 0:
			return i
		case c == '}' || c == ']':
			if level--; level == 0 {
				return i + 1
			}
		}
	}
	return len(data)
}

// text reads a JSON string. Almost all mean what they say, byte for byte.
func text(raw []byte) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	for _, c := range raw {
		if c == '\\' || c >= utf8.RuneSelf {
			err := json.Unmarshal(raw, &s)
			return s, err == nil
		}
	}
	return string(raw[1 : len(raw)-1]), true
}
