package signal_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func ExampleNew() {
	s, err := signal.New(signal.Config{Agents: signal.AgentToken("a long random token")})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Shutdown(context.Background())

	mux := http.NewServeMux()
	mux.Handle("GET /signal", s)
	app := httptest.NewServer(mux)
	defer app.Close()

	// An agent that is no browser sends no Origin, but its token.
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	header := http.Header{"Authorization": {"Bearer a long random token"}}
	ws, _, err := dialer.Dial("ws"+app.URL[len("http"):]+"/signal", header)
	if err != nil {
		log.Fatal(err)
	}
	defer ws.Close()
	hello, err := wire.Encode(wire.Hello{Versions: []int{wire.Version}, Role: wire.RoleAgent})
	if err != nil {
		log.Fatal(err)
	}
	if err := ws.WriteMessage(websocket.TextMessage, hello); err != nil {
		log.Fatal(err)
	}
	_, answer, err := ws.ReadMessage()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(answer))
	// Output: {"type":"welcome","version":1}
}

func ExampleAuthorizerFunc() {
	type account struct{ id, name string }
	signedIn := func(r *http.Request) (account, bool) { // however the app knows who is signed in
		return account{"7", "Ann"}, r.Header.Get("Cookie") != ""
	}
	agents := signal.AuthorizerFunc(func(r *http.Request) (signal.Agent, error) {
		a, ok := signedIn(r)
		if !ok {
			return signal.Agent{}, fmt.Errorf("not signed in")
		}
		return signal.Agent{ID: a.id, Name: a.name}, nil
	})
	_, err := agents.Authorize(httptest.NewRequest("GET", "/", nil))
	fmt.Println(err)
	// Output: not signed in
}
