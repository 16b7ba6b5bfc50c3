package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheAccountIsBehindTheLogin(t *testing.T) {
	b := visit(t)
	b.goesTo(b.get("/account"), "/login")
	b.has(b.get("/account/delivery.jpg"), 403)
	b.has(b.post("/account/note", "note", "hello"), 403)

	b.logIn()
	b.has(b.get("/account"), 200, "Good to see you, Ada Lovelace.", "LL-8842", `contenteditable="true"`, "<loyalty-card")
	picture := b.get("/account/delivery.jpg")
	if picture.status != 200 || !strings.HasPrefix(picture.body, "\xff\xd8") || picture.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("got status %d, %d bytes, %q", picture.status, len(picture.body), picture.header.Get("Cache-Control"))
	}

	b.goesTo(b.post("/logout"), "/")
	b.goesTo(b.get("/account"), "/login")
	b.has(b.get("/account/delivery.jpg"), 403)
}

func TestTheLoginNeedsANameAndThePassword(t *testing.T) {
	cases := []struct{ name, who, password, want string }{
		{"the wrong password", "Ada", "swordfish", "That password is not right."},
		{"no name", "", demoPassword, "Please tell us your name."},
		{"a name of any length", strings.Repeat("a", maxName+1), demoPassword, "Please tell us your name."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := visit(t)
			page := b.post("/login", "name", c.who, "password", c.password)
			b.has(page, 422, c.want)
			if strings.Contains(page.body, "swordfish") {
				t.Error("the password came back")
			}
			b.goesTo(b.get("/account"), "/login")
		})
	}
}

func TestTheLoginCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	b := visit(t)
	for _, c := range b.post("/login", "name", "Ada", "password", demoPassword).header.Values("Set-Cookie") {
		if !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
			t.Errorf("got %q", c)
		}
	}
}

func TestTheCartCookieAloneIsNoLogin(t *testing.T) {
	b := visit(t)
	b.logIn()
	site, err := url.Parse(b.base)
	if err != nil {
		t.Fatal(err)
	}
	thief := newBrowser(t, b.base)
	for _, c := range b.http.Jar.Cookies(site) {
		if c.Name == cartCookie {
			thief.http.Jar.SetCookies(site, []*http.Cookie{c, {Name: loginCookie, Value: "guessed"}})
		}
	}
	thief.goesTo(thief.get("/account"), "/login")
	thief.has(thief.get("/account/delivery.jpg"), 403)
}

func TestTheNoteIsKeptAndBounded(t *testing.T) {
	b := visit(t)
	b.logIn()
	b.has(b.post("/account/note", "note", "Ring <twice>"), 204)
	b.has(b.get("/account"), 200, "Ring &lt;twice&gt;")
	b.has(b.post("/account/note", "note", strings.Repeat("x", maxNote+1)), 413)
	b.has(b.get("/account"), 200, "Ring &lt;twice&gt;")
	b.post("/logout")
	b.logIn()
	if strings.Contains(b.get("/account").body, "twice") {
		t.Error("the note of the last customer is still there")
	}
}
