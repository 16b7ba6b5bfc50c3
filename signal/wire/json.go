package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Errors that decoding wraps.
var (
	ErrMalformed   = errors.New("wire: malformed message")
	ErrUnknownType = errors.New("wire: unknown message type")
)

var messages = registry[Message]{}.with(
	Hello{}, Welcome{}, Start{}, Started{}, Join{}, Joined{}, Resume{}, Resumed{}, Tell{}, Told{}, Visit{}, Credentials{}, MemberJoined{}, MemberAway{},
	MemberBack{}, MemberLeft{}, Description{}, Candidate{}, Sealed{}, Carried{}, Leave{}, Decline{}, End{}, Ended{}, Ping{}, Pong{}, Draining{}, Error{},
)

var controls = registry[Control]{}.with(Resync{}, Lack{}, PageLoading{}, Visibility{}, Sharing{}, Rejoin{}, Reveal{}, Can{}, Mark{}, Unmark{}, ShowMark{}, Marked{}, MarksGone{}, Bye{}, Overload{})

// Encode gives the JSON text of a signalling message.
func Encode(m Message) ([]byte, error) { return encode(m) }

// Decode reads a signalling message and checks its shape: every field that is not optional is there, every field has its type,
// no value is nested deeper than MaxDepth. Fields that this version does not know are ignored. The error wraps ErrMalformed or
// ErrUnknownType and names the field, never its value.
func Decode(data []byte) (Message, error) { return messages.decode(data) }

// EncodeControl gives the JSON text of a control message.
func EncodeControl(m Control) ([]byte, error) { return encode(m) }

// DecodeControl reads a control message as Decode reads a signalling message.
func DecodeControl(data []byte) (Control, error) { return controls.decode(data) }

type registry[M any] map[string]reflect.Type

func (r registry[M]) with(ms ...M) registry[M] {
	for _, m := range ms {
		r[typeName(m)] = reflect.TypeOf(m)
	}
	return r
}

// typeName is the Go name in lower camel case: MemberJoined is "memberJoined".
func typeName(m any) string {
	name := []rune(reflect.TypeOf(m).Name())
	name[0] = unicode.ToLower(name[0])
	return string(name)
}

func encode(m any) ([]byte, error) {
	if v := reflect.ValueOf(m); shapeOf(v.Type()).nested {
		m = withLists(v).Interface()
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false) // else what is within a limit when it comes may be beyond it when it goes
	if err := to.Encode(m); err != nil {
		return nil, fmt.Errorf("wire: encode %s: %w", typeName(m), err)
	}
	body := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	head := `{"type":"` + typeName(m) + `"`
	if len(body) > len("{}") {
		head += ","
	}
	return append([]byte(head), body[1:]...), nil
}

// withLists returns the struct v with an empty list for every nil one: "null" is no list.
func withLists(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	for _, f := range c.Fields() {
		switch {
		case f.Kind() == reflect.Struct:
			f.Set(withLists(f))
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			items := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			for i := range f.Len() {
				items.Index(i).Set(withLists(f.Index(i)))
			}
			f.Set(items)
		case f.Kind() == reflect.Slice && f.IsNil():
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
	return c
}

func (r registry[M]) decode(data []byte) (m M, err error) {
	if depth(data) > MaxDepth {
		return m, fmt.Errorf("%w: nested deeper than %d", ErrMalformed, MaxDepth)
	}
	fields := members(data)
	if fields == nil {
		return m, fmt.Errorf("%w: not a JSON object", ErrMalformed)
	}
	name, ok := text(fields["type"])
	if !ok || name == "" {
		return m, fmt.Errorf("%w: type: missing", ErrMalformed)
	}
	t, ok := r[name]
	if !ok {
		return m, fmt.Errorf("%w: %.32q", ErrUnknownType, name)
	}
	v := reflect.New(t).Elem()
	if err := decodeStruct(v, fields, name); err != nil {
		return m, err
	}
	return v.Interface().(M), nil
}

// decodeStruct is stricter than encoding/json: names match by case, required fields must be there, null is no value.
func decodeStruct(v reflect.Value, fields map[string]json.RawMessage, path string) error {
	for i, f := range shapeOf(v.Type()).fields {
		raw, ok := fields[f.name]
		if !ok {
			if f.required {
				return fmt.Errorf("%w: %s.%s: missing", ErrMalformed, path, f.name)
			}
			continue
		}
		if err := decodeValue(v.Field(i), raw, path, f.name); err != nil {
			return err
		}
	}
	return nil
}

// shape is what encoding and decoding need to know of a struct type.
type shape struct {
	fields []fieldShape
	nested bool // there may be lists in it
}

type fieldShape struct {
	name     string
	required bool
}

var shapes sync.Map // reflect.Type → shape; working one out takes longer than the rest of most messages

func shapeOf(t reflect.Type) shape {
	if known, ok := shapes.Load(t); ok {
		return known.(shape)
	}
	var s shape
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		s.fields = append(s.fields, fieldShape{name, options == ""})
		s.nested = s.nested || f.Type.Kind() == reflect.Struct || f.Type.Kind() == reflect.Slice
	}
	shapes.Store(t, s)
	return s
}

func decodeValue(v reflect.Value, raw json.RawMessage, parent, name string) error {
	bad := func() error { return fmt.Errorf("%w: %s.%s: not a %s", ErrMalformed, parent, name, v.Type()) }
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return bad()
	}
	switch {
	case v.Kind() == reflect.Struct:
		fields := members(raw)
		if fields == nil {
			return bad()
		}
		return decodeStruct(v, fields, parent+"."+name)
	case v.Kind() == reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return bad()
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			if err := decodeValue(v.Index(i), item, parent, name); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Kind() == reflect.Int {
		n, ok := integer(raw)
		v.SetInt(n)
		if !ok {
			return bad()
		}
		return nil
	}
	if v.Kind() == reflect.String {
		s, ok := text(raw)
		if !ok {
			return bad()
		}
		v.SetString(s)
	} else if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		return bad()
	}
	if allowed, ok := enums[v.Type().Name()]; ok && !slices.Contains(allowed, v.String()) {
		return bad()
	}
	return nil
}

// integer reads a number as JavaScript does: 1.0 and 1e0 are 1, and beyond 2^53 nothing is exact.
func integer(raw json.RawMessage) (int64, bool) {
	var f float64
	if json.Unmarshal(raw, &f) != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53-1 {
		return 0, false
	}
	return int64(f), true
}

// depth counts how deep brackets nest in JSON text, without a stack that an attacker could fill.
func depth(data []byte) (deepest int) {
	level, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}
