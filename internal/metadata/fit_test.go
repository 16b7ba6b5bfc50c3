package metadata

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type object = map[string]any

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("canary") }

// deep nests an object in others.
func deep(levels int) any {
	var v any = "x"
	for range levels {
		v = object{"in": v}
	}
	return v
}

func TestOnlyWhatIsBeyondALimitIsLeftOut(t *testing.T) {
	itself := object{"plan": "pro"}
	itself["self"] = itself
	long := strings.Repeat("k", 300)
	many := object{}
	for i := range 3000 {
		many[strconv.Itoa(i)] = object{"n": object{}}
	}
	for name, c := range map[string]struct {
		in, want object // want nil: as it came
		left     []string
	}{
		"keys of every kind":   {in: object{"": 1, "first name": "Ada", "名前": "エイダ", "__proto__": object{"a": 1}, "a.b": 1, "<b>\n": 1, "✓ verified": 1, long: 1}},
		"values of JSON":       {in: object{"t": true, "f": 0.1, "n": nil, "l": []any{[]any{}, object{}}, "s": "\u2028", "m": 1<<53 - 1, "typed": struct{ A []int }{[]int{1}}}},
		"seven deep":           {in: object{"a": deep(6)}},
		"eight deep":           {object{"a": deep(7), "b": 1}, object{"a": object{"in": object{"in": object{"in": object{"in": object{"in": object{}}}}}}, "b": 1}, []string{"a.in.in.in.in.in.in"}},
		"rounded numbers":      {object{"order id": int64(1 << 60), "l": []any{1, 1e300}, "n": 1}, object{"l": []any{1, nil}, "n": 1}, []string{`"order id"`, "l.1"}},
		"no JSON":              {object{"f": func() {}, "c": []any{make(chan int), 2}, "nan": object{"x": math.NaN(), "y": 1}, "n": 1}, object{"c": []any{nil, 2}, "nan": object{"y": 1}, "n": 1}, []string{"c.0", "f", "nan.x"}},
		"a method that panics": {object{"p": panics{}, "n": object{"p": panics{}, "q": 1}}, object{"n": object{"q": 1}}, []string{"n.p", "p"}},
		"one that is too large": {object{"blob": strings.Repeat("x", 1<<20), "customer": "4711", "cart": object{"note": strings.Repeat("y", 9000), "items": 3}},
			object{"customer": "4711", "cart": object{"items": 3}}, []string{"blob", "cart.note"}},
		"a key that is too large": {object{strings.Repeat("k", 9000): 1, "n": 1}, object{"n": 1}, []string{strconv.Quote(strings.Repeat("k", 64) + "…")}},
		"a list that is too long": {object{"ids": make([]int, 5000), "n": 1}, object{"n": 1}, []string{"ids"}},
	} {
		before, _ := Encode(c.in)
		got, excess := Fit(c.in)
		if c.want == nil {
			c.want = c.in
		}
		left := make([]string, len(excess))
		for i, e := range excess {
			left[i] = e.Path
			if strings.Contains(e.Error(), "canary") || strings.Contains(e.Error(), strings.Repeat("x", 9)) {
				t.Errorf("%s: the error holds a value: %v", name, e)
			}
		}
		slices.Sort(left)
		text, err := Encode(got)
		want, _ := Encode(c.want)
		if string(text) != string(want) || err != nil || !slices.Equal(left, c.left) {
			t.Errorf("%s: got %.300s, %v, without %v, want %.300s without %v", name, text, err, left, want, c.left)
		}
		if err := Check(text); err != nil {
			t.Errorf("%s: what is kept is none: %v", name, err)
		}
		if after, _ := Encode(c.in); string(after) != string(before) {
			t.Errorf("%s: the app's own was changed", name)
		}
	}
	if got, excess := Fit(itself); got["plan"] != "pro" || len(excess) == 0 {
		t.Errorf("what holds itself: got %v, without %v", got, excess)
	}
	if got, _ := Fit(many); len(got) == 0 || sizeOf(got) > MaxBytes {
		t.Errorf("of many small parts are kept %d, %d bytes", len(got), sizeOf(got))
	}
	if got, excess := Fit(object{"n": json.Number("x")}); len(got) != 0 || len(excess) != 1 {
		t.Errorf("a number that is none: got %v, without %v", got, excess)
	}
}
