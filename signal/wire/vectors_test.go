package wire_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/qwelp/qwelp-go/signal/wire"
)

var update = flag.Bool("update", false, "write testdata anew")

// frameVector is a stream of frames with the strings they teach.
type frameVector struct {
	Name   string        `json:"name"`
	Frames []vectorFrame `json:"frames"`
}

type vectorFrame struct {
	Seq uint32  `json:"seq"`
	Ops [][]any `json:"ops"` // name, then the fields; bytes are {"hex": "…"}
	Hex string  `json:"hex"`
}

type pointerVector struct {
	Seq uint32 `json:"seq"`
	X   int32  `json:"x"`
	Y   int32  `json:"y"`
	Hex string `json:"hex"`
}

// badVector is a stream whose last message is refused.
type badVector struct {
	Name string   `json:"name"`
	Hex  []string `json:"hex"`
}

func describe(op wire.Op) []any {
	v := reflect.ValueOf(op)
	name := []rune(v.Type().Name())
	name[0] = unicode.ToLower(name[0])
	fields := []any{string(name)}
	for _, f := range v.Fields() {
		if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Uint8 {
			fields = append(fields, map[string]string{"hex": hex.EncodeToString(f.Bytes())})
		} else {
			fields = append(fields, f.Interface())
		}
	}
	return fields
}

func TestFramesEncodeToTheBytesOfTheirVectors(t *testing.T) {
	var vectors []frameVector
	for _, s := range streams {
		v := frameVector{Name: s.name}
		var strings wire.Strings
		for i, ops := range s.frames {
			seq := s.seq + uint32(i)
			f := vectorFrame{Seq: seq, Ops: [][]any{}, Hex: hex.EncodeToString(wire.AppendFrame(nil, seq, ops, &strings))}
			for _, op := range ops {
				f.Ops = append(f.Ops, describe(op))
			}
			v.Frames = append(v.Frames, f)
		}
		vectors = append(vectors, v)
	}
	compareLines(t, "testdata/frames.json", vectors)
}

func TestFramesDecodeToTheOperationsTheyWereMadeOf(t *testing.T) {
	for _, s := range streams {
		t.Run(s.name, func(t *testing.T) {
			var written, read wire.Strings
			for i, ops := range s.frames {
				data := wire.AppendFrame(nil, s.seq+uint32(i), ops, &written)
				seq, got, err := wire.DecodeFrame(data, &read)
				if err != nil || seq != s.seq+uint32(i) {
					t.Fatalf("frame %d: sequence number %d, error %v", i, seq, err)
				}
				if len(got) != len(ops) || len(ops) > 0 && !reflect.DeepEqual(got, ops) {
					t.Errorf("frame %d: got %#v, want %#v", i, got, ops)
				}
			}
		})
	}
}

func TestEveryOperationHasAVector(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, s := range streams {
		for _, ops := range s.frames {
			for _, op := range ops {
				seen[reflect.TypeOf(op)] = true
			}
		}
	}
	for _, op := range wire.Ops() {
		if !seen[reflect.TypeOf(op)] {
			t.Errorf("no vector has %T", op)
		}
	}
}

func TestPointerMovesEncodeToTheBytesOfTheirVectors(t *testing.T) {
	var vectors []pointerVector
	for _, p := range []wire.PointerMove{
		{}, {Seq: 1, X: 640, Y: 480}, {Seq: 127, X: 63, Y: -64}, {Seq: 128, X: 64, Y: -65},
		{Seq: 1<<32 - 1, X: 1<<31 - 1, Y: -1 << 31},
	} {
		data := wire.AppendPointer(nil, p)
		if got, err := wire.DecodePointer(data); err != nil || got != p {
			t.Errorf("got %v, %v, want %v", got, err, p)
		}
		vectors = append(vectors, pointerVector{p.Seq, p.X, p.Y, hex.EncodeToString(data)})
	}
	compareLines(t, "testdata/pointers.json", vectors)
}

type laserVector struct {
	Seq    uint32      `json:"seq"`
	Page   uint32      `json:"page"`
	Node   wire.NodeID `json:"node"`
	Pixels bool        `json:"pixels"`
	X      int32       `json:"x"`
	Y      int32       `json:"y"`
	Hex    string      `json:"hex"`
}

func TestLaserMovesEncodeToTheBytesOfTheirVectors(t *testing.T) {
	var vectors []laserVector
	for _, m := range []wire.LaserMove{
		{}, {Seq: 1, Page: 17, Node: 42, X: 5000, Y: 10_000}, {Seq: 2, Page: 17, Node: 42, Pixels: true, X: -3, Y: 640},
		{Seq: 1<<32 - 1, Page: 1<<32 - 1, Node: 1<<32 - 1, Pixels: true, X: 1<<31 - 1, Y: -1 << 31},
	} {
		data := wire.AppendLaser(nil, m)
		if got, err := wire.DecodeLaser(data); err != nil || got != m {
			t.Errorf("got %v, %v, want %v", got, err, m)
		}
		vectors = append(vectors, laserVector{m.Seq, m.Page, m.Node, m.Pixels, m.X, m.Y, hex.EncodeToString(data)})
	}
	compareLines(t, "testdata/lasers.json", vectors)
}

func TestBadLaserMovesAreRefused(t *testing.T) {
	good := wire.AppendLaser(nil, wire.LaserMove{Seq: 1})
	flag := append([]byte(nil), good...)
	flag[12] = 2
	for _, data := range [][]byte{nil, good[:20], append(good, 0), flag} {
		if m, err := wire.DecodeLaser(data); err == nil {
			t.Errorf("%x: got %v", data, m)
		}
	}
}

func TestBadFramesAreRefused(t *testing.T) {
	var vectors []badVector
	for _, b := range badStreams {
		v := badVector{Name: b.name}
		var strings wire.Strings
		for i, data := range b.frames {
			v.Hex = append(v.Hex, hex.EncodeToString(data))
			_, _, err := wire.DecodeFrame(data, &strings)
			if last := i == len(b.frames)-1; last != (err != nil) {
				t.Errorf("%s: frame %d: got error %v", b.name, i, err)
			}
		}
		vectors = append(vectors, v)
	}
	compareLines(t, "testdata/bad_frames.json", vectors)
}

func TestBadPointerMovesAreRefused(t *testing.T) {
	for _, data := range []string{"", "\x01", "\x01\x02", "\x01\x02\x03\x04", "\x80\x80\x80\x80\x10\x00\x00"} {
		if p, err := wire.DecodePointer([]byte(data)); err == nil {
			t.Errorf("%x: got %v", data, p)
		}
	}
}

// compareLines compares the list items, one a line, with the file, or writes it with -update.
func compareLines[T any](t *testing.T, file string, items []T) {
	t.Helper()
	var lines []string
	for _, item := range items {
		line, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	want := fmt.Sprintf("[\n%s\n]\n", strings.Join(lines, ",\n"))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("%s is not what the encoder makes (error %v): either the wire format changed, or run with -update", file, err)
	}
}
