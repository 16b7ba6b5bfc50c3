package agent_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/wire"
)

const token = "a-token-for-tests-of-agents"

// app is a web app with a signalling server that can be restarted.
type app struct {
	t      *testing.T
	url    string
	server atomic.Pointer[signal.Server]
}

func newApp(t *testing.T) *app {
	t.Helper()
	a := &app{t: t}
	a.server.Store(a.newServer(nil))
	mux := http.NewServeMux()
	mux.HandleFunc("/_qwelp/signal", func(w http.ResponseWriter, r *http.Request) {
		if s := a.server.Load(); s != nil {
			s.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	web := httptest.NewServer(mux)
	a.url = web.URL
	t.Cleanup(func() {
		a.stop()
		web.Close()
	})
	return a
}

func (a *app) newServer(broker signal.Broker) *signal.Server {
	s, err := signal.New(signal.Config{Agents: signal.AgentToken(token), Broker: broker, Logger: slog.New(slog.DiscardHandler), MetaDataKey: metaDataKey})
	if err != nil {
		a.t.Fatal(err)
	}
	return s
}

// stop shuts the server down; requests are then answered with 503.
func (a *app) stop() {
	if s := a.server.Swap(nil); s != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			a.t.Errorf("shutdown: %v", err)
		}
	}
}

func join(t *testing.T, a *app, code string) *agent.Session {
	t.Helper()
	return joinAs(t, a.url, code, agent.Options{Name: "Ana"})
}

// joinAs joins with these options and leaves when the test is over.
func joinAs(t *testing.T, url, code string, o agent.Options) *agent.Session {
	t.Helper()
	o.Token, o.Logger = token, slog.New(slog.DiscardHandler)
	s, err := agent.Join(t.Context(), url, code, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Leave(ctx); err != nil {
			t.Errorf("leave: %v", err)
		}
	})
	return s
}

// together starts a session that the agent has joined and whose link is open.
var metaDataKey = bytes.Repeat([]byte{1}, vouch.MinKey)

func together(t *testing.T) (*app, *customer, *agent.Session) {
	t.Helper()
	a := newApp(t)
	c := newCustomer(t, a.url)
	c.connect()
	s := join(t, a, receive(t, c.code))
	receive(t, c.opened)
	return a, c, s
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(20 * time.Second):
		t.Fatalf("no %T comes", v)
	}
	return v
}

// server waits for a message of the server's to the customer.
func server[M wire.Message](t *testing.T, c *customer) M {
	t.Helper()
	for {
		if m, ok := receive(t, c.server).(M); ok {
			return m
		}
	}
}

func wait(t *testing.T, s *agent.Session, what string, ok func(*agent.Page) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.WaitFor(ctx, ok); err != nil {
		t.Fatalf("%s: %v; the page: %q", what, err, s.Page().Text())
	}
}

func shows(text string) func(*agent.Page) bool {
	return func(p *agent.Page) bool { return p.Text() == text && !p.Loading }
}

func over(t *testing.T, s *agent.Session, want error) {
	t.Helper()
	receive(t, s.Done())
	if err := s.Err(); !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

func TestTheAgentSeesThePageAndItsChanges(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	if p := s.Page(); !p.Loading || p.Text() != "" || p.Document != nil {
		t.Errorf("before the first snapshot: loading %v, text %q", p.Loading, p.Text())
	}
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	c.show(wire.SetText{Node: 4, Data: "second"})
	wait(t, s, "a change", shows("second"))
	// Its channel may lose messages.
	pointed := func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		return s.WaitFor(ctx, func(p *agent.Page) bool { return p.Pointer == agent.Point{X: 10, Y: 20} }) == nil
	}
	for seq := uint32(2); ; seq++ {
		c.point(wire.PointerMove{Seq: seq, X: 10, Y: 20})
		if pointed() {
			break
		}
		if seq > 100 {
			t.Fatal("the pointer does not come")
		}
	}
	c.tell(wire.Visibility{Hidden: true})
	wait(t, s, "the page in the background", func(p *agent.Page) bool { return p.Hidden })
	c.tell(wire.Sharing{Paused: true})
	wait(t, s, "the pause", func(p *agent.Page) bool { return p.Paused })
	c.tell(wire.Sharing{})
	wait(t, s, "the end of the pause", func(p *agent.Page) bool { return !p.Paused })
	if m := s.Members(); len(m) != 1 || m[0].Role != wire.RoleSender {
		t.Errorf("got members %v", m)
	}
	if got := s.MetaData()["customer"]; got != "4711" {
		t.Errorf("got metaData %v", s.MetaData())
	}
	c.send(wire.Tell{Signed: vouch.Sign(metaDataKey, []byte(`{"customer":"4712"}`), time.Now())})
	wait(t, s, "who has logged in", func(*agent.Page) bool { return s.Verified()["customer"] == "4712" })
	if got := s.MetaData()["customer"]; got != "4711" {
		t.Errorf("after the login: got metaData %v", s.MetaData())
	}
	if m := server[wire.MemberJoined](t, c); m.Member.Name != "Ana" {
		t.Errorf("the customer is told of %v", m.Member)
	}
}

func TestALargeFrameComesInChunks(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	text := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	c.showText("https://shop.example/", text)
	wait(t, s, "a large page", shows(text))
}

func TestEveryFrameIsHandedOverAsItCame(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	c := newCustomer(t, a.url)
	c.connect()
	frames := make(chan []byte, 10)
	s, err := agent.Join(t.Context(), a.url, receive(t, c.code), agent.Options{Token: token, OnFrame: func(frame []byte) { frames <- frame }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Leave(t.Context())
	receive(t, c.opened)
	c.showText("https://shop.example/", "first")
	c.show(wire.Title{Title: "later"})
	var strings wire.Strings
	for want := range uint32(2) {
		seq, ops, err := wire.DecodeFrame(receive(t, frames), &strings)
		if err != nil || seq != want+1 || len(ops) == 0 {
			t.Errorf("got frame %d with %d operations, error %v", seq, len(ops), err)
		}
	}
}

func TestACodeThatIsNotGoodIsRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	c := newCustomer(t, a.url)
	c.connect()
	code := receive(t, c.code)
	for _, test := range []struct {
		name, url, code string
		options         agent.Options
		want            error
	}{
		{"an unknown code", a.url, "000000000", agent.Options{Token: token}, agent.ErrUnknownCode},
		{"no code", a.url, "", agent.Options{Token: token}, agent.ErrUnknownCode},
		{"no token", a.url, code, agent.Options{}, agent.ErrNotAgent},
		{"a wrong token", a.url, code, agent.Options{Token: "wrong"}, agent.ErrNotAgent},
		{"no scheme", "shop.example", code, agent.Options{Token: token}, nil},
		{"another scheme", "ftp://shop.example", code, agent.Options{Token: token}, nil},
		{"no host", "http:///shop", code, agent.Options{Token: token}, nil},
		{"another prefix", a.url, code, agent.Options{Token: token, Prefix: "/elsewhere/"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Logger = slog.New(slog.DiscardHandler)
			s, err := agent.Join(t.Context(), test.url, test.code, test.options)
			if s != nil || err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, error %v, want %v", s, err, test.want)
			}
		})
	}
	s := join(t, a, code[:3]+" "+code[3:6]+"-"+code[6:])
	receive(t, c.opened)
	if _, err := agent.Join(t.Context(), a.url, code, agent.Options{Token: token}); !errors.Is(err, agent.ErrUnknownCode) {
		t.Errorf("a used code: got error %v", err)
	}
	_ = s
}

func TestJoiningEndsWithItsContext(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := agent.Join(ctx, silent.URL, "123456789", agent.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v", err)
	}
}

func TestTheLastPictureStaysUntilTheNextPageIsThere(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	c.tell(wire.PageLoading{})
	wait(t, s, "the page on its way", func(p *agent.Page) bool { return p.Loading && p.Text() == "first" })
	c.hangUp()
	c.cut()
	c.connect()
	receive(t, c.opened)
	if p := s.Page(); !p.Loading || p.Text() != "first" {
		t.Errorf("before the snapshot of the next page: loading %v, text %q", p.Loading, p.Text())
	}
	c.showText("https://shop.example/cart", "second")
	wait(t, s, "the next page", shows("second"))
	if got := s.Page().URL; got != "https://shop.example/cart" {
		t.Errorf("got URL %s", got)
	}
}

func TestALinkThatIsOfferedAnewGoesOn(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	before := receive(t, c.answers)
	c.restartICE()
	if receive(t, c.answers) == before {
		t.Error("the second answer is the first")
	}
	c.show(wire.SetText{Node: 4, Data: "second"})
	wait(t, s, "a change over the same link", shows("second"))
}

func TestAMissingFrameIsFetchedAnew(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	c.skipFrame()
	c.show(wire.SetText{Node: 4, Data: "second"})
	if m := receive(t, c.told); !reflect.DeepEqual(m, wire.Resync{Reason: wire.ResyncGap}) {
		t.Errorf("the customer is told %v", m)
	}
	c.show(wire.SetText{Node: 99, Data: "void"})
	wait(t, s, "the picture is old", func(p *agent.Page) bool { return p.Loading && p.Text() == "first" })
	c.showText("https://shop.example/", "third")
	wait(t, s, "the page fetched anew", shows("third"))
	c.show(wire.Remove{Node: 99})
	if m := receive(t, c.told); !reflect.DeepEqual(m, wire.Resync{Reason: wire.ResyncRefused}) {
		t.Errorf("the customer is told %v", m)
	}
}

func TestTheCustomerEndsTheSession(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	c.send(wire.End{})
	over(t, s, agent.ErrEnded)
	var ended *agent.EndedError
	if !errors.As(s.Err(), &ended) || ended.Reason != wire.EndCustomer {
		t.Errorf("got error %v", s.Err())
	}
	if err := s.WaitFor(t.Context(), func(*agent.Page) bool { return false }); !errors.Is(err, agent.ErrEnded) {
		t.Errorf("waiting after the end: %v", err)
	}
}

func TestTheAgentEndsTheSession(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	if err := s.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	over(t, s, agent.ErrEnded)
	if m := server[wire.Ended](t, c); m.Reason != wire.EndAgent {
		t.Errorf("the customer is told %v", m)
	}
}

func TestTheAgentLeaves(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	if err := s.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	over(t, s, nil)
	server[wire.MemberLeft](t, c)
	if err := s.Leave(t.Context()); err != nil {
		t.Errorf("leaving twice: %v", err)
	}
}

func TestWithoutAServerTheCustomerEndsTheSessionByTheLink(t *testing.T) {
	t.Parallel()
	a, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	a.stop()
	c.tell(wire.Bye{Reason: wire.EndCustomer})
	over(t, s, agent.ErrEnded)
}

func TestWithoutAServerTheAgentEndsTheSessionByTheLink(t *testing.T) {
	t.Parallel()
	a, c, s := together(t)
	c.showText("https://shop.example/", "first")
	wait(t, s, "the first page", shows("first"))
	a.stop()
	server[wire.Draining](t, c)
	if err := s.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	over(t, s, agent.ErrEnded)
	if m := receive(t, c.told); m != wire.Control(wire.Bye{Reason: wire.EndAgent}) {
		t.Errorf("the customer is told %v", m)
	}
}
