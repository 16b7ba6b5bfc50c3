package main

import (
	"errors"
	"net/http"
	"strconv"
)

// listPage is the front page: the catalogue, as filtered.
type listPage struct {
	Categories       []string
	Category, Search string
	Products         []*product
}

func (s *shop) showList(w http.ResponseWriter, r *http.Request) {
	category, search := r.FormValue("category"), r.FormValue("q")
	s.render(w, r, http.StatusOK, "list", "Everyday things, made well", listPage{
		Categories: categories(), Category: category, Search: search, Products: filterProducts(category, search),
	})
}

func (s *shop) showProduct(w http.ResponseWriter, r *http.Request) {
	p := findProduct(r.PathValue("id"))
	if p == nil {
		s.notFound(w, r)
		return
	}
	s.render(w, r, http.StatusOK, "product", p.Name, p)
}

func (s *shop) showCart(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "cart", "Your cart", nil)
}

func (s *shop) addToCart(w http.ResponseWriter, r *http.Request) {
	p := findProduct(r.PostFormValue("product"))
	if p == nil {
		s.notFound(w, r)
		return
	}
	chosen := line{Product: p, Size: r.PostFormValue("size"), Colour: r.PostFormValue("colour"), Quantity: quantityOf(r)}
	var err error
	s.change(w, r, func(v *visitor) { v.Cart, err = v.Cart.with(chosen) })
	switch {
	case errors.Is(err, errFullCart):
		s.fail(w, r, http.StatusConflict, "Your cart is full", "Please check out first, or take something out of the cart.")
	case err != nil:
		s.fail(w, r, http.StatusBadRequest, "We do not have that", "This size or colour does not exist. Please choose again.")
	default:
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
	}
}

func (s *shop) setQuantity(w http.ResponseWriter, r *http.Request) {
	key, quantity := r.PostFormValue("line"), quantityOf(r)
	s.change(w, r, func(v *visitor) { v.Cart = v.Cart.withQuantity(key, quantity) })
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
}

func (s *shop) removeFromCart(w http.ResponseWriter, r *http.Request) {
	key := r.PostFormValue("line")
	s.change(w, r, func(v *visitor) { v.Cart = v.Cart.without(key) })
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
}

// quantityOf reads the quantity a form asks for. What is no number counts as one.
func quantityOf(r *http.Request) int {
	n, err := strconv.Atoi(r.PostFormValue("quantity"))
	if err != nil {
		return 1
	}
	return n
}
