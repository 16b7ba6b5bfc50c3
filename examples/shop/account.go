package main

import (
	_ "embed"
	"net/http"
	"strings"
	"time"
)

const (
	demoPassword = "demo"
	maxName      = 80   // bytes
	maxNote      = 2000 // bytes
)

//go:embed private/delivery.jpg
var deliveryJPEG []byte

// loginPage is the login form, with what was wrong with the last try.
type loginPage struct{ Name, Problem string }

// accountPage is what a logged-in customer sees.
type accountPage struct {
	Orders []order
	Points int
	Member string // the number on the loyalty card
}

func (s *shop) showLogin(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "login", "Log in", loginPage{})
}

func (s *shop) logIn(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSpace(r.PostFormValue("name"))
	switch {
	case name == "" || len(name) > maxName:
		s.render(w, r, http.StatusUnprocessableEntity, "login", "Log in", loginPage{Problem: "Please tell us your name."})
	case r.PostFormValue("password") != demoPassword:
		s.render(w, r, http.StatusUnprocessableEntity, "login", "Log in", loginPage{name, "That password is not right. In this shop it is “demo”."})
	default:
		s.welcome(w, r, name)
		http.Redirect(w, r, "/account", http.StatusSeeOther)
	}
}

func (s *shop) logOut(w http.ResponseWriter, r *http.Request) {
	s.change(w, r, func(v *visitor) { *v = visitor{Cart: v.Cart} }) // the next one at this browser sees nothing of this one
	setCookie(w, r, loginCookie, "")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *shop) showAccount(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	if v.Name == "" {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	page := accountPage{Orders: append(v.Orders[:len(v.Orders):len(v.Orders)], earlierOrders()...), Member: "LL 4071 2260"}
	for _, o := range page.Orders {
		page.Points += int(o.Goods()) / 100
	}
	s.render(w, r, http.StatusOK, "account", "Your account", page)
}

// deliveryPicture is the courier's photo of the parcel. Only the browser of the logged-in customer can load it, so whoever
// else is to see the page needs the picture itself: its address is worth nothing.
func (s *shop) deliveryPicture(w http.ResponseWriter, r *http.Request) {
	if s.visitor(r).Name == "" {
		s.fail(w, r, http.StatusForbidden, "Please log in", "This picture is only for the customer whose parcel it shows.")
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(deliveryJPEG) // the visitor may have left
}

func (s *shop) saveNote(w http.ResponseWriter, r *http.Request) {
	if s.visitor(r).Name == "" {
		http.Error(w, "Please log in.", http.StatusForbidden)
		return
	}
	note := r.PostFormValue("note")
	if len(note) > maxNote {
		http.Error(w, "The note is too long.", http.StatusRequestEntityTooLarge)
		return
	}
	s.change(w, r, func(v *visitor) { v.Note = note })
	w.WriteHeader(http.StatusNoContent)
}

// earlierOrders gives a customer who has just come a past, so that the account page is not empty.
func earlierOrders() []order {
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 10, 24, 0, 0, time.UTC) }
	take := func(id, size, colour string, n int) line {
		return line{Product: findProduct(id), Size: size, Colour: colour, Quantity: n}
	}
	return []order{
		{ID: "LL-8842", Placed: day(time.September, 18), Delivery: deliveries[0], Lines: cart{take("ridge-mug", "350 ml", "Clay", 2), take("swan-kettle", "0.6 l", "Ink", 1)}},
		{ID: "LL-7310", Placed: day(time.May, 4), Delivery: deliveries[1], Lines: cart{take("heath-throw", "130 × 170 cm", "Heather", 1)}},
	}
}
