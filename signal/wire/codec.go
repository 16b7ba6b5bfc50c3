package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrFrame is wrapped by every error of the frame codec.
var ErrFrame = errors.New("wire: bad frame")

// Strings are the strings remembered on one page, by either side. The zero value is empty; not safe for concurrent use.
type Strings struct {
	list   []string
	number map[string]int // of the encoder
}

func (s *Strings) reset() { *s = Strings{} }

// AppendFrame appends the encoded frame to dst. strings carries what earlier frames taught and is changed.
func AppendFrame(dst []byte, seq uint32, ops []Op, strings *Strings) []byte {
	dst = binary.AppendUvarint(append(dst, FrameVersion), uint64(seq))
	for _, op := range ops {
		if _, ok := op.(Page); ok {
			strings.reset()
		}
		v := reflect.ValueOf(op)
		dst = append(dst, opCodes[v.Type()])
		dst = appendFields(dst, v, strings)
	}
	return dst
}

// DecodeFrame decodes a frame. strings carries what earlier frames taught and is changed; after an error it must not be used
// before the next Page. The error wraps ErrFrame.
func DecodeFrame(data []byte, strings *Strings) (seq uint32, ops []Op, err error) {
	seq, all, err := ReadFrame(data, strings)
	if err != nil {
		return seq, nil, err
	}
	for op, err := range all {
		if err != nil {
			return seq, ops, err
		}
		ops = append(ops, op)
	}
	return seq, ops, nil
}

// ReadFrame reads the head of a frame and gives its operations one at a time, decoded when asked for, so that a hostile frame
// costs no more memory than the reader lets it. The last one comes with an error when the frame is malformed. Otherwise it is
// DecodeFrame. The sequence can be read once.
func ReadFrame(data []byte, strings *Strings) (seq uint32, ops iter.Seq2[Op, error], err error) {
	r := &reader{data: data, strings: strings}
	if version := r.byte(); version != FrameVersion && r.err == nil {
		return 0, nil, fmt.Errorf("%w: version %d, want %d", ErrFrame, version, FrameVersion)
	}
	seq = r.uint32()
	return seq, func(yield func(Op, error) bool) {
		for len(r.data) > 0 {
			op := r.op()
			if !yield(op, r.err) || r.err != nil {
				return
			}
		}
	}, r.err
}

// AppendPointer appends the encoded message of the pointer channel to dst.
func AppendPointer(dst []byte, p PointerMove) []byte {
	return appendFields(dst, reflect.ValueOf(p), nil)
}

// DecodePointer decodes a message of the pointer channel. The error wraps ErrFrame.
func DecodePointer(data []byte) (p PointerMove, err error) {
	r := reader{data: data}
	r.fields(reflect.ValueOf(&p).Elem())
	if r.err == nil && len(r.data) > 0 {
		r.fail("%d bytes too many", len(r.data))
	}
	return p, r.err
}

var opCodes = func() map[reflect.Type]byte {
	codes := map[reflect.Type]byte{}
	for i, op := range opTypes {
		codes[reflect.TypeOf(op)] = byte(i + 1)
	}
	return codes
}()

func appendFields(dst []byte, v reflect.Value, strings *Strings) []byte {
	fields := v.NumField() // Value.Fields takes three times as long
	for i := range fields {
		dst = appendValue(dst, v.Field(i), strings)
	}
	return dst
}

func appendValue(dst []byte, v reflect.Value, strings *Strings) []byte {
	switch v.Kind() {
	case reflect.Uint32:
		return binary.AppendUvarint(dst, v.Uint())
	case reflect.Int32:
		n := v.Int()
		return binary.AppendUvarint(dst, uint64(uint32(n<<1)^uint32(n>>31)))
	case reflect.Bool:
		if v.Bool() {
			return append(dst, 1)
		}
		return append(dst, 0)
	case reflect.String:
		return strings.append(dst, v.String())
	}
	dst = binary.AppendUvarint(dst, uint64(v.Len()))
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return append(dst, v.Bytes()...)
	}
	for i := range v.Len() {
		dst = appendValue(dst, v.Index(i), strings)
	}
	return dst
}

func (s *Strings) append(dst []byte, text string) []byte {
	text = validUTF8(text)
	if n, ok := s.number[text]; ok {
		return binary.AppendUvarint(dst, uint64(n)+2)
	}
	remember := utf16Len(text) <= MaxInternedChars && len(s.list) < MaxInterned
	if remember {
		if s.number == nil {
			s.number = map[string]int{}
		}
		s.number[text] = len(s.list)
		s.list = append(s.list, text)
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

// validUTF8 replaces what no reader takes, as the sender's TextEncoder does.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// utf16Len is the length in JavaScript, which decides on both sides what is remembered.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// maxVarintBytes is what a uint32 needs; a reader takes no longer form of it.
const maxVarintBytes = 5

type reader struct {
	data    []byte
	strings *Strings
	err     error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{ErrFrame}, args...)...)
	}
	r.data = nil
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.fail("it ends too early")
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *reader) uint32() uint32 {
	n, size := binary.Uvarint(r.data)
	if size <= 0 || size > maxVarintBytes || n > 1<<32-1 {
		r.fail("a number ends too early or is too large")
		return 0
	}
	r.data = r.data[size:]
	return uint32(n)
}

func (r *reader) bytes() []byte {
	n := r.uint32()
	if uint64(n) > uint64(len(r.data)) {
		r.fail("a length of %d passes its end", n)
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) string() string {
	tag := r.uint32()
	if tag >= 2 {
		if int(tag-2) >= len(r.strings.list) {
			r.fail("string %d is not known", tag-2)
			return ""
		}
		return r.strings.list[tag-2]
	}
	b := r.bytes()
	if !utf8.Valid(b) {
		r.fail("a string is not UTF-8")
		return ""
	}
	s := string(b)
	if tag == 1 && r.err == nil {
		if len(r.strings.list) >= MaxInterned || utf16Len(s) > MaxInternedChars {
			r.fail("a string must not be remembered")
			return ""
		}
		r.strings.list = append(r.strings.list, s)
	}
	return s
}

// op is nil when there is an error.
func (r *reader) op() Op {
	code := int(r.byte())
	if code < 1 || code > len(opTypes) {
		r.fail("unknown operation %d", code)
		return nil
	}
	if _, ok := opTypes[code-1].(Page); ok {
		r.strings.reset()
	}
	v := reflect.New(reflect.TypeOf(opTypes[code-1])).Elem()
	r.fields(v)
	if r.err != nil {
		return nil
	}
	return v.Interface().(Op)
}

func (r *reader) fields(v reflect.Value) {
	for i := 0; i < v.NumField() && r.err == nil; i++ {
		r.value(v.Field(i))
	}
}

func (r *reader) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Uint32:
		v.SetUint(uint64(r.uint32()))
	case reflect.Int32:
		n := r.uint32()
		v.SetInt(int64(int32(n>>1) ^ -int32(n&1)))
	case reflect.Bool:
		b := r.byte()
		if b > 1 {
			r.fail("a boolean is %d", b)
		}
		v.SetBool(b == 1)
	case reflect.String:
		v.SetString(r.string())
	default:
		r.list(v)
	}
}

func (r *reader) list(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes(append([]byte{}, r.bytes()...))
		return
	}
	n := r.uint32()
	if uint64(n) > uint64(len(r.data)) || n > MaxListItems { // an item is a byte at least
		r.fail("a list of %d passes its end or the limit", n)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
	for i := range int(n) {
		if r.err == nil {
			r.value(v.Index(i))
		}
	}
}
