package history

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAllThatMetaDataCanHoldIsFound(t *testing.T) {
	const text = `{"a":[` // 8 KiB, as signal admits them
	raw := text + strings.TrimSuffix(strings.Repeat("1,", (8<<10-len(text)-8)/2), ",") + `],"z":7}`
	var m map[string]any
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		t.Fatal(err)
	}
	facts := factsOf(m, mostFacts)
	if want := strings.Count(raw, ",") + 1; len(raw) < 8<<10-4 || len(facts) != want || countValues(m) != want {
		t.Errorf("%d of %d values in %d bytes, %d are counted", len(facts), want, len(raw), countValues(m))
	}
	if first := (fact{"z", "7"}); facts[0] != first {
		t.Errorf("the first is %v, want what holds no others: %v", facts[0], first)
	}
}

func TestWhatIsTooLongEqualsNothingThatMayBeLookedFor(t *testing.T) {
	exact := strings.Repeat("ü", maxFactValue)
	if got := cut(exact, maxFactValue); got != exact {
		t.Errorf("got %q", got)
	}
	if got := cut(exact+"a", maxFactValue); got != exact+"…" || findable("", got) == nil {
		t.Errorf("got %q", got)
	}
}
