package lab

import (
	"testing"
	"time"
)

// shown makes readings that are each 100 ms after the one before and just told, beginning at 1000 ms.
func shown(readings ...Reading) []Reading {
	for i := range readings {
		readings[i].At = float64(1000 + 100*i)
		if readings[i].Told == 0 {
			readings[i].Told = readings[i].At
		}
	}
	return readings
}

// frames makes readings of frames with these sequence numbers, all in order; a negative one is a snapshot.
func frames(seqs ...int) []Reading {
	readings := make([]Reading, len(seqs))
	for i, seq := range seqs {
		readings[i] = Reading{Count: i + 1, Orderly: true, Frame: true, Seq: uint32(max(seq, -seq)), Snapshot: seq < 0}
	}
	return shown(readings...)
}

func TestWhatIsWrongWithFramesIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		readings []Reading
		want     Tally
	}{
		"nothing":                {frames(1, 2, 3), Tally{}},
		"lost":                   {frames(1, 2, 5, 6), Tally{Lost: 2}},
		"doubled":                {frames(1, 2, 2, 3), Tally{Doubled: 1}},
		"a snapshot":             {frames(1, 2, -9, 10), Tally{Snapshots: 1}},
		"before the time":        {frames(5, 5, 6), Tally{Doubled: 1}},
		"lost across the limit":  {frames(1<<32-1, 1), Tally{Lost: 1}},
		"a list that is wrong":   {shown(Reading{Count: 1, Orderly: true}, Reading{Count: 2}), Tally{Disorderly: 1}},
		"a count that goes back": {shown(Reading{Count: 2, Orderly: true}, Reading{Count: 1, Orderly: true}), Tally{Disorderly: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Count(c.readings, time.UnixMilli(1100))
			if got.Standstill = 0; got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAStandstillIsTheLongestTimeWithoutANewCount(t *testing.T) {
	readings := shown(Reading{Count: 1}, Reading{Count: 2}, Reading{Count: 2}, Reading{Count: 2}, Reading{Count: 3}, Reading{Count: 4})
	if got := Count(readings, time.UnixMilli(1000)).Standstill; got != 300*time.Millisecond {
		t.Errorf("got %v, want 300ms", got)
	}
}

func TestRecoveredIsWhenWhatIsShownStaysNew(t *testing.T) {
	readings := make([]Reading, 30)
	for i := range readings {
		readings[i].Loading = i == 5
	}
	readings[10].Told = 1 // long ago
	readings = shown(readings...)
	if after, ok := Recovered(readings, time.UnixMilli(1200)); !ok || after != 900*time.Millisecond {
		t.Errorf("got %v, %t, want 900ms", after, ok)
	}
	if after, ok := Recovered(readings[:20], time.UnixMilli(1200)); ok {
		t.Errorf("got %v although it has not lasted", after)
	}
}

func TestTheListIsTheEndOfTheCount(t *testing.T) {
	long := make([]int, kept)
	for i := range long {
		long[i] = i + 51
	}
	for name, c := range map[string]struct {
		count int
		items []int
		want  bool
	}{
		"empty":      {0, nil, true},
		"short":      {3, []int{1, 2, 3}, true},
		"long":       {kept + 50, long, true},
		"missing":    {3, []int{1, 3}, false},
		"doubled":    {3, []int{1, 2, 2, 3}, false},
		"reordered":  {3, []int{2, 1, 3}, false},
		"too far":    {3, []int{2, 3, 4}, false},
		"not enough": {kept + 51, long, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := inOrder(c.count, c.items); got != c.want {
				t.Errorf("got %t, want %t", got, c.want)
			}
		})
	}
}
