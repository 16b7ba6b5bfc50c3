package main

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
)

const (
	cartCookie  = "shop_cart"
	loginCookie = "shop_login"
	maxVisitors = 10_000
	maxForm     = 64 << 10 // bytes
)

// contentPolicy is as strict as a shop can have it, and stays so with co-browsing on: nothing inline, nothing from
// elsewhere.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

//go:embed templates
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// shop is the whole shop as an http.Handler. It knows nothing of co-browsing.
type shop struct {
	http.Handler
	pages    map[string]*template.Template
	visitors *visitors
}

// newShop builds the shop with its pages, its files and nobody in it.
func newShop() *shop {
	s := &shop{pages: parsePages(), visitors: newVisitors(maxVisitors)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showList)
	mux.HandleFunc("GET /product/{id}", s.showProduct)
	mux.HandleFunc("GET /cart", s.showCart)
	mux.HandleFunc("POST /cart/add", s.addToCart)
	mux.HandleFunc("POST /cart/quantity", s.setQuantity)
	mux.HandleFunc("POST /cart/remove", s.removeFromCart)
	mux.HandleFunc("GET /checkout", s.showCheckout)
	mux.HandleFunc("POST /checkout", s.placeOrder)
	mux.HandleFunc("GET /order/{id}", s.showOrder)
	mux.HandleFunc("GET /login", s.showLogin)
	mux.HandleFunc("POST /login", s.logIn)
	mux.HandleFunc("POST /logout", s.logOut)
	mux.HandleFunc("GET /account", s.showAccount)
	mux.HandleFunc("GET /account/delivery.jpg", s.deliveryPicture)
	mux.HandleFunc("POST /account/note", s.saveNote)
	mux.HandleFunc("GET /live", s.showLive)
	mux.HandleFunc("GET /live/frame", s.showLiveFrame)
	mux.Handle("GET /static/", s.static(staticFiles))
	mux.HandleFunc("/", s.notFound)
	s.Handler = protect(http.NewCrossOriginProtection().Handler(mux))
	return s
}

// protect sets the headers that every answer has, and bounds what a request may send.
func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

// parsePages parses each page together with the layout around it, by the page's name.
func parsePages() map[string]*template.Template {
	layout := template.Must(template.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
	names, err := fs.Glob(templateFiles, "templates/pages/*.html")
	if err != nil {
		panic(err) // only for a malformed pattern
	}
	pages := make(map[string]*template.Template)
	for _, name := range names {
		page := template.Must(template.Must(layout.Clone()).ParseFS(templateFiles, name))
		pages[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return pages
}

// view is what every template gets.
type view struct {
	Title   string
	Path    string // of the request, to mark the place in the navigation
	Visitor visitor
	Page    any // the page's own
}

// render answers with a page. It is written in full before the first byte leaves, so that an error is never half a page.
func (s *shop) render(w http.ResponseWriter, r *http.Request, status int, name, title string, page any) {
	var body bytes.Buffer
	v := view{Title: title, Path: r.URL.Path, Visitor: s.visitor(r), Page: page}
	if err := s.pages[name].ExecuteTemplate(&body, "layout", v); err != nil {
		slog.Error("page not rendered", "page", name, "error", err)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the visitor may have left
}

// fail answers with a page that says what is wrong.
func (s *shop) fail(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	s.render(w, r, status, "message", title, text)
}

func (s *shop) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, http.StatusNotFound, "Page not found", "There is nothing at this address. It may have been sold.")
}

// visitor returns a snapshot of who asks. Name is set only when the login cookie is right too.
func (s *shop) visitor(r *http.Request) visitor {
	v := s.visitors.look(cookie(r, cartCookie))
	if v.login == "" || subtle.ConstantTimeCompare([]byte(v.login), []byte(cookie(r, loginCookie))) != 1 {
		v.Name, v.Note, v.login = "", "", ""
	}
	return v
}

// change changes who asks, and gives a browser that comes for the first time its cookie.
func (s *shop) change(w http.ResponseWriter, r *http.Request, f func(*visitor)) {
	known := cookie(r, cartCookie)
	if id := s.visitors.change(known, f); id != known {
		setCookie(w, r, cartCookie, id)
	}
}

// welcome logs the visitor in. The cookie's value is new at every login, so one planted before is worth nothing.
func (s *shop) welcome(w http.ResponseWriter, r *http.Request, name string) {
	login := rand.Text()
	s.change(w, r, func(v *visitor) { v.Name, v.login = name, login })
	setCookie(w, r, loginCookie, login)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func setCookie(w http.ResponseWriter, r *http.Request, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
