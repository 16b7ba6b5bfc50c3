package e2e

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// boxFont is a TrueType font whose glyphs are boxes, as wide as high, for every character from space to tilde. That of i is narrower: a font in which
// all letters look alike masks what is written in it.
func boxFont() []byte {
	put := func(values ...any) []byte {
		var b bytes.Buffer
		for _, v := range values {
			if err := binary.Write(&b, binary.BigEndian, v); err != nil {
				panic(err)
			}
		}
		return b.Bytes()
	}
	type (
		u16 = uint16
		u32 = uint32
	)
	box := func(width int16) []byte {
		return put(int16(1), int16(0), int16(0), width, int16(800), u16(3), u16(0), [4]byte{1, 1, 1, 1},
			int16(0), int16(0), width, int16(0), int16(0), int16(800), int16(0), int16(-800), u16(0))
	}
	boxes := slices.Concat(box(800), box(600))
	glyphs := make([]u16, 95)
	for i := range glyphs {
		glyphs[i] = 1
	}
	glyphs['i'-' '] = 2
	characters := put(u16(4), u16(32+2*len(glyphs)), u16(0), u16(4), u16(4), u16(1), u16(0),
		u16(126), u16(0xffff), u16(0), u16(32), u16(0xffff), u16(0), u16(1), u16(4), u16(0), glyphs)
	name := put(u16(0), u16(2), u16(30), u16(3), u16(1), u16(0x409), u16(1), u16(10), u16(0), u16(3), u16(1), u16(0x409), u16(4), u16(10), u16(0), []byte("\x00B\x00o\x00x\x00e\x00s"))
	tables := []struct {
		tag  string
		data []byte
	}{
		{"OS/2", put(u16(3), int16(1000), u16(400), u16(5), u16(0), [10]int16{650, 600, 0, 75, 650, 600, 0, 350, 50, 300}, int16(0), [10]byte{}, [4]u32{1}, []byte("QWLP"),
			u16(0x40), u16(32), u16(126), int16(800), int16(-200), int16(0), u16(800), u16(200), [2]u32{1}, int16(500), int16(700), u16(0), u16(32), u16(0))},
		{"cmap", append(put(u16(0), u16(1), u16(3), u16(1), u32(12)), characters...)},
		{"glyf", boxes},
		{"head", put(u32(0x10000), u32(0x10000), u32(0), u32(0x5f0f3cf5), u16(3), u16(1000), int64(0), int64(0), int16(0), int16(0), int16(800), int16(800), u16(0), u16(8), int16(2), int16(1), int16(0))},
		{"hhea", put(u32(0x10000), int16(800), int16(-200), int16(0), u16(1000), int16(0), int16(0), int16(800), int16(1), [6]int16{}, int16(0), u16(3))},
		{"hmtx", put(u16(1000), int16(0), u16(1000), int16(0), u16(1000), int16(0))},
		{"loca", put(u32(0), u32(0), u32(len(boxes)/2), u32(len(boxes)))},
		{"maxp", put(u32(0x10000), u16(3), u16(4), u16(1), u16(0), u16(0), u16(2), [8]u16{})},
		{"name", name},
		{"post", put(u32(0x30000), u32(0), int16(-100), int16(50), u32(0), [4]u32{})},
	}
	font := put(u32(0x10000), u16(len(tables)), u16(128), u16(3), u16(32))
	var body []byte
	for _, table := range tables {
		var sum u32
		padded := append(bytes.Clone(table.data), make([]byte, (4-len(table.data)%4)%4)...)
		for i := 0; i < len(padded); i += 4 {
			sum += binary.BigEndian.Uint32(padded[i:])
		}
		font = append(font, put([]byte(table.tag), sum, u32(12+16*len(tables)+len(body)), u32(len(table.data)))...)
		body = append(body, padded...)
	}
	return append(font, body...)
}
