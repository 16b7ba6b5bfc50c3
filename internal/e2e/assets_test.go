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
	s := siteOf(t, middleware.Options{AssetOrigins: []string{named}}, pages{
		"/": `<!doctype html><title>Images</title>` + noIcon + `<img id="named" src="` + named + `/a.png"><img id="other" width="40" src="` + other + `/a.png">`,
	})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(inMirror(`doc.querySelector("#named")?.naturalWidth === 40`))
	agent.Wait(inMirror(`doc.querySelector("#other")?.getBoundingClientRect().width === 40`))
}

// What an agent has already does not come again with the customer's next page; one who has lost it gets it when asking.
func TestAnImageComesOnceInASession(t *testing.T) {
	t.Parallel()
	noise := image.NewGray(image.Rect(0, 0, 200, 200))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i * i >> 3)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, noise); err != nil {
		t.Fatal(err)
	}
	s := siteOf(t, middleware.Options{}, pages{
		"/":            `<!doctype html><title>First</title>` + noIcon + `<h1>First</h1><img src="picture.png">`,
		"/second":      `<!doctype html><title>Second</title>` + noIcon + `<h1>Second</h1><img src="picture.png">`,
		"/picture.png": picture.String(),
	})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(`{
		window.sent = 0;
		for (const { prototype } of [RTCDataChannel, WebSocket]) {
			const { send } = prototype;
			prototype.send = function (data) { window.sent += data.byteLength ?? 0; return send.call(this, data); };
		}
	}`)
	shown := func(heading string) string {
		return inMirror(`doc.querySelector("h1")?.textContent === "` + heading + `" && doc.querySelector("img")?.naturalWidth === 200`)
	}
	customer.Go(s.customer + "/")
	join(s, customer, agent, startSession(customer))
	agent.Wait(shown("First"))
	if sent := browser.Eval[int](customer, `sent`); sent < picture.Len() {
		t.Errorf("the image has %d bytes, %d were sent", picture.Len(), sent)
	}
	customer.Go(s.customer + "/second")
	agent.Wait(shown("Second"))
	if sent := browser.Eval[int](customer, `sent`); sent > picture.Len()/2 {
		t.Errorf("the second page took %d bytes, the image in it has %d", sent, picture.Len())
	}
	agent.Reload()
	agent.Wait(shown("Second"))
}

// siteOf serves pages with support by agents who have a token.
func siteOf(t *testing.T, o middleware.Options, p pages) *shop {
	t.Helper()
	const token = "a-token-for-the-tests"
	o.Signal = signal.Config{Agents: signal.AgentToken(token)}
	q, err := middleware.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(q.Wrap(p))
	t.Cleanup(server.Close)
	return &shop{t: t, customer: server.URL, agent: server.URL + "/_qwelp/agent/?token=" + token}
}
