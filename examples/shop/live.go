package main

import "net/http"

// lot is one row of the live sale as the page starts; live.js goes on from there.
type lot struct {
	Number   int
	Product  *product
	Was, Now money
	Left     int // pieces
}

// openingLots puts a piece of every product on sale.
func openingLots() []lot {
	lots := make([]lot, len(products))
	for i := range products {
		p := &products[i]
		lots[i] = lot{Number: 101 + i, Product: p, Was: p.Price, Now: p.Price * money(60+5*(i%6)) / 100, Left: 3 + (i*5)%8}
	}
	return lots
}

func (s *shop) showLive(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "live", "Live sale", openingLots())
}

// showLiveFrame is the page inside the live page's frame: a document of its own, without the shop's layout.
func (s *shop) showLiveFrame(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "frame", "Packing bench", nil)
}
