// Package sendertest checks that an app keeps private what it wants to keep private: it opens the app's pages in Chromium, takes part in a
// session as the agent, and looks for secrets in everything that an agent gets.
//
//	func TestNothingPrivateReachesAnAgent(t *testing.T) {
//		sendertest.Leaks(t, newApp(fixtures), "123-45-6789", "Ada Lovelace")
//	}
//
// It is a module of its own, so that apps need none of its dependencies but in their tests. Chromium or Chrome has to be installed.
package sendertest

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// Leaks opens the pages of an app, "/" and up to twenty that it links to, with an agent in the session, and fails t with one error for each
// secret that gets to the agent: in frames, images and fonts, titles, addresses or log lines; as it is, in other letter case, without its
// spaces and hyphens, escaped for URLs, HTML, JSON or JavaScript, in base64, base32, hexadecimal, numbers, UTF-16 or backwards, letter by letter in elements
// of their own or with marks between them, in strings of a style sheet that show as one, in the colours of a picture's pixels, or by as many dots as it has letters. Secrets shorter than four bytes are an error,
// since they would be found by chance.
//
// handler is the app, with its own middleware.Middleware around it, whose settings then count, or without: then the default settings do, and
// what the attribute data-qwelp says. Links that sign out are not followed; every other page that "/" links to is asked for.
func Leaks(t testing.TB, handler http.Handler, secrets ...string) {
	t.Helper()
	Check{Handler: handler, Secrets: secrets}.Run(t)
}

// Check is what Leaks does, with more to say about it.
type Check struct {
	// Handler is the app, wrapped by a middleware.Middleware or not.
	Handler http.Handler

	// Secrets must not reach the agent.
	Secrets []string

	// Shown has to reach the agent: a test that sees nothing proves nothing. Default: none but the page itself.
	Shown []string

	// Paths are the pages to open, with queries if they have any. Default: "/" and what it links to.
	Paths []string

	// Settings are those of the sender, unless Handler has settings of its own.
	Settings sender.Settings

	// PrivateKeys hold the private half of the pages' customerKey, if they have one: agent.ParsePrivateKey reads it.
	PrivateKeys []*ecdh.PrivateKey

	// Cookies are set before the first page is opened, such as that of a signed-in customer.
	Cookies []*http.Cookie

	// Act is called on each page once the agent sees it, to type, click and open what a customer would. ctx is one of chromedp's; whatever
	// comes of it is searched too. Default: nil.
	Act func(ctx context.Context, path string) error

	// Browser is the program to start. Default: the first of chromium, chromium-browser, google-chrome, chrome that there is.
	Browser string
}

// patience is how long anything may take: test machines are slow and busy.
const patience = 20 * time.Second

const token = "sendertest"

// Run does the check.
func (c Check) Run(t testing.TB) {
	t.Helper()
	if len(c.Secrets) == 0 {
		t.Fatal("sendertest: no secrets to look for")
	}
	for _, secret := range c.Secrets {
		if len(secret) < 4 {
			t.Fatalf("sendertest: %q is too short to look for", secret)
		}
	}
	log := &lockedBuffer{}
	front, prefix, err := c.front(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(front)
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	defer cancel()
	w := &wire{log: log, pages: map[string]*bytes.Buffer{}}
	if err := c.visit(ctx, server.URL, prefix, w); err != nil {
		t.Errorf("sendertest: %v", err)
	}
	w.report(t, c)
}

var tag = regexp.MustCompile(`<script[^>]* src="([^"]*/)[0-9a-f]{12}/(?:auto|classic)\.js"[^>]* data-qwelp-settings=`)

// front is the app with a signalling server that takes us for an agent.
func (c Check) front(log *slog.Logger) (handler http.Handler, prefix string, err error) {
	path := "/"
	if len(c.Paths) > 0 {
		path = c.Paths[0]
	}
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Accept", "text/html")
	for _, cookie := range c.Cookies {
		r.AddCookie(cookie)
	}
	answer := httptest.NewRecorder()
	c.Handler.ServeHTTP(answer, r)
	prefix = "/_qwelp/"
	wrapped := tag.FindSubmatch(answer.Body.Bytes())
	if wrapped != nil {
		prefix = string(wrapped[1])
	}
	q, err := middleware.New(middleware.Options{
		Settings: c.Settings, Prefix: prefix, Logger: log, Signal: signal.Config{Agents: signal.AgentToken(token)},
	})
	if err != nil {
		return nil, "", err
	}
	if wrapped == nil {
		return q.Wrap(c.Handler), prefix, nil
	}
	own := q.Wrap(http.NotFoundHandler())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix+"signal" {
			own.ServeHTTP(w, r)
			return
		}
		c.Handler.ServeHTTP(w, r)
	}), prefix, nil
}

// visit opens the pages, with an agent in the session from the first on.
func (c Check) visit(ctx context.Context, base, prefix string, w *wire) error {
	customer, err := open(ctx, c.Browser)
	if err != nil {
		return err
	}
	defer customer.close()
	paths := c.Paths
	if len(paths) == 0 {
		paths = []string{"/"}
	}
	if err := customer.cookies(base, c.Cookies); err != nil {
		return err
	}
	if err := customer.visit(base + paths[0]); err != nil {
		return err
	}
	if len(c.Paths) == 0 {
		links, err := evaluate[[]string](customer, linked)
		if err != nil {
			return err
		}
		for _, link := range links {
			if len(paths) <= 20 && !strings.HasPrefix(link, prefix) && !slices.Contains(paths, link) {
				paths = append(paths, link)
			}
		}
	}
	code, err := customer.startSession(prefix)
	if err != nil {
		return err
	}
	w.begin(paths[0])
	session, err := agent.Join(ctx, base, code, agent.Options{
		Token: token, Name: "sendertest", Prefix: prefix, OnFrame: w.frame, PrivateKeys: c.PrivateKeys, Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		return err
	}
	defer func() { _ = session.End(ctx) }()
	if err := customer.allow(session); err != nil {
		return err
	}
	for i, path := range paths {
		if i > 0 {
			w.begin(path)
			if err := customer.visit(base + path); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if err := c.look(ctx, customer, session, w, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// linked is JavaScript for the pages of the app that the page links to.
const linked = `[...new Set([...document.links].filter(a => a.origin === location.origin && !a.target && !a.download &&
	!/log-?out|sign-?out/i.test(a.href)).map(a => a.pathname + a.search))]`

// look waits until all of the page, and what came of Act, has reached the agent.
func (c Check) look(ctx context.Context, customer *customer, session *agent.Session, w *wire, path string) error {
	for _, phase := range []string{"shown", "acted"} {
		if phase == "acted" && c.Act != nil {
			if err := c.Act(customer.ctx, path); err != nil {
				return err
			}
		}
		// A class is told of whatever is redacted.
		mark := fmt.Sprintf("qwelp-test-%s-%d", phase, time.Now().UnixNano())
		if _, err := evaluate[any](customer, `document.documentElement.append(Object.assign(document.createElement("i"), {className: "`+mark+`", hidden: true}))`); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(ctx, patience)
		err := session.WaitFor(waiting, func(p *agent.Page) bool { return !p.Loading && hasClass(p, mark) })
		cancel()
		if err != nil {
			return fmt.Errorf("the agent never saw the page (%s): %w", phase, err)
		}
		w.quiet(ctx)
	}
	w.page(session.Page())
	return nil
}

func hasClass(p *agent.Page, class string) bool {
	for n := range p.Document.All {
		if n.Attribute("class") == class {
			return true
		}
	}
	return false
}

// lockedBuffer is a bytes.Buffer for several goroutines.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.buffer.Bytes())
}
