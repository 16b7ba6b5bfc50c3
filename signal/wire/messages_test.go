package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// family is one of the two closed sets of JSON messages, with its functions as the tests need them.
type family struct {
	dir    string
	types  []string
	decode func([]byte) (any, error)
	encode func(any) ([]byte, error)
}

var families = []family{
	{
		dir:    "testdata/messages",
		types:  wire.MessageTypes(),
		decode: func(b []byte) (any, error) { return wire.Decode(b) },
		encode: func(m any) ([]byte, error) { return wire.Encode(m.(wire.Message)) },
	},
	{
		dir:    "testdata/controls",
		types:  wire.ControlTypes(),
		decode: func(b []byte) (any, error) { return wire.DecodeControl(b) },
		encode: func(m any) ([]byte, error) { return wire.EncodeControl(m.(wire.Control)) },
	},
}

// goodFile is a vector: the text of a message that both sides read, and write again as it was.
func goodFiles(t testing.TB, f family) map[string][]byte {
	t.Helper()
	return readFiles(t, filepath.Join(f.dir, "*.json"))
}

// badFile is a vector that both sides refuse.
type badFile struct {
	Why    string `json:"why"`    // for people
	Reason string `json:"reason"` // "malformed" or "unknown type"
	Text   string `json:"text"`
}

func badFiles(t testing.TB, f family) map[string]badFile {
	t.Helper()
	bad := map[string]badFile{}
	for name, data := range readFiles(t, filepath.Join(f.dir, "bad", "*.json")) {
		var b badFile
		if err := json.Unmarshal(data, &b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		bad[name] = b
	}
	return bad
}

func readFiles(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = bytes.TrimSpace(data)
	}
	return files
}

func TestGoodMessagesAreReadAndWrittenAgainAsTheyWere(t *testing.T) {
	for _, f := range families {
		for name, text := range goodFiles(t, f) {
			t.Run(filepath.Join(filepath.Base(f.dir), name), func(t *testing.T) {
				m, err := f.decode(text)
				if err != nil {
					t.Fatal(err)
				}
				again, err := f.encode(m)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := canonical(t, again), canonical(t, text); !reflect.DeepEqual(got, want) {
					t.Errorf("got %s, want %s", again, text)
				}
			})
		}
	}
}

func TestEveryMessageTypeHasAVector(t *testing.T) {
	for _, f := range families {
		var have []string
		for _, text := range goodFiles(t, f) {
			have = append(have, canonical(t, text).(map[string]any)["type"].(string))
		}
		for _, name := range f.types {
			if !slices.Contains(have, name) {
				t.Errorf("%s: no file for %s", f.dir, name)
			}
		}
	}
}

func TestBadMessagesAreRefusedForTheirReason(t *testing.T) {
	for _, f := range families {
		for name, bad := range badFiles(t, f) {
			t.Run(filepath.Join(filepath.Base(f.dir), name), func(t *testing.T) {
				want := map[string]error{"malformed": wire.ErrMalformed, "unknown type": wire.ErrUnknownType}[bad.Reason]
				m, err := f.decode([]byte(bad.Text))
				if want == nil || !errors.Is(err, want) {
					t.Errorf("%s: got %v, error %v, want %q", bad.Why, m, err, bad.Reason)
				}
			})
		}
	}
}

func TestHostileJSONIsReadForWhatItSays(t *testing.T) {
	var many strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&many, `,"k%d":0`, i)
	}
	for name, c := range map[string]struct {
		text string
		want wire.Message
	}{
		"many keys":                {`{"type":"leave"` + many.String() + `}`, wire.Leave{}},
		"a key twice":              {`{"type":"end","type":"leave"}`, wire.Leave{}}, // the last counts, as in browsers
		"a field twice":            {`{"type":"resume","token":"a","token":"b"}`, wire.Resume{Token: "b"}},
		"a field twice, escaped":   {`{"type":"resume","token":"a","\u0074oken":"b"}`, wire.Resume{Token: "b"}},
		"__proto__":                {`{"type":"resume","token":"a","__proto__":{"token":"b"},"constructor":{"prototype":{}}}`, wire.Resume{Token: "a"}},
		"only in __proto__":        {`{"type":"resume","__proto__":{"token":"b"}}`, nil},
		"half a surrogate pair":    {`{"type":"resume","token":"a\ud800"}`, wire.Resume{Token: "a\ufffd"}},
		"the other half":           {`{"type":"resume","token":"\udc00a"}`, wire.Resume{Token: "\ufffda"}},
		"half a pair in a name":    {`{"type":"resume","token":"a","\ud800":1}`, wire.Resume{Token: "a"}},
		"half a pair for the type": {`{"type":"\ud800"}`, nil},
	} {
		m, err := wire.Decode([]byte(c.text))
		if (err == nil) != (c.want != nil) || m != c.want {
			t.Errorf("%s: got %#v, %v, want %#v", name, m, err, c.want)
		}
	}
}

func TestAnErrorNamesTheFieldAndNeverItsValue(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"type":"hello","versions":["hunter2"],"role":"sender"}`, "hello.versions: not a int"},
		{`{"type":"memberJoined","member":{"id":"m1","role":"hunter2"}}`, "memberJoined.member.role: not a wire.Role"},
		{`{"type":"resume","token":{"hunter2":1}}`, "resume.token: not a string"},
		{`{"type":"welcome"}`, "welcome.version: missing"},
	} {
		_, err := wire.Decode([]byte(c.text))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want it to end in %q", c.text, err, c.want)
		}
	}
}

func TestFieldsOfANewerVersionAreIgnored(t *testing.T) {
	m, err := wire.Decode([]byte(`{"type":"welcome","version":1,"later":{"a":[1,2]}}`))
	if want := (wire.Welcome{Version: 1}); err != nil || m != wire.Message(want) {
		t.Errorf("got %v, %v, want %v", m, err, want)
	}
}

func TestAListThatNobodySetIsWrittenAsAnEmptyOne(t *testing.T) {
	for _, m := range []wire.Message{
		wire.Hello{Role: wire.RoleSender},
		wire.Joined{Session: "s", Member: "m", Token: "t", Epoch: 1},
		wire.Resumed{Session: "s", Member: "m", Token: "t", Epoch: 1, ICEServers: []wire.ICEServer{{}}},
	} {
		text, err := wire.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wire.Decode(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestEncodingChangesNothingInTheMessage(t *testing.T) {
	m := wire.Joined{ICEServers: []wire.ICEServer{{}}}
	if _, err := wire.Encode(m); err != nil {
		t.Fatal(err)
	}
	if m.ICEServers[0].URLs != nil {
		t.Error("a nil list of the caller's became an empty one")
	}
}

func canonical(t testing.TB, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func fuzzFamily(f *testing.F, family family) {
	for _, text := range goodFiles(f, family) {
		f.Add(text)
	}
	for _, bad := range badFiles(f, family) {
		f.Add([]byte(bad.Text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := family.decode(data)
		if err != nil {
			return
		}
		text, err := family.encode(m)
		if err != nil {
			t.Fatalf("decoded %#v, which does not encode: %v", m, err)
		}
		again, err := family.decode(text)
		if err != nil {
			t.Fatalf("%s does not decode: %v", text, err)
		}
		if text2, err := family.encode(again); err != nil || !bytes.Equal(text, text2) {
			t.Fatalf("got %s, %v, want %s", text2, err, text)
		}
	})
}

func FuzzDecode(f *testing.F)  { fuzzFamily(f, families[0]) }
func FuzzControl(f *testing.F) { fuzzFamily(f, families[1]) }
