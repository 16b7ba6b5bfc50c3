package e2e

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// The benchmarks of capture stand beside rrweb, on the same pages and in turns, since figures of different runs cannot be compared on
// machines that do other work as well. Ours is sender/src/capture, bundled as session.js is, with something that counts the frames in
// place of the link; rrweb records as its guide says and makes text of every event. Neither compresses. Pages are loaded anew for each.
//
//	go -C internal/e2e test -run '^$' -bench Capture -benchtime 5x -timeout 30m

// bench is a page that follows itself.
type bench struct {
	*browser.Page
	url string
}

func openBench(b *testing.B) *bench {
	server := httptest.NewServer(pages{
		"/":        `<!doctype html>` + noIcon + `<title>Bench</title><script type="module" src="main.js"></script><body>`,
		"/main.js": bundle(b, "internal/e2e/testdata/capture/main.ts"),
	})
	b.Cleanup(server.Close)
	return &bench{browser.Open(b, 1000, 700), server.URL + "/"}
}

// prepare loads a page of so many nodes with a recorder that is not started yet; keep has it keep what it makes.
func (p *bench) prepare(recorder string, nodes int, keep bool) {
	p.Go(p.url)
	browser.Eval[any](p.Page, fmt.Sprintf(`prepare(%q, %d, %t)`, recorder, nodes, keep))
}

// taken returns what the recorder has made since the last call.
func (p *bench) taken(b *testing.B) (messages [][]byte) {
	for _, text := range browser.Eval[[]string](p.Page, `taken()`) {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			b.Fatal(err)
		}
		messages = append(messages, data)
	}
	return messages
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkCaptureSnapshot measures the CPU time of the main thread until all of the page has been handed over, on a page that has just
// been loaded (first) and once more on the same page (again).
func BenchmarkCaptureSnapshot(b *testing.B) {
	for _, nodes := range []int{1_000, 10_000, 50_000} {
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			p := openBench(b)
			figures := map[string][]float64{}
			for b.Loop() {
				for _, recorder := range []string{"ours", "rrweb"} {
					p.prepare(recorder, nodes, false)
					for _, when := range []string{"first", "again"} {
						var spent struct{ Wall, Longest float64 }
						cpu := p.CPU(func() {
							spent = browser.Eval[struct{ Wall, Longest float64 }](p.Page, fmt.Sprintf(`snapshot(%t)`, when == "first"))
						})
						figures[recorder+"-"+when+"-ms"] = append(figures[recorder+"-"+when+"-ms"], cpu)
						figures[recorder+"-"+when+"-longest-ms"] = append(figures[recorder+"-"+when+"-longest-ms"], spent.Longest)
						browser.Eval[any](p.Page, `settled()`)
					}
				}
			}
			report(b, figures)
		})
	}
}

func report(b *testing.B, figures map[string][]float64) {
	for name, values := range figures {
		b.ReportMetric(median(values), name)
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCaptureMutations measures the CPU time that a recorder adds to a thousand mutations at once, in µs for each.
func BenchmarkCaptureMutations(b *testing.B) {
	const rounds, count = 20, 1_000
	kinds := []string{"text", "attribute", "textContent", "rows"}
	recorders := []string{"none", "observer", "ours", "rrweb"}
	p := openBench(b)
	spent := map[string][]float64{}
	sent := map[string]float64{}
	for b.Loop() {
		for _, recorder := range recorders {
			p.prepare(recorder, 10_000, false)
			browser.Eval[any](p.Page, `snapshot(true)`)
			browser.Eval[any](p.Page, `settled()`)
			for _, kind := range kinds {
				browser.Eval[any](p.Page, fmt.Sprintf(`mutate(%q, 5, %d)`, kind, count))
				var size float64
				cpu := p.CPU(func() { size = browser.Eval[float64](p.Page, fmt.Sprintf(`mutate(%q, %d, %d)`, kind, rounds, count)) })
				spent[recorder+" "+kind] = append(spent[recorder+" "+kind], cpu*1000/rounds/count)
				sent[recorder+" "+kind] = size / rounds / count
			}
		}
	}
	for _, kind := range kinds {
		none := median(spent["none "+kind])
		b.Logf("%-12s bare %5.2f µs", kind, none)
		for _, recorder := range recorders[1:] {
			b.Logf("%-12s %-8s +%5.2f µs, %6.1f bytes", kind, recorder, median(spent[recorder+" "+kind])-none, sent[recorder+" "+kind])
		}
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCaptureBytes tells how many bytes go over the wire: for a page, and for each of 300 small changes, one a frame.
func BenchmarkCaptureBytes(b *testing.B) {
	const changes = 300
	p := openBench(b)
	for b.Loop() {
		for _, nodes := range []int{1_000, 10_000, 50_000} {
			for _, recorder := range []string{"ours", "rrweb"} {
				p.prepare(recorder, nodes, true)
				browser.Eval[any](p.Page, `snapshot(true)`)
				snapshot := p.taken(b)
				browser.Eval[any](p.Page, `settled()`)
				_ = p.taken(b)
				browser.Eval[any](p.Page, fmt.Sprintf(`live(%d)`, changes))
				live := p.taken(b)
				alone := deflated(b, snapshot, false)
				b.Logf("%6d nodes, %-5s: snapshot %8d bytes, %7d deflated; a change %6.1f bytes, %6.1f deflated one by one, %5.1f in one stream", nodes, recorder,
					size(snapshot), alone, each(size(live), changes), each(deflatedEach(b, live), changes),
					each(deflated(b, slices.Concat(snapshot, live), true)-deflated(b, snapshot, true), changes))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
}

func each(size, count int) float64 { return float64(size) / float64(count) }

func size(messages [][]byte) (n int) {
	for _, m := range messages {
		n += len(m)
	}
	return n
}

// deflated is the size of messages in one stream of DEFLATE at level 6, flushed after each message or not.
func deflated(b *testing.B, messages [][]byte, flush bool) int {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, 6)
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range messages {
		_, _ = w.Write(m)
		if flush {
			_ = w.Flush()
		}
	}
	if !flush {
		_ = w.Close()
	}
	return out.Len()
}

func deflatedEach(b *testing.B, messages [][]byte) (n int) {
	for _, m := range messages {
		n += deflated(b, [][]byte{m}, false)
	}
	return n
}
