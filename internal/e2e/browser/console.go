package browser

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Complaints returns what the browser's console shows in red so far: exceptions that nobody caught, calls of console.error, and what the
// browser itself has to say, such as blocked or missing files.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(append([]string(nil), p.errors...), p.complaints...)
}

func (p *Page) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, text)
}

func (p *Page) listenToConsole() {
	call(p, log.Enable, struct{}{})
	calls, entries := chromedp.Events(p.ctx, runtime.ConsoleAPICalled), chromedp.Events(p.ctx, log.EntryAdded)
	go func() {
		for e, err := range calls {
			if err != nil {
				return
			}
			if e.Type == runtime.ConsoleAPICalledTypeError {
				p.complain(words(e.Args))
			}
		}
	}()
	go func() {
		for e, err := range entries {
			if err != nil {
				return
			}
			if e.Entry.Level == log.EntryLevelError {
				p.complain(fmt.Sprintf("%s (%s)", e.Entry.Text, e.Entry.URL))
			}
		}
	}()
}

func words(args []*runtime.RemoteObject) string {
	said := make([]string, len(args))
	for i, arg := range args {
		if said[i] = arg.Description; said[i] == "" && json.Unmarshal(arg.Value, &said[i]) != nil {
			said[i] = string(arg.Value)
		}
	}
	return strings.Join(said, " ")
}
