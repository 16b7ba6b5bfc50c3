package e2e

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
)

// Images of a server that lets no script read them reach the agent through the app's server, if the app has named it.
func TestImagesOfNamedOriginsReachTheAgent(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	cdn := func() string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(picture.Bytes())
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	named, other := cdn(), cdn()
	const token = "a-token-for-the-tests"
	q, err := middleware.New(middleware.Options{AssetOrigins: []string{named}, Signal: signal.Config{Agents: signal.AgentToken(token)}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(q.Wrap(pages{
		"/": `<!doctype html><title>Images</title>` + noIcon + `<img id="named" src="` + named + `/a.png"><img id="other" width="40" src="` + other + `/a.png">`,
	}))
	t.Cleanup(server.Close)
	s := &shop{t: t, customer: server.URL, agent: server.URL + "/_qwelp/agent/?token=" + token}
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	join(s, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("#named")?.naturalWidth === 40`))
	agent.Wait(inMirror(`doc.querySelector("#other")?.getBoundingClientRect().width === 40`))
}
