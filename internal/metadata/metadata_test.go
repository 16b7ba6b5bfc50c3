package metadata

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWhatIsNoMetaDataIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  string // "" is valid
	}{
		"plain":                       {map[string]any{"customer": "4711", "vip": true, "tier": nil, "cart": map[string]any{"sku.no": []int{1}}}, ""},
		"as large as may be":          {map[string]any{"a": strings.Repeat("x", MaxBytes-len(`{"a":""}`))}, ""},
		"too large":                   {map[string]any{"a": strings.Repeat("x", MaxBytes-len(`{"a":""}`)+1)}, "8193 bytes"},
		"what HTML would escape":      {map[string]any{"a": strings.Repeat("&", MaxBytes-len(`{"a":""}`))}, ""},
		"line ends":                   {map[string]any{"a": strings.Repeat("\u2028", 2728)}, ""},
		"seven deep":                  {map[string]any{"a": []any{[]any{[]any{[]any{[]any{[]any{1}}}}}}}, ""},
		"eight deep":                  {map[string]any{"a": []any{[]any{[]any{[]any{[]any{[]any{[]any{}}}}}}}}, "nested"},
		"keys that are no word":       {map[string]any{"": []any{map[string]any{"ä ö": 1, strings.Repeat("k", 100): 2, "✓ verified": 3}}}, ""},
		"the largest integer":         {map[string]any{"n": int64(1<<53 - 1), "m": int64(-1<<53 + 1)}, ""},
		"an integer that is rounded":  {map[string]any{"order": map[string]any{"ids": []int64{1, 1234567890123456789}}}, "order.ids.1: a number"},
		"one below":                   {map[string]any{"n": int64(-1 << 53)}, "n: a number"},
		"a float that large":          {map[string]any{"n": 1e300}, "n: a number"},
		"a number that is not finite": {map[string]any{"n": json.RawMessage("1e999")}, "n: a number"},
		"a fraction":                  {map[string]any{"n": 0.1}, ""},
		"no object":                   {[]int{1}, "not an object"},
		"null":                        {nil, "not an object"},
	} {
		text, err := Encode(c.value)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err = Check(text)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err != nil && strings.Contains(err.Error(), "12345678") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	for _, text := range []string{"", "{", `{"a":1} {}`, `{"a":1}x`} {
		if Check([]byte(text)) == nil {
			t.Errorf("%s is valid", text)
		}
	}
}
