package main

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"
)

// maxOrders is how many orders of one visitor are kept.
const maxOrders = 20

// delivery is a way for the parcel to reach the customer.
type delivery struct {
	ID, Name, Time string
	Price          money
}

// deliveries lists them all; the first is the default.
var deliveries = []delivery{
	{"standard", "Standard", "3 to 5 working days", 490},
	{"express", "Express", "Tomorrow before noon", 1290},
	{"collect", "Collect in the shop", "Today, from 4 pm", 0},
}

// countries lists where the shop delivers to; the first is the default.
var countries = []string{"Germany", "Austria", "Belgium", "Denmark", "Finland", "France", "Ireland", "Italy", "Netherlands", "Portugal", "Spain", "Sweden"}

// order is what a customer has bought. Of the card only the last four digits are kept.
type order struct {
	ID                            string
	Placed                        time.Time
	Lines                         cart
	Name, Email, Address, Country string
	Delivery                      delivery
	Gift                          bool
	CardEnd                       string
}

// Goods is the price of the things, without delivery.
func (o order) Goods() money { return o.Lines.Total() }

// Total is what the customer pays.
func (o order) Total() money { return o.Goods() + o.Delivery.Price }

// checkoutPage is the form with what has been filled in and what is wrong with it.
type checkoutPage struct {
	Form       checkoutForm
	Problems   problems
	Deliveries []delivery
	Countries  []string
}

func (s *shop) showCheckout(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	if len(v.Cart) == 0 {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return
	}
	s.renderCheckout(w, r, http.StatusOK, checkoutForm{Name: v.Name, Country: countries[0], Delivery: deliveries[0].ID}, nil)
}

func (s *shop) renderCheckout(w http.ResponseWriter, r *http.Request, status int, form checkoutForm, wrong problems) {
	s.render(w, r, status, "checkout", "Checkout", checkoutPage{form, wrong, deliveries, countries})
}

func (s *shop) placeOrder(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, http.StatusBadRequest, "We could not read that", "The form did not arrive whole. Please go back and try again.")
		return
	}
	if len(s.visitor(r).Cart) == 0 {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return
	}
	form, wrong := readCheckout(r.PostForm, time.Now())
	if len(wrong) > 0 {
		s.renderCheckout(w, r, http.StatusUnprocessableEntity, form, wrong)
		return
	}
	placed := form.order("LL-"+rand.Text()[:8], time.Now())
	s.change(w, r, func(v *visitor) {
		if len(v.Cart) == 0 {
			return // pressed twice: the first press has bought everything
		}
		placed.Lines, v.Cart = v.Cart, nil
		kept := v.Orders[:min(len(v.Orders), maxOrders-1)]
		v.Orders = slices.Concat([]order{placed}, kept)
	})
	if len(placed.Lines) == 0 {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return
	}
	if form.password != "" {
		s.welcome(w, r, form.Name)
	}
	http.Redirect(w, r, "/order/"+placed.ID, http.StatusSeeOther)
}

func (s *shop) showOrder(w http.ResponseWriter, r *http.Request) {
	for _, o := range s.visitor(r).Orders {
		if o.ID == r.PathValue("id") {
			s.render(w, r, http.StatusOK, "order", "Thank you", o)
			return
		}
	}
	s.notFound(w, r)
}
