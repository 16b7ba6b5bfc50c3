package main

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

func mug(quantity int) line {
	return line{Product: findProduct("ridge-mug"), Size: "350 ml", Colour: "Ink", Quantity: quantity}
}

func TestTheSameThingTwiceIsOneLine(t *testing.T) {
	other := mug(1)
	other.Colour = "Clay"
	var c cart
	for _, l := range []line{mug(1), other, mug(2)} {
		var err error
		if c, err = c.with(l); err != nil {
			t.Fatal(err)
		}
	}
	if len(c) != 2 || c[0].Quantity != 3 || c.Count() != 4 || c.Total() != 4*2800 {
		t.Errorf("got %d lines, %d of the first, %d in all for %s", len(c), c[0].Quantity, c.Count(), c.Total())
	}
}

func TestACartChangesOnlyByACopy(t *testing.T) {
	before, _ := cart{}.with(mug(1))
	more, _ := before.with(mug(5))
	set := before.withQuantity(mug(1).Key(), 9)
	empty := before.without(mug(1).Key())
	if before[0].Quantity != 1 || more[0].Quantity != 6 || set[0].Quantity != 9 || len(empty) != 0 {
		t.Errorf("got %d, %d, %d and %d lines", before[0].Quantity, more[0].Quantity, set[0].Quantity, len(empty))
	}
}

func TestQuantitiesStayWithinBounds(t *testing.T) {
	for asked, want := range map[int]int{-3: 1, 0: 1, 1: 1, 20: 20, 21: 20, 1 << 40: 20} {
		c, err := cart{}.with(mug(asked))
		if err != nil || c[0].Quantity != want {
			t.Errorf("asked for %d: got %d (%v), want %d", asked, c[0].Quantity, err, want)
		}
	}
}

func TestACartRefusesWhatDoesNotExistAndTooManyLines(t *testing.T) {
	odd := mug(1)
	odd.Size = "9 litres"
	if _, err := (cart{}).with(odd); !errors.Is(err, errChoice) {
		t.Errorf("got %v, want errChoice", err)
	}
	full := make(cart, maxLines)
	for i := range full {
		full[i] = line{Product: findProduct("arc-lamp"), Size: fmt.Sprint(i)}
	}
	if _, err := full.with(mug(1)); !errors.Is(err, errFullCart) {
		t.Errorf("got %v, want errFullCart", err)
	}
}

func TestAVisitorFillsChangesAndEmptiesTheCart(t *testing.T) {
	b := visit(t)
	key := mug(1).Key()
	b.has(b.get("/cart"), 200, "There is nothing in it yet.")
	b.goesTo(b.addMugs("2"), "/cart")
	b.has(b.get("/cart"), 200, "Ridge mug", "350 ml, Ink", "€56.00", `aria-label="Cart, 2 items"`)
	b.goesTo(b.post("/cart/quantity", "line", key, "quantity", "5"), "/cart")
	b.has(b.get("/cart"), 200, "€140.00", `aria-label="Cart, 5 items"`)
	b.goesTo(b.post("/cart/remove", "line", key), "/cart")
	b.has(b.get("/cart"), 200, "There is nothing in it yet.")
}

func TestWhatCannotBeBoughtIsSaidSo(t *testing.T) {
	b := visit(t)
	b.has(b.post("/cart/add", "product", "ridge-mug", "size", "350 ml", "colour", "Plaid"), 400, "This size or colour does not exist.")
	b.has(b.post("/cart/add", "product", "unicorn"), 404, "There is nothing at this address.")
}

func TestTwoVisitorsHaveTwoCarts(t *testing.T) {
	a := visit(t)
	b := newBrowser(t, a.base)
	a.addMugs("3")
	b.addMugs("1")
	a.has(a.get("/cart"), 200, `aria-label="Cart, 3 items"`)
	b.has(b.get("/cart"), 200, `aria-label="Cart, 1 item"`)
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	b := visit(t)
	req, err := http.NewRequest(http.MethodPost, b.base+"/cart/add?product=ridge-mug", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := b.read(b.http.Do(req)); got.status != http.StatusForbidden {
		t.Errorf("got status %d, want 403", got.status)
	}
}

func TestTheVisitorNotSeenForLongestIsForgottenFirst(t *testing.T) {
	v := newVisitors(2)
	first := v.change("", func(v *visitor) { v.Name = "first" })
	second := v.change("", func(v *visitor) { v.Name = "second" })
	v.look(first)
	third := v.change("made up", func(v *visitor) { v.Name = "third" })
	if third == "made up" {
		t.Error("an id that the shop has not given was taken over")
	}
	if got := [3]string{v.look(first).Name, v.look(second).Name, v.look(third).Name}; got != [3]string{"first", "", "third"} {
		t.Errorf("got %q", got)
	}
}

func TestVisitorsMayComeAllAtOnce(t *testing.T) {
	v := newVisitors(8)
	shared := v.change("", func(*visitor) {})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range 50 {
				v.look(v.change("", func(v *visitor) { v.Cart, _ = v.Cart.with(mug(1)) }))
				v.look(shared)
			}
		})
	}
	all.Wait()
	if got := len(v.byID); got != 8 || v.seen.Len() != 8 {
		t.Errorf("%d visitors are kept, want 8", got)
	}
}
