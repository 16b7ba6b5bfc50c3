package main

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkoutForm is the checkout form as filled in. What is exported goes back into the page when something is wrong; the
// card and the password never do.
type checkoutForm struct {
	Name, Email, Address, Country, Delivery string
	Gift                                    bool
	cardEnd, password                       string
}

// problem is what is wrong with one field, in words for the customer.
type problem struct{ Field, Text string }

type problems []problem

// Of is what is wrong with the field, empty when nothing is.
func (p problems) Of(field string) string {
	i := slices.IndexFunc(p, func(one problem) bool { return one.Field == field })
	if i < 0 {
		return ""
	}
	return p[i].Text
}

// readCheckout reads the form and says everything that is wrong with it, in the order of the page.
func readCheckout(v url.Values, now time.Time) (checkoutForm, problems) {
	get := func(field string) string { return strings.TrimSpace(v.Get(field)) }
	form := checkoutForm{
		Name: get("name"), Email: get("email"), Address: get("address"), Country: get("country"),
		Delivery: get("delivery"), Gift: v.Get("gift") != "", password: v.Get("password"),
	}
	var wrong problems
	check := func(ok bool, field, text string) {
		if !ok {
			wrong = append(wrong, problem{field, text})
		}
	}
	email, err := mail.ParseAddress(form.Email)
	check(form.Name != "" && len(form.Name) <= maxName, "name", "Please tell us your full name.")
	check(err == nil && email.Address == form.Email, "email", "Please enter an e-mail address, like ada@example.com.")
	check(form.Address != "" && len(form.Address) <= 500, "address", "Please tell us where to send it.")
	check(slices.Contains(countries, form.Country), "country", "Please choose a country.")
	check(slices.ContainsFunc(deliveries, func(d delivery) bool { return d.ID == form.Delivery }), "delivery", "Please choose a delivery.")

	card := strings.NewReplacer(" ", "", "-", "").Replace(v.Get("card"))
	check(validCard(card), "card", "This card number is not complete, or has a typing mistake.")
	check(validExpiry(get("expiry"), now), "expiry", "Please enter a month and year that are not over, like 09/29.")
	check(validCode(get("cvc")), "cvc", "Please enter the three or four digits on the back of the card.")
	check(form.password == "" || len(form.password) >= 8, "password", "At least eight characters, please.")
	if validCard(card) {
		form.cardEnd = card[len(card)-4:]
	}
	return form, wrong
}

// order makes the order that a form without problems asks for.
func (f checkoutForm) order(id string, now time.Time) order {
	o := order{ID: id, Placed: now, Name: f.Name, Email: f.Email, Address: f.Address, Country: f.Country, Gift: f.Gift, CardEnd: f.cardEnd}
	for _, d := range deliveries {
		if d.ID == f.Delivery {
			o.Delivery = d
		}
	}
	return o
}

// validCard says whether the digits have the length and the check digit of a card number (ISO/IEC 7812-1).
func validCard(digits string) bool {
	if len(digits) < 12 || len(digits) > 19 || !onlyDigits(digits) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// validExpiry reads MM/YY. A card is good until its month is over.
func validExpiry(text string, now time.Time) bool {
	m, y, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "/")
	if !ok || len(m) != 2 || len(y) != 2 || !onlyDigits(m+y) {
		return false
	}
	month, _ := strconv.Atoi(m)
	year, _ := strconv.Atoi(y)
	over := time.Date(2000+year, time.Month(month)+1, 1, 0, 0, 0, 0, now.Location())
	return 1 <= month && month <= 12 && now.Before(over)
}

func validCode(text string) bool { return (len(text) == 3 || len(text) == 4) && onlyDigits(text) }

func onlyDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }
