package webdriver

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBothBrowsersDoWhatTheyAreAsked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><title>Page</title><body style="background: rgb(0, 128, 128)"><label>Name <input></label><button hidden>Press</button><div></div><script>
			const root = document.querySelector("div").attachShadow({mode: "open"});
			root.innerHTML = "<button aria-label=Press>x</button><output>nothing</output>";
			root.querySelector("button").addEventListener("click", (event) => root.querySelector("output").textContent = event.isTrusted ? "pressed" : "forged");
		</script>`))
	}))
	t.Cleanup(server.Close)
	for name, start := range map[string]func() (*Browser, error){"firefox": Firefox, "webkit": WebKit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := start()
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			t.Run("page", func(t *testing.T) {
				p := b.Page(t, 600, 400)
				p.Go(server.URL)
				p.Fill("Name", "Zoë")
				p.Wait(`document.querySelector("input").value === "Zoë"`)
				p.Press(Tab)
				if role, name := p.Focused(); role != "button" || name != "Press" {
					t.Errorf("the focus is on %s %q", role, name)
				}
				p.Click("button", "Press")
				p.Until("that it is pressed", func() bool { texts := p.Texts("status", ""); return len(texts) == 1 && texts[0] == "pressed" })
				if len(p.Screenshot("page")) == 0 {
					t.Error("no picture")
				}
				if p.Has("button", "Other") || !p.Has("button", "Press") {
					t.Error("buttons are not told apart")
				}
			})
		})
	}
}
