package signal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/qwelp/qwelp-go/internal/metadata"
)

// recordSchema is the schema of records that this version changes. Fields that are new need no other: versions that do not know them keep them. Another is for
// what older versions would break by changing the rest; to them such a record is for reading only.
const recordSchema = 0

var errNewerRecord = fmt.Errorf("%w: it is of a later version", errRecord)

// unknown is what a record holds that this version does not know, by name. Replicas of several versions share records while an app is deployed.
type unknown map[string]json.RawMessage

var sessionFields, memberFields = fieldsOf(reflect.TypeFor[session]()), fieldsOf(reflect.TypeFor[member]())

// fieldsOf gives the names of a struct's fields in JSON, in lower case, as encoding/json does not tell them apart by that.
func fieldsOf(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			names[strings.ToLower(name)] = true
		}
	}
	return names
}

// UnmarshalJSON keeps what it does not know.
func (s *session) UnmarshalJSON(raw []byte) (err error) {
	type plain session
	s.unknown, err = decodeKnown(raw, (*plain)(s), sessionFields)
	return err
}

// MarshalJSON writes what UnmarshalJSON kept, too.
func (s session) MarshalJSON() ([]byte, error) {
	type plain session
	return encodeWith(plain(s), s.unknown)
}

// UnmarshalJSON keeps what it does not know.
func (m *member) UnmarshalJSON(raw []byte) (err error) {
	type plain member
	m.unknown, err = decodeKnown(raw, (*plain)(m), memberFields)
	return err
}

// MarshalJSON writes what UnmarshalJSON kept, too.
func (m member) MarshalJSON() ([]byte, error) {
	type plain member
	return encodeWith(plain(m), m.unknown)
}

func decodeKnown(raw []byte, known any, fields map[string]bool) (rest unknown, err error) {
	if err := json.Unmarshal(raw, known); err != nil {
		return nil, err
	}
	var all unknown
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if fields[strings.ToLower(name)] {
			delete(all, name)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

func encodeWith(known any, rest unknown) ([]byte, error) {
	text, err := metadata.Encode(known)
	if err != nil || len(rest) == 0 {
		return text, err
	}
	more, err := metadata.Encode(rest)
	if err != nil {
		return nil, err
	}
	return append(append(text[:len(text)-1], ','), more[1:]...), nil
}
