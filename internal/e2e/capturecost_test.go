package e2e

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
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
	for _, nodes := range []int{1_000, 10_000, 50_000, 100_000} {
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

// BenchmarkCaptureMutations measures the CPU time that a recorder adds to many mutations at once, in µs for each, and its longest task.
// The table they happen in is not displayed: its layout would take many times as long, and hide the difference.
func BenchmarkCaptureMutations(b *testing.B) {
	kinds := []struct {
		name          string
		rounds, count int
	}{
		{"text", 20, 1_000},
		{"attribute", 20, 1_000},
		{"textContent", 20, 1_000},
		{"rows", 20, 1_000},
		{"rows", 1, 10_000},
		{"insert", 1, 50_000},
	}
	type mutated struct{ Bytes, Longest float64 }
	recorders := []string{"none", "observer", "reader", "ours", "rrweb"}
	p := openBench(b)
	cpu, longest, sent := map[string][]float64{}, map[string][]float64{}, map[string]float64{}
	key := func(recorder string, i int) string { return fmt.Sprint(recorder, i) }
	for b.Loop() {
		for _, recorder := range recorders {
			p.prepare(recorder, 10_000, false)
			browser.Eval[any](p.Page, `snapshot(true)`)
			browser.Eval[any](p.Page, `(document.querySelector("#main").hidden = true, settled())`)
			for i, kind := range kinds {
				browser.Eval[any](p.Page, fmt.Sprintf(`mutate(%q, 5, 1000)`, kind.name))
				var m mutated
				spent := p.CPU(func() {
					m = browser.Eval[mutated](p.Page, fmt.Sprintf(`mutate(%q, %d, %d)`, kind.name, kind.rounds, kind.count))
				})
				key, all := key(recorder, i), float64(kind.rounds*kind.count)
				cpu[key], longest[key], sent[key] = append(cpu[key], spent*1000/all), append(longest[key], m.Longest), m.Bytes/all
			}
		}
	}
	for i, kind := range kinds {
		none := median(cpu[key("none", i)])
		var line strings.Builder
		line.WriteString(fmt.Sprintf("%-11s %5d bare %5.2f µs", kind.name, kind.count, none))
		for _, recorder := range recorders[1:] {
			key := key(recorder, i)
			line.WriteString(fmt.Sprintf("; %s +%.2f µs, %.1f bytes, longest %.1f ms", recorder, median(cpu[key])-none, sent[key], median(longest[key])))
		}
		b.Log(line.String())
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCaptureBytes tells how many bytes go over the wire: for a page, and for each of 300 small changes, one a frame.
func BenchmarkCaptureBytes(b *testing.B) {
	const changes = 300
	p := openBench(b)
	for first := true; b.Loop(); first = false {
		for _, nodes := range []int{1_000, 10_000, 50_000} {
			if !first {
				break // It is the same every time.
			}
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
