package lab

import (
	"strconv"
	"time"

	"github.com/qwelp/qwelp-go/agent"
)

// Reading is what an agent was shown of the counter at a time.
type Reading struct {
	At      float64 // when, in milliseconds since 1970
	Told    float64 // when the page counted that far, by the same clock
	Count   int
	Orderly bool // the list is what it is to be at that count: nothing is missing, doubled or in another place
	Loading bool // the agent knows that it does not see what is now

	// Of the frame that led to it, if there was one.
	Frame    bool
	Seq      uint32
	Snapshot bool // it began with a snapshot
}

// inOrder tells whether items is the end of the numbers from 1 to count, as long as the page keeps it.
func inOrder(count int, items []int) bool {
	if len(items) != min(count, kept) {
		return false
	}
	for i, item := range items {
		if item != count-len(items)+1+i {
			return false
		}
	}
	return true
}

// read reads the counter off an agent's picture.
func read(p *agent.Page) Reading {
	r := Reading{At: milliseconds(time.Now()), Loading: p.Loading}
	text := func(id string) string {
		if e := p.Element(id); e != nil {
			return e.Text()
		}
		return ""
	}
	r.Count, _ = strconv.Atoi(text("count"))
	told, _ := strconv.Atoi(text("told"))
	r.Told = float64(told)
	var items []int
	if list := p.Element("items"); list != nil {
		for _, item := range list.Children {
			n, _ := strconv.Atoi(item.Text())
			items = append(items, n)
		}
	}
	r.Orderly = inOrder(r.Count, items)
	return r
}

func milliseconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// current is how old a picture may be that shows what is now.
const current = time.Second

func (r Reading) current(since float64) bool {
	return !r.Loading && r.Told >= since && r.At-r.Told < float64(current.Milliseconds())
}

// Recovered tells how long after since the agent began to see what is now, and went on doing so for a second; ok: it did.
func Recovered(readings []Reading, since time.Time) (d time.Duration, ok bool) {
	from := milliseconds(since)
	begin := -1.0
	for _, r := range readings {
		switch {
		case r.At < from:
		case !r.current(from):
			begin = -1
		case begin < 0:
			begin = r.At
		case r.At-begin >= 1000:
			return time.Duration((begin - from) * float64(time.Millisecond)), true
		}
	}
	return 0, false
}

// Tally is what was wrong with what an agent was shown.
type Tally struct {
	Lost       int           // frames that never came, while there was no new snapshot
	Doubled    int           // frames that came again
	Disorderly int           // readings that were not Orderly, or went back
	Snapshots  int           // that came
	Standstill time.Duration // the longest time in which the picture did not change
}

// Count tallies readings from since on. What was read before that tells what was to come next.
func Count(readings []Reading, since time.Time) (t Tally) {
	from := milliseconds(since)
	changed := from
	var before, frame Reading
	for i, r := range readings {
		now := r.At >= from
		if now && i > 0 {
			if !r.Orderly || r.Count < before.Count {
				t.Disorderly++
			}
			if r.Count > before.Count {
				t.Standstill = max(t.Standstill, time.Duration((r.At-changed)*float64(time.Millisecond)))
				changed = r.At
			}
		}
		before = r
		if !r.Frame {
			continue
		}
		switch ahead := int32(r.Seq - frame.Seq); {
		case !now || !frame.Frame:
		case r.Snapshot:
			t.Snapshots++
		case ahead < 1:
			t.Doubled++
		default:
			t.Lost += int(ahead) - 1
		}
		frame = r
	}
	return t
}

// Recorder is JavaScript that takes readings in a browser, as window.readings, where expression gives the document that shows the counter.
func Recorder(expression string) string {
	return `window.readings = [];
	{
		let last = -1;
		setInterval(() => {
			const doc = ` + expression + `;
			const count = Number(doc?.querySelector("#count")?.textContent);
			if (!(count >= 0) || count === last) return;
			last = count;
			const items = [...doc.querySelectorAll("#items > li")].map(e => Number(e.textContent));
			readings.push({
				At: performance.timeOrigin + performance.now(), Told: Number(doc.querySelector("#told").textContent), Count: count,
				Orderly: items.length === Math.min(count, ` + strconv.Itoa(kept) + `) && items.every((n, i) => n === count - items.length + 1 + i),
			});
		}, 10);
	}`
}
