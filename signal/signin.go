package signal

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/qwelp/qwelp-go/internal/request"
)

//go:embed signin.html
var signInHTML string

//go:embed signin.css
var signInCSS string

var signInPage = template.Must(template.New("signin").Parse(signInHTML))

// signInPolicy allows the page its one style sheet, its form, and nothing else.
var signInPolicy = func() string {
	sum := sha256.Sum256([]byte(signInCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// maxSignIn is how many bytes of a form are read.
const maxSignIn = 4 << 10

// SignIn answers a request that Authorize refused. With the right token, in a form that was posted (from the app's own origin or one of
// AllowedOrigins, else 403) or as "?token=…", it sets the cookie and sends the browser to the same address without it (303); else it shows a
// form that asks for the token (401; after too many wrong ones 429; 403 after a wrong one in a link of another site, which counts for nobody). A form has ten
// seconds to come.
func (t *tokenAgents) SignIn(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin") // never the token; with no-referrer, the form's Origin would be "null"
	h.Set("Content-Security-Policy", signInPolicy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	request.BoundBody(w, r)
	guess, status := t.given(w, r)
	switch {
	case status != 0:
		http.Error(w, http.StatusText(status), status)
		return
	case guess == "":
		t.askToken(w, r, http.StatusUnauthorized, "")
		return
	}
	err := t.try(r, guess, t.token)
	switch {
	case errors.Is(err, errTooManyTokens):
		h.Set("Retry-After", "1800")
		t.askToken(w, r, http.StatusTooManyRequests, "That token isn't correct either. Too many wrong ones have come from your network; the right one still opens the console.")
	case errors.Is(err, errForeignToken):
		t.askToken(w, r, http.StatusForbidden, "That token isn't correct.")
	case err != nil:
		t.askToken(w, r, http.StatusUnauthorized, "That token isn't correct.")
	default:
		http.SetCookie(w, t.cookie(r))
		t.admit(w, r)
	}
}

// given returns the token that a request brings, "" when it brings none, or the status to refuse the request with.
func (t *tokenAgents) given(w http.ResponseWriter, r *http.Request) (guess string, refused int) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		guess = r.URL.Query().Get("token")
	case http.MethodPost:
		if !originAllowed(r, *t.origins.Load()) { // else any site could use up the budget of wrong tokens from where its visitors are
			return "", http.StatusForbidden
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxSignIn)
		if err := r.ParseForm(); errors.Is(err, os.ErrDeadlineExceeded) {
			w.Header().Set("Connection", "close")
			return "", http.StatusRequestTimeout
		} else if err != nil {
			return "", http.StatusBadRequest
		}
		guess = r.PostForm.Get("token") // the address may still have one that was wrong
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return "", http.StatusMethodNotAllowed
	}
	return strings.TrimSpace(guess), 0
}

// admit sends the browser on. After a link on a foreign site the browser would not send a SameSite=Strict cookie along a redirect,
// so there a page of our own makes the step.
func (t *tokenAgents) admit(w http.ResponseWriter, r *http.Request) {
	path := requestPath(r)
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		t.page(w, http.StatusOK, signIn{Next: path})
		return
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
}

func (t *tokenAgents) askToken(w http.ResponseWriter, r *http.Request, status int, problem string) {
	if t.token == "" {
		problem = "This app has no agent token, so nobody can sign in. Its developer has to give one to signal.AgentToken."
	}
	if _, err := r.Cookie(agentCookie); err == nil {
		http.SetCookie(w, t.expiredCookie(r))
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="agents"`)
	t.page(w, status, signIn{Problem: problem})
}

// signIn is what the page shows: a form, or a title with a text and a link.
type signIn struct {
	CSS     template.CSS
	Problem string // what was wrong with the last try
	Next    string // where to go on; then there is no form

	Title, Text, Link, LinkText string
}

func (t *tokenAgents) page(w http.ResponseWriter, status int, s signIn) { showSignIn(w, status, s) }

func showSignIn(w http.ResponseWriter, status int, s signIn) {
	s.CSS = template.CSS(signInCSS)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	signInPage.Execute(w, s) // the client is gone if it fails
}

// requestPath gives the path that the browser asked for, whatever prefix was stripped from r.URL since. It never names another
// host.
func requestPath(r *http.Request) string {
	path := r.URL.EscapedPath()
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		path = u.EscapedPath()
	}
	return "/" + strings.TrimLeft(path, `/\`)
}

// cookiePath gives the directory above the console's agent/, so that the signalling route beside it gets the cookie too.
func cookiePath(path string) string {
	if i := strings.LastIndex(path+"/", "/agent/"); i >= 0 {
		return path[:i+1]
	}
	return path[:strings.LastIndex(path, "/")+1]
}

// mountedAt returns what browsers have before the path of r: the part that http.StripPrefix, or a proxy, has taken away.
func mountedAt(r *http.Request) string {
	before, ok := strings.CutSuffix(requestPath(r), r.URL.EscapedPath())
	if !ok {
		return ""
	}
	return before
}
