package browser

import "github.com/chromedp/cdproto/performance"

// CPU runs do and returns the ms that the page's main thread has worked meanwhile, on whatever it was: waiting for a processor does not
// count.
func (p *Page) CPU(do func()) float64 {
	p.t.Helper()
	call(p, performance.Enable, performance.EnableParams{})
	before := p.threadTime()
	do()
	return p.threadTime() - before
}

func (p *Page) threadTime() float64 {
	for _, metric := range call(p, performance.GetMetrics, struct{}{}).Metrics {
		if metric.Name == "ThreadTime" {
			return metric.Value * 1000
		}
	}
	p.t.Fatal("the browser does not tell a thread's time")
	return 0
}
