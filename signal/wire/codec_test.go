package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func FuzzFrame(f *testing.F) {
	for _, s := range streams {
		var strings wire.Strings
		for i, ops := range s.frames {
			f.Add(wire.AppendFrame(nil, s.seq+uint32(i), ops, &strings))
		}
	}
	for _, b := range badStreams {
		f.Add(b.frames[len(b.frames)-1])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var known wire.Strings
		seq, ops, err := wire.DecodeFrame(data, &known)
		if err != nil {
			if !errors.Is(err, wire.ErrFrame) {
				t.Fatalf("got error %v, want one that wraps ErrFrame", err)
			}
			return
		}
		if len(ops) > len(data) {
			t.Fatalf("%d operations of %d bytes", len(ops), len(data))
		}
		var written, read wire.Strings
		seq2, ops2, err := wire.DecodeFrame(wire.AppendFrame(nil, seq, ops, &written), &read)
		if err != nil || seq2 != seq || !reflect.DeepEqual(ops2, ops) {
			t.Fatalf("got %d %#v, %v, want %d %#v", seq2, ops2, err, seq, ops)
		}
	})
}

func FuzzPointer(f *testing.F) {
	f.Add([]byte("\x01\x80\x0a\xc0\x07"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := wire.DecodePointer(data)
		if err != nil {
			return
		}
		if again, err := wire.DecodePointer(wire.AppendPointer(nil, p)); err != nil || again != p {
			t.Fatalf("got %v, %v, want %v", again, err, p)
		}
	})
}

func TestRandomStreamsOfFramesComeBackAsTheyWere(t *testing.T) {
	for seed := range uint64(200) {
		r := random{rand.New(rand.NewPCG(seed, 1))}
		var written, read wire.Strings
		for i := range uint32(20) {
			ops := r.ops(1 + r.IntN(30))
			seq, got, err := wire.DecodeFrame(wire.AppendFrame(nil, i, ops, &written), &read)
			if err != nil || seq != i || !reflect.DeepEqual(got, ops) {
				t.Fatalf("seed %d, frame %d: got %d %#v, %v, want %#v", seed, i, seq, got, err, ops)
			}
		}
	}
}

func TestAStringThatIsNotUTF8IsWrittenAsOneThatIs(t *testing.T) {
	var written, read wire.Strings
	frame := wire.AppendFrame(nil, 1, []wire.Op{wire.Text{Data: "a\xffb"}, wire.Text{Data: "a\xffb"}}, &written)
	_, ops, err := wire.DecodeFrame(frame, &read)
	if want := (wire.Text{Data: "a\ufffdb"}); err != nil || len(ops) != 2 || ops[0] != want || ops[1] != want {
		t.Errorf("got %#v, %v, want %#v twice", ops, err, want)
	}
}

func TestNoMoreStringsAreRememberedThanTheLimitSays(t *testing.T) {
	var ops []wire.Op
	for i := range wire.MaxInterned + 10 {
		ops = append(ops, wire.Text{Data: fmt.Sprint(i)})
	}
	ops = append(ops, ops...)
	var written, read wire.Strings
	_, got, err := wire.DecodeFrame(wire.AppendFrame(nil, 1, ops, &written), &read)
	if err != nil || !reflect.DeepEqual(got, ops) {
		t.Errorf("got %d operations, %v", len(got), err)
	}
}

func TestReadingAHostileFrameCostsMemoryInProportion(t *testing.T) {
	for name, data := range map[string][]byte{
		"operations without fields":        []byte("\x01\x01" + strings.Repeat("\x02", 1<<20)),
		"lists of empty strings":           []byte("\x01\x01\x05\x01\x00" + strings.Repeat("\x04\x00\x02\x80\x80\x04"+strings.Repeat("\x02", 1<<16), 16)),
		"elements of remembered strings":   []byte("\x01\x01\x05\x01\x00" + strings.Repeat("\x04\x00\x02\x00", 1<<18)),
		"a list that says it is very long": append([]byte("\x01\x01\x04\x00\x00\x00\xff\xff\x03"), make([]byte, 1<<20)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, ops, err := wire.ReadFrame(data, &wire.Strings{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range ops {
			if n++; err != nil {
				t.Logf("%s: %v after %d operations", name, err, n)
			}
		}
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(32*len(data)) {
			t.Errorf("%s: %d bytes of memory for %d operations of a frame of %d bytes", name, got, n, len(data))
		}
	}
}

// random makes operations with all sorts of fields.
type random struct{ *rand.Rand }

func (r random) ops(n int) (ops []wire.Op) {
	kinds := wire.Ops()
	for range n {
		v := reflect.New(reflect.TypeOf(kinds[r.IntN(len(kinds))])).Elem()
		for _, f := range v.Fields() {
			r.fill(f)
		}
		ops = append(ops, v.Interface().(wire.Op))
	}
	return ops
}

func (r random) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Uint32:
		v.SetUint(uint64(r.Uint32() >> r.IntN(33)))
	case reflect.Uint8:
		v.SetUint(uint64(r.Uint32() & 0xff))
	case reflect.Int32:
		v.SetInt(int64(int32(r.Uint32()) >> r.IntN(32)))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 1)
	case reflect.String:
		v.SetString(r.text())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(5), 5))
		for i := range v.Len() {
			r.fill(v.Index(i))
		}
	}
}

func (r random) text() string {
	letters := []rune("ab€é🦊\x00")
	text := make([]rune, r.IntN(4)*r.IntN(15))
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	return string(text)
}

// table is a page of about 10 000 nodes.
func table() []wire.Op {
	ops := []wire.Op{wire.Page{URL: "https://shop.example/", Width: 1280, Height: 720, Scale: 100}, wire.Element{Name: "html"}, wire.Element{Name: "body"}}
	for i := range 1000 {
		ops = append(ops, wire.Element{Name: "tr", Attributes: []string{"class", "row", "data-id", fmt.Sprint(i)}})
		for j := range 5 {
			ops = append(ops, wire.Element{Name: "td", Attributes: []string{"class", "cell"}}, wire.Text{Data: fmt.Sprint("cell ", i, j)}, wire.Up{Levels: 1})
		}
		ops = append(ops, wire.Up{Levels: 1})
	}
	return append(ops, wire.PageEnd{})
}

func BenchmarkEncode(b *testing.B) {
	ops := table()
	b.Run("frame", func(b *testing.B) {
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			dst = wire.AppendFrame(dst[:0], 1, ops, &wire.Strings{})
		}
		b.ReportMetric(float64(len(dst)), "bytes")
	})
	b.Run("json.Marshal", func(b *testing.B) {
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			dst, _ = json.Marshal(ops)
		}
		b.ReportMetric(float64(len(dst)), "bytes")
	})
}

func BenchmarkDecode(b *testing.B) {
	frame := wire.AppendFrame(nil, 1, table(), &wire.Strings{})
	var list [][]any
	for _, op := range table() {
		list = append(list, describe(op))
	}
	text, err := json.Marshal(list)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("frame", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(frame)))
		for b.Loop() {
			if _, _, err := wire.DecodeFrame(frame, &wire.Strings{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json.Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			var list [][]any
			if err := json.Unmarshal(text, &list); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bytes.Clone", func(b *testing.B) {
		b.SetBytes(int64(len(frame)))
		for b.Loop() {
			bytes.Clone(frame)
		}
	})
}
