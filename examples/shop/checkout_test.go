package main

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

const testCard = "4242 4242 4242 4242"

// goodCheckout is a form without problems, as name, value, name, value; more fields after it win.
func goodCheckout(more ...string) []string {
	return append([]string{
		"name", "Ada Lovelace", "email", "ada@example.com", "address", "12 St James Square\nLondon", "country", "Ireland",
		"delivery", "express", "card", testCard, "expiry", "09/99", "cvc", "123",
	}, more...)
}

func TestEachFieldOfTheCheckoutIsChecked(t *testing.T) {
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	cases := []struct{ name, field, value, wrong string }{
		{"all is well", "name", "Ada", ""},
		{"no name", "name", "  ", "name"},
		{"an endless name", "name", strings.Repeat("a", maxName+1), "name"},
		{"no e-mail address", "email", "ada", "email"},
		{"an e-mail address with a name", "email", "Ada <ada@example.com>", "email"},
		{"no address", "address", "", "address"},
		{"an unknown country", "country", "Atlantis", "country"},
		{"an unknown delivery", "delivery", "balloon", "delivery"},
		{"a card with dashes", "card", "4242-4242-4242-4242", ""},
		{"a mistyped card", "card", "4242 4242 4242 4241", "card"},
		{"a short card", "card", "42", "card"},
		{"letters for a card", "card", "4242 4242 4242 424x", "card"},
		{"a card in its last month", "expiry", "11/26", ""},
		{"a card in its last month, with spaces", "expiry", "11 / 26", ""},
		{"a card that is over", "expiry", "10/26", "expiry"},
		{"a month that does not exist", "expiry", "13/29", "expiry"},
		{"half an expiry", "expiry", "1129", "expiry"},
		{"a code of four", "cvc", "1234", ""},
		{"a code of two", "cvc", "12", "cvc"},
		{"a good password", "password", "correct horse", ""},
		{"a short password", "password", "1234567", "password"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := url.Values{}
			fields := goodCheckout(c.field, c.value)
			for i := 0; i < len(fields); i += 2 {
				form.Set(fields[i], fields[i+1])
			}
			_, wrong := readCheckout(form, now)
			var got string
			if len(wrong) > 0 {
				got = wrong[0].Field
			}
			if len(wrong) > 1 || got != c.wrong {
				t.Errorf("got %v, want a problem with %q alone", wrong, c.wrong)
			}
		})
	}
}

func TestAVisitorBuysWhatIsInTheCart(t *testing.T) {
	b := visit(t)
	b.goesTo(b.get("/checkout"), "/cart")
	b.addMugs("2")
	b.has(b.get("/checkout"), 200, `autocomplete="cc-number"`, `autocomplete="cc-csc"`, `type="password"`, "€56.00")

	placed := b.post("/checkout", goodCheckout("gift", "yes")...)
	order := placed.header.Get("Location")
	b.goesTo(placed, order)
	if !strings.HasPrefix(order, "/order/LL-") {
		t.Fatalf("got %q", order)
	}
	b.has(b.get(order), 200, "Thank you, Ada Lovelace.", "ending in 4242", "Express", "wrapped as a gift", "€68.90")
	b.has(b.get("/cart"), 200, "There is nothing in it yet.")
	b.goesTo(b.post("/checkout", goodCheckout()...), "/cart") // pressed twice

	stranger := newBrowser(t, b.base)
	stranger.has(stranger.get(order), 404)
}

func TestAWrongFormComesBackWithEverythingButTheSecrets(t *testing.T) {
	b := visit(t)
	b.addMugs("1")
	page := b.post("/checkout", goodCheckout("email", "ada", "cvc", "4", "delivery", "collect", "password", "hunter2-hunter2")...)
	b.has(page, 422, "2 fields need another look.", `value="Ada Lovelace"`, "12 St James Square", `<option selected>Ireland</option>`,
		`value="collect" checked`, `aria-describedby="email-hint email-problem"`, `aria-invalid="true"`)
	for _, secret := range []string{`value="` + testCard, "4242424242424242", "hunter2", `value="09/99"`} {
		if strings.Contains(page.body, secret) {
			t.Errorf("%q came back", secret)
		}
	}
}

func TestAPasswordAtTheCheckoutMakesAnAccount(t *testing.T) {
	b := visit(t)
	b.addMugs("1")
	order := b.post("/checkout", goodCheckout("password", "correct horse")...).header.Get("Location")
	b.has(b.get("/account"), 200, "Good to see you, Ada Lovelace.", strings.TrimPrefix(order, "/order/"))
}
