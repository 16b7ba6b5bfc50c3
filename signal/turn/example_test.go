package turn_test

import (
	"crypto/tls"
	"log"
	"net"
	"net/http"
	"net/netip"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/turn"
)

// An app at shop.example with a public address, and nothing in front of it.
func ExampleNew() {
	udp, err := net.ListenPacket("udp", ":3478")
	if err != nil {
		log.Fatal(err)
	}
	tcp, err := net.Listen("tcp", ":3478")
	if err != nil {
		log.Fatal(err)
	}
	relay, err := turn.New(turn.Config{
		Host:       "shop.example",
		UDP:        []net.PacketConn{udp},
		TCP:        []net.Listener{tcp},
		RelayAddrs: []netip.Addr{netip.MustParseAddr("198.51.100.7")}, // without it: STUN only
	})
	if err != nil {
		log.Fatal(err)
	}
	defer relay.Close()
	q, err := middleware.New(middleware.Options{Signal: signal.Config{TURN: relay, Agents: signal.AgentToken("a long random token")}})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(":8080", q.Wrap(http.DefaultServeMux)))
}

// HTTPS and TURN on port 443, which strict networks let pass.
func ExampleSplit() {
	certificate, err := tls.LoadX509KeyPair("shop.crt", "shop.key")
	if err != nil {
		log.Fatal(err)
	}
	port, err := net.Listen("tcp", ":443")
	if err != nil {
		log.Fatal(err)
	}
	web, secure := turn.Split(port, &tls.Config{Certificates: []tls.Certificate{certificate}})
	relay, err := turn.New(turn.Config{
		Host: "shop.example", TLS: []net.Listener{secure}, RelayAddrs: []netip.Addr{netip.MustParseAddr("198.51.100.7")},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer relay.Close()
	q, err := middleware.New(middleware.Options{Signal: signal.Config{TURN: relay, Agents: signal.AgentToken("a long random token")}})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: q.Wrap(http.DefaultServeMux)}
	log.Fatal(server.Serve(web))
}
