package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

// leakPages are the pages of sendertest on which everything private is a canary. Their steps are what the page does while an agent looks on.
var leakPages = []struct {
	name     string
	secret   string // with which every canary begins, in any letter case
	shown    []string
	typed    []string // the fields into which a canary is typed
	settings sender.Settings
}{{
	name: "canaries", secret: "KANARIE", shown: []string{"Open heading", "Shown inside", "Open link", "KANHIDE"}, typed: []string{"#edit", "#private textarea", "#late"},
	settings: sender.Settings{Privacy: sender.Privacy{
		Redact: []string{".confidential", "title"}, Unredact: []string{"#password", "#card", "#csrf", "#code"},
	}},
}}

func TestNothingPrivateLeavesAnyBrowser(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "sender", "sendertest", "testdata")
	for _, page := range leakPages {
		source, err := os.ReadFile(filepath.Join(dir, page.name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		steps, err := os.ReadFile(filepath.Join(dir, page.name+".steps"))
		if err != nil {
			t.Fatal(err)
		}
		website := http.NewServeMux()
		website.HandleFunc("GET /picture/", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text>%s</text></svg>`, r.URL.Path)
		})
		website.Handle("/", pages{"/": strings.Replace(string(source), "<head>", `<head><script>`+open+complain+`</script>`, 1)})
		inBrowsers(t, func(t *testing.T, name string) {
			_, s, _ := served(t, middleware.Options{Settings: page.settings}, website)
			customer := openIn(t, name, 1000, 700)
			customer.Go(s.customer + "/")
			wire := &written{}
			robot := watch(t, s, customer, agent.Options{OnFrame: wire.add})
			// A class is sent of whatever is redacted.
			arrives := func(mark string) {
				t.Helper()
				evaluate[any](t, customer, fmt.Sprintf(`document.documentElement.append(Object.assign(document.createElement("i"), {className: %q, hidden: true}))`, mark))
				robot.sees(mark, func(p *agent.Page) bool {
					for n := range p.Document.All {
						if n.Attribute("class") == mark {
							return true
						}
					}
					return false
				})
			}
			arrives("shown")
			for step := range strings.Lines(string(steps)) {
				if step = strings.TrimSpace(step); step != "" && !strings.HasPrefix(step, "//") {
					evaluate[any](t, customer, step+`, new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 20)))`)
				}
			}
			for _, field := range page.typed {
				evaluate[any](t, customer, fmt.Sprintf(`document.querySelector(%q).focus()`, field))
				customer.Type(page.secret + "TYPED")
			}
			arrives("acted")
			// Images come last, each after those that were wanted before it.
			evaluate[any](t, customer, `document.body.append(Object.assign(new Image(), {src: "/picture/the-last"}))`)
			robot.sees("the last picture", func(p *agent.Page) bool {
				for _, asset := range p.Assets {
					if asset.Complete && bytes.Contains(asset.Data, []byte("the-last")) {
						return true
					}
				}
				return false
			})
			last := robot.Page()
			wire.add([]byte(last.URL + last.Title + last.HTML()))
			for _, asset := range last.Assets {
				wire.add(asset.Data)
			}
			all := bytes.ToLower(wire.data)
			if at := bytes.Index(all, []byte(strings.ToLower(page.secret))); at >= 0 {
				t.Errorf("the agent was sent …%q…", all[max(0, at-60):min(len(all), at+60)])
			}
			for _, shown := range page.shown {
				if !bytes.Contains(wire.data, []byte(shown)) {
					t.Errorf("%q was not sent: this shows nothing", shown)
				}
			}
			calm(t, customer)
		}, "firefox", "webkit")
	}
}
