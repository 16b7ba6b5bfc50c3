package agent_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestARobotMarksWhatItSees(t *testing.T) {
	t.Parallel()
	_, c, s := together(t)
	if err := s.Mark(wire.Mark{ID: 1, Node: 2, Kind: wire.MarkPress}); !errors.Is(err, agent.ErrNoPage) {
		t.Errorf("before there is a page: %v", err)
	}
	var pages []int
	for _, text := range []string{"first", "second"} {
		c.showText("https://shop.example/", text)
		wait(t, s, text, shows(text))
		want := wire.Mark{ID: 1, Node: 3, Kind: wire.MarkBox, Points: []int{0, 0, 10_000, 10_000}}
		if err := s.Mark(want); err != nil {
			t.Fatal(err)
		}
		got, ok := receive(t, c.told).(wire.Mark)
		if !ok || got.Page == 0 {
			t.Fatalf("the customer's page is told %v", got)
		}
		pages = append(pages, got.Page)
		want.Page = got.Page
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if pages[0] >= pages[1] {
		t.Errorf("pages %v: each has the number of its own frame", pages)
	}
	if err := s.Unmark(1); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, c.told); got != wire.Control(wire.Unmark{ID: 1}) {
		t.Errorf("the customer's page is told %v", got)
	}
	if err := s.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{s.Mark(wire.Mark{ID: 1, Node: 3, Kind: wire.MarkPress}), s.Unmark(0)} {
		if !errors.Is(err, agent.ErrEnded) {
			t.Errorf("after the session: %v", err)
		}
	}
}
