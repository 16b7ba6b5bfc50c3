package middleware_test

import (
	"expvar"
	"fmt"
	"log"

	"github.com/qwelp/qwelp-go/middleware"
)

func ExampleMiddleware_Stats() {
	q, err := middleware.New(middleware.Options{})
	if err != nil {
		log.Fatal(err)
	}
	expvar.Publish("qwelp", expvar.Func(func() any { return q.Stats() })) // beside the rest at /debug/vars

	fmt.Println(expvar.Get("qwelp"))
	// Output: {"connections":0,"sessions":0,"relayLinks":0,"channelLinks":0,"trunks":0,"starts":0,"joins":0,"joinMisses":0,"refusedGuesses":0,"resumes":0,"resumeMisses":0,"messages":0,"messagesLost":0,"packets":0,"packetBytes":0,"packetsLost":0,"slowClients":0,"floods":0,"unverified":0}
}
