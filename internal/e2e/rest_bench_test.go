package e2e

import (
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// BenchmarkAtRest measures what a page costs on which nothing happens: the CPU time of its main thread in a second, without a session and, in turns with
// that, in one that an agent sees; and that of the agent's console.
//
//	go -C internal/e2e test -run '^$' -bench AtRest -benchtime 5x
func BenchmarkAtRest(b *testing.B) {
	p := connect(b, "/")
	alone := browser.Open(b, 1000, 700)
	alone.Go(p.shop.customer + "/")
	const second = `new Promise(resolve => setTimeout(resolve, 1000))`
	settled := func(page *browser.Page) {
		for range 7 { // the mark of a new session has pulsed
			browser.Eval[any](page, second)
		}
	}
	settled(p.customer)
	figures := map[string][]float64{}
	for b.Loop() {
		for name, page := range map[string]*browser.Page{"page-alone": alone, "customer": p.customer, "console": p.agent} {
			figures[name] = append(figures[name], page.CPU(func() { browser.Eval[any](page, second) }))
		}
	}
	for name, values := range figures {
		b.ReportMetric(median(values), name+"-ms/s")
	}
	b.ReportMetric(0, "ns/op")
}
