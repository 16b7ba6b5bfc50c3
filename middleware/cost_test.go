package middleware

import (
	"bytes"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
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

func TestCase124WritesOfOneByteCostTheSameInALongHead(t *testing.T) {
	perByte := func(size int) time.Duration {
		doc := []byte(strings.Repeat("<link rel=preload as=style href=/static/x.css>\n", size/47) + "</head>")
		least := time.Hour
		for range 5 {
			var out bytes.Buffer
			var in injector
			out.Grow(len(doc) + len(mark))
			in.reset(&out, markTagger{}, "/_qwelp/", true)
			start := time.Now()
			for i := range doc {
				_, _ = in.Write(doc[i : i+1])
			}
			least = min(least, time.Since(start))
			if out.Len() != len(doc)+len(mark) {
				t.Fatal("the tag is not there")
			}
		}
		return least * 1000 / time.Duration(len(doc)) // of a thousand bytes, as one takes less than the clock tells
	}
	if short, long := perByte(100<<10), perByte(1600<<10); long > 4*short {
		t.Errorf("1000 bytes take %v of 100 KiB and %v of 1600 KiB", short, long)
	}
}
