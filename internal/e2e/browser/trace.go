package browser

import (
	"bytes"
	"encoding/json"
	"strings"

	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Event is one complete event of a trace.
type Event struct {
	Name     string
	Duration float64 // milliseconds
	Args     string  // JSON
}

// Trace records the page's trace events of some categories while do runs.
func (p *Page) Trace(categories string, do func()) (events []Event) {
	p.t.Helper()
	complete := make(chan tracing.EventTracingComplete, 1)
	completions := chromedp.Events(p.ctx, tracing.TracingComplete)
	go func() {
		for e, err := range completions {
			if err == nil {
				complete <- e
			}
			return
		}
	}()
	call(p, tracing.Start, tracing.StartParams{
		TransferMode: tracing.StartTransferModeReturnAsStream,
		TraceConfig:  &tracing.TraceConfig{IncludedCategories: strings.Split(categories, ",")},
	})
	do()
	call(p, tracing.End, struct{}{})
	stream := (<-complete).Stream
	var text bytes.Buffer
	for {
		r := call(p, cdpio.Read, cdpio.ReadParams{Handle: stream})
		text.Write(r.Data)
		if r.EOF {
			break
		}
	}
	var trace struct {
		TraceEvents []struct {
			Name, Ph string
			Dur      float64
			Args     json.RawMessage
		}
	}
	p.must(json.Unmarshal(text.Bytes(), &trace))
	for _, e := range trace.TraceEvents {
		if e.Ph == "X" {
			events = append(events, Event{e.Name, e.Dur / 1000, string(e.Args)})
		}
	}
	return events
}

// BeforeEachPage runs a script in every page before the page's own.
func (p *Page) BeforeEachPage(script string) {
	p.t.Helper()
	call(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}
