package middleware

import (
	"bytes"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

func TestCase121AResponseCostsNoMemory(t *testing.T) {
	m := mustNew(t, Options{})
	for name, h := range map[string]http.Handler{
		"page":                inPieces([]byte(generated(200<<10)), "text/html; charset=utf-8", ""),
		"JSON":                inPieces([]byte(`{"a":"</head>"}`), "application/json", ""),
		"a body that is read": http.HandlerFunc(copied),
	} {
		r, w, h := navigation(), &sink{h: http.Header{}}, m.Wrap(h)
		// The race detector makes sync.Pool forget things on purpose.
		if got := testing.AllocsPerRun(1000, func() { clear(w.h); h.ServeHTTP(w, r) }); got >= 1 && !raceEnabled {
			t.Errorf("%s: %v allocations a response, want 0", name, got)
		}
	}
}

func TestCase122AnEndlessPageIsNotKept(t *testing.T) {
	m := mustNew(t, Options{})
	const most = 1 << 20
	size := 1 << 30
	if raceEnabled {
		size = 64 << 20 // all is slower then
	}
	for name, start := range map[string]string{
		"after the head":           "<!doctype html><head><title>x</title></head>",
		"in a comment of the head": "<!doctype html><head><!--",
		"in a script of the head":  "<!doctype html><head><script>",
		"in an attribute":          `<!doctype html><head><meta content="`,
		"in a template":            "<!doctype html><head><template><svg>",
	} {
		piece := bytes.Repeat([]byte("<p class='x'>text "), 64<<10/18)
		grown := uint64(0)
		h := m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(start))
			before := heapInUse()
			for written := 0; written < size; written += len(piece) {
				_, _ = w.Write(piece)
			}
			if after := heapInUse(); after > before {
				grown = after - before
			}
		}))
		h.ServeHTTP(&sink{h: http.Header{}}, navigation())
		if grown >= most {
			t.Errorf("%s: the heap grew by %d bytes, want less than %d", name, grown, most)
		}
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}

// What is kept of a head while it goes by does not grow with it, so that no byte of it can cost more than one before.
func TestCase124WritesOfOneByteCostTheSameInALongHead(t *testing.T) {
	allocations := func(size int) float64 {
		doc := []byte(strings.Repeat("<link rel=preload as=style href=/static/x.css>\n", size/47) + "</head>")
		var out bytes.Buffer
		var in injector
		out.Grow(len(doc) + len(mark))
		n := testing.AllocsPerRun(1, func() {
			out.Reset()
			in.reset(&out, markTagger{}, "/_qwelp/", true)
			for i := range doc {
				_, _ = in.Write(doc[i : i+1])
			}
		})
		if out.Len() != len(doc)+len(mark) {
			t.Fatal("the tag is not there")
		}
		return n
	}
	if short, long := allocations(1<<10), allocations(200<<10); long > short {
		t.Errorf("%v allocations for a head of 1 KiB and %v for one of 200 KiB", short, long)
	}
}
