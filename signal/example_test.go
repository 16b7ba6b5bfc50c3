package signal_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

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

// One token for all agents is the quickest way to begin. They type their own names, so nothing proves who it was.
func ExampleAgentToken() {
	agents := signal.AgentToken("a long random token of your own")
	r := httptest.NewRequest("GET", "/", nil)
	_, err := agents.Authorize(r)
	fmt.Println(err != nil)
	r.Header.Set("Authorization", "Bearer a long random token of your own")
	agent, err := agents.Authorize(r)
	fmt.Println(agent.ID, err)
	// Output:
	// true
	// agent-token <nil>
}

// Agents who are not signed in get a link to the app's own login, which leads back to the console.
func ExampleWithLogin() {
	agents := signal.WithLogin(signal.AuthorizerFunc(func(r *http.Request) (signal.Agent, error) {
		switch r.Header.Get("Cookie") { // however the app knows who is signed in
		case "user=ann":
			return signal.Agent{ID: "ann", Name: "Ann"}, nil
		case "user=bob":
			return signal.Agent{}, signal.ErrNotAgent // signed in, but a customer
		}
		return signal.Agent{}, errors.New("not signed in")
	}), "/login?next={path}")
	w := httptest.NewRecorder()
	agents.(signal.SignInner).SignIn(w, httptest.NewRequest("GET", "/_qwelp/agent/", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), `href="/login?next=%2F_qwelp%2Fagent%2F"`))
	// Output: 401 true
}

// Servers that share a broker act as one: an agent joins on one what a customer began on another. Between processes the broker has to be one that
// both reach; this one is for replicas within a process, as in tests.
func ExampleConfig_replicas() {
	broker := signal.NewMemoryBroker()
	for range 2 {
		replica, err := signal.New(signal.Config{Agents: signal.AgentToken("a long random token of your own"), Broker: broker})
		if err != nil {
			log.Fatal(err)
		}
		defer replica.Shutdown(context.Background())
	}
}
