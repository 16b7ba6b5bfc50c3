package agent

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestAssetsOfEarlierPagesAreKnownByTheirContent(t *testing.T) {
	m, f := &mirror{contents: &contents{}}, &feed{}
	receive := func(ops ...wire.Op) {
		t.Helper()
		if err := m.frame(f.frame(ops...)); err != nil {
			t.Fatal(err)
		}
	}
	receive(pageWith()...)
	receive(wire.Content{Asset: 1, Content: "abc", Follows: true}, wire.Asset{Asset: 1, Type: "image/png", Data: []byte("pic"), More: true})
	receive(wire.Asset{Asset: 1, Type: "image/png", Data: []byte("ture")})
	receive(pageWith()...)
	receive(wire.Content{Asset: 7, Content: "abc"}, wire.Content{Asset: 8, Content: "def"})
	if a := m.shown.assets[7]; string(a.Data) != "picture" || a.Type != "image/png" || !a.Complete {
		t.Errorf("asset 7 is %+v", a)
	}
	if lacking := m.contents.takeLacking(); !slices.Equal(lacking, []int{8}) {
		t.Errorf("asked for assets %v", lacking)
	}
	receive(wire.Asset{Asset: 8, Type: "font/woff2", Data: []byte("font")})
	if a := m.contents.kept["def"]; string(a.Data) != "font" {
		t.Errorf("kept %+v", a)
	}
	if lacking := m.contents.takeLacking(); len(lacking) != 0 {
		t.Errorf("asked again for assets %v", lacking)
	}
	for _, content := range []string{"", strings.Repeat("x", maxContent+1)} {
		receive(pageWith()...)
		if err := m.frame(f.frame(wire.Content{Asset: 1, Content: content})); !errors.Is(err, errRefused) {
			t.Errorf("a content of %d characters: got error %v", len(content), err)
		}
	}
}

func TestContentsKeptLongestGoFirst(t *testing.T) {
	var c contents
	for _, name := range []string{"a", "b", "c"} {
		c.keep(name, Asset{Data: make([]byte, maxContents/2)})
	}
	if _, ok := c.kept["a"]; ok || len(c.kept) != 2 || c.size > maxContents {
		t.Errorf("kept %d contents of %d bytes", len(c.kept), c.size)
	}
}
