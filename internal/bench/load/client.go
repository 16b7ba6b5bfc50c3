package main

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// client is a member, or is to become one.
type client struct {
	ws     *websocket.Conn
	id     string // the member's
	writes sync.Mutex
}

// dial connects the client number n and says hello. Each comes from an address of its own, since starts are limited by address.
func dial(s *server, n int, role wire.Role, ask wire.Message) (*client, wire.Message, error) {
	header := http.Header{"X-Forwarded-For": {fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)}}
	if role == wire.RoleAgent {
		header.Set("Authorization", "Bearer "+token)
	} else {
		header.Set("Origin", "http://"+s.address)
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10}
	ws, _, err := dialer.Dial("ws://"+s.address+"/_qwelp/signal", header)
	if err != nil {
		return nil, nil, err
	}
	c := &client{ws: ws}
	for _, m := range []wire.Message{wire.Hello{Versions: []int{wire.Version}, Role: role}, ask} {
		if err := c.send(m); err != nil {
			return nil, nil, err
		}
	}
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return nil, nil, err
		}
		switch m, _ := wire.Decode(data); m := m.(type) {
		case wire.Started:
			c.id = m.Member
			return c, m, nil
		case wire.Joined:
			c.id = m.Member
			return c, m, nil
		case wire.Error:
			return nil, nil, errors.New(m.Message)
		}
	}
}

func (c *client) send(m wire.Message) error {
	data, err := wire.Encode(m)
	if err != nil {
		return err
	}
	return c.write(websocket.TextMessage, data)
}

func (c *client) write(kind int, data []byte) error {
	c.writes.Lock()
	defer c.writes.Unlock()
	return c.ws.WriteMessage(kind, data)
}

// read answers pings and gives the boxes that are relayed to it, until the connection ends.
func (c *client) read(take func(box []byte)) error {
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			return err
		}
		if kind == websocket.BinaryMessage {
			if _, _, box, err := wire.ReadRelayed(data); err == nil {
				take(box)
			}
			continue
		}
		if m, err := wire.Decode(data); err == nil {
			if _, ok := m.(wire.Ping); ok {
				if err := c.send(wire.Pong{}); err != nil {
					return err
				}
			}
		}
	}
}
