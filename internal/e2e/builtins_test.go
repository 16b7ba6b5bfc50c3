package e2e

import (
	"net/http"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

// Button, session, picture, changes and the next page, on a page that has replaced or added to whatever built-ins scripts of pages are known to touch.
func TestASessionLivesOnPagesThatHaveReplacedBuiltIns(t *testing.T) {
	t.Parallel()
	site := http.NewServeMux()
	site.Handle("/", http.FileServer(http.Dir(*casesDir)))
	_, s, _ := replicated(t, middleware.Options{}, site)
	customer, agent := openIn(t, "chromium", 900, 700), openIn(t, "chromium", 1280, 1000)
	shows := func(text string) {
		t.Helper()
		agent.Wait(inMirror(`doc.querySelector("#text")?.textContent === "` + text + `" && !doc.querySelector("html").marked`))
	}
	customer.Go(s.customer + "/24-old-prototypes/?only=objectDescriptor,objectExtend,arrayToJSON,numberToJSON,dateToJSON,from,of,reduce,find,entries,keys,values,flat,at,append,remove,closest,matches,contains,select,polyfills,ownPromise,iterator,bind,call,replace,trim,matchAll")
	join(s, customer, agent, startSession(customer))
	shows("before")
	if _, err := tryEvaluate[any](customer, `act()`); err != nil {
		t.Fatal(err)
	}
	shows("after")
	customer.Click("link", "Again")
	shows("before")
	if found := browser.Eval[string](customer.(*browser.Page), `complaints.join("; ")`); found != "" {
		t.Error("the page complains: ", found)
	}
	if changed := browser.Eval[string](customer.(*browser.Page), `touched()`); changed != "" {
		t.Error("not the page's own any more: ", changed)
	}
}
