// Package middleware brings co-browsing support to a Go web app. It wraps the app's handler, adds one script tag to every page
// that a browser navigates to, and serves everything the tag needs from the app's own origin:
//
//	q, err := middleware.New(middleware.Options{
//		Signal: signal.Config{Agents: signal.AgentToken(os.Getenv("QWELP_AGENT_TOKEN"))},
//	})
//	…
//	http.ListenAndServe(addr, q.Wrap(mux))
//
// Pages stream through unchanged but for the tag: a flush of the handler reaches the browser at once, and what is kept of a
// response in memory does not grow with it. Whatever is not understood passes unchanged, and the log says why.
package middleware

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/qwelp/qwelp-go/assets"
	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// Options configures a Middleware. The zero value of every field is its default, and safe.
type Options struct {
	// Settings are what the sender is told on every page. Default: the sender's own defaults.
	Settings sender.Settings

	// Routes change the settings for some pages.
	Routes []Route

	// ForRequest has the last word on the settings of a page, for example to add metaData from the login. It is called once for each
	// page that gets a tag, with a copy of the settings of its route, whose metaData it may change at every depth; false leaves the page as it is.
	// A page with settings of its own is marked private, so that no cache hands it to somebody else. What is not valid in the result is left out by itself, and named in the
	// log; where that is in Privacy, or when the function panics, the page is private as a whole, and with a CustomerKey that is not valid it gets no tag. It must be
	// safe for concurrent use. Default: nil.
	ForRequest func(r *http.Request, s sender.Settings) (sender.Settings, bool)

	// MetaDataKey signs the metaData of pages, so that agents see which of it is the app's word and which is only the page's: 32 bytes or more, the
	// same in all replicas. What is signed expires after a day. Also that of Signal, when it has none. Default: random, which will do for one
	// process; sessions that go on after a restart, or on another replica, then show what the page was told before as unverified.
	MetaDataKey []byte

	// Nonce returns the nonce of a page's content security policy, for apps whose policy is not in the headers
	// that the handler sets. Empty, or nil: the nonce is found in the headers and meta elements of the page, if there is one. A panic counts as empty.
	Nonce func(r *http.Request) string

	// AssetOrigins are other origins, such as "https://cdn.example", whose images and fonts the app's server may read for the sender when their
	// servers do not let the page's scripts do so (CORS). It asks without cookies, and passes on nothing but images and fonts, to the
	// app's own pages only. Default: none; the agent sees empty boxes of the same size.
	AssetOrigins []string

	// Sites are other sites whose pages may have the button, by their origins: "https://www.example.com", or "https://*.example.com" for all hosts with one more label
	// (https only). They import {prefix}current/index.js, or carry one tag with {prefix}current/auto.js, and have customers only, never agents. The same as
	// Signal.Sites, to which they are added. Default: none.
	Sites []string

	// Signal configures signalling, above all who is an agent.
	Signal signal.Config

	// Metrics are the networks whose clients may read the figures of signalling at {prefix}metrics, in the text format of Prometheus. Who is behind a proxy counts by
	// the address that Signal.TrustedProxies vouch for, and by none where the proxy is not among them. Default: nobody may.
	Metrics []netip.Prefix

	// Prefix is the path below which everything is served. The wrapped handler never sees it. Below http.StripPrefix, or a pattern such as "/app/" of a router,
	// it lies there too: "/app/_qwelp/". Default: "/_qwelp/".
	Prefix string

	// PublicPrefix is the path by which browsers reach Prefix, where a proxy in front of the app takes away a part of the path, such as
	// "/app/_qwelp/". Default: Prefix.
	PublicPrefix string

	// SenderURL is a JavaScript module to use as the sender, with the API of the embedded one: an https URL (http on this machine), or
	// a path of the app's own site. Default: the embedded sender.
	SenderURL string

	// ClassicLoader makes the tag a classic script, which asks for the sender once the page is parsed. Turn it on when pages have their
	// import map in the body: browsers without support for several import maps (Chrome before 133, Safari before 18.4, Firefox) disable a
	// map that comes after a module script, such as the tag. The button appears a little later. Import maps in the head need
	// no such thing, as the tag comes after them. Default: false, the tag is a module script.
	ClassicLoader bool

	// Logger receives what an operator should know. Also that of Signal, when it has none. Default: slog.Default().
	Logger *slog.Logger
}

// Middleware adds the sender to the pages of an app. All its methods are safe for concurrent use.
type Middleware struct {
	prefix     string
	public     string // what browsers have for prefix
	mounts     mounts
	check      selfCheck
	hosts      []string   // that the app has besides that of a request
	plain      sender.Tag // without the settings of a page
	all        *route
	routes     *http.ServeMux // nil without routes
	forRequest func(r *http.Request, s sender.Settings) (sender.Settings, bool)
	nonce      func(r *http.Request) string
	key        []byte // of metaData
	signal     *signal.Server
	signIn     signal.SignInner // nil when the app's own sign-in decides
	history    http.Handler
	notes      signal.NoteKeeper // nil: nobody keeps any
	files      http.Handler
	fetcher    *assetFetcher // nil without origins
	metrics    []netip.Prefix
	trusted    []netip.Prefix // proxies
	log        *slog.Logger
	causes     causes      // that the log has seen
	fixed      causes      // routes whose pages may not be changed, which the log has seen
	costly     atomic.Bool // the app has answered in a coding that takes encoding anew
	writers    sync.Pool
}

// New returns a Middleware. The error joins one error for every bad field of o, each with the path of the field. What is more likely a mistake than meant, it logs.
func New(o Options) (*Middleware, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Signal.Logger == nil {
		o.Signal.Logger = o.Logger
	}
	keyErr := o.shareKey()
	var publicErr error
	if o.PublicPrefix != "" {
		publicErr = checkPrefix("publicPrefix", o.PublicPrefix)
	}
	if o.Prefix == "" {
		o.Prefix = defaultPrefix
	}
	public := cmp.Or(o.PublicPrefix, o.Prefix)
	m := &Middleware{
		prefix:     o.Prefix,
		public:     public,
		plain:      sender.Tag{Src: public + assets.Path("auto.js"), SenderURL: o.SenderURL},
		forRequest: o.ForRequest,
		nonce:      o.Nonce,
		key:        o.MetaDataKey,
		files:      http.StripPrefix(strings.TrimSuffix(o.Prefix, "/"), assets.Handler()),
		metrics:    o.Metrics,
		trusted:    o.Signal.TrustedProxies,
		log:        o.Logger,
	}
	if o.ClassicLoader {
		m.plain.Src, m.plain.Classic = public+assets.Path("classic.js"), true
	}
	m.check.conclude = m.conclude
	m.writers.New = func() any { return newWriter(m) }
	m.signIn, _ = o.Signal.Agents.(signal.SignInner)
	m.history, _ = o.Signal.Observer.(http.Handler)
	m.notes, _ = o.Signal.Observer.(signal.NoteKeeper)
	if m.history == nil {
		m.history = http.HandlerFunc(noHistory)
	}
	for _, origin := range o.Signal.AllowedOrigins {
		if u, err := url.Parse(origin); err == nil {
			m.hosts = append(m.hosts, strings.ToLower(u.Hostname()))
		}
	}
	o.Signal.Sites = slices.Concat(o.Sites, o.Signal.Sites)
	o.Signal.Places = placesOf(o.Settings, o.Routes)
	var signalErr error
	m.signal, signalErr = signal.New(o.Signal)
	var assetErr error
	m.fetcher, assetErr = newAssetFetcher(o.AssetOrigins, o.Signal.TrustedProxies)
	err := errors.Join(
		checkPrefix("prefix", o.Prefix),
		publicErr,
		keyErr,
		checkSenderURL(o.SenderURL),
		o.Settings.Validate("settings"),
		m.addRoutes(o.Settings, o.Routes),
		assetErr,
		signalErr,
		errors.Join(checkMetrics(o.Metrics)...),
	)
	if err != nil {
		if signalErr == nil {
			_ = m.signal.Shutdown(context.Background()) // it may listen already
		}
		return nil, fmt.Errorf("middleware: %w", err)
	}
	for _, doubt := range o.doubts() {
		m.log.Warn("middleware: " + doubt)
	}
	return m, nil
}

// shareKey lets pages and signalling have the same key of metaData, whichever of the two has one.
func (o *Options) shareKey() error {
	own, theirs := o.MetaDataKey, o.Signal.MetaDataKey
	switch {
	case len(own) == 0 && len(theirs) == 0:
		o.MetaDataKey = vouch.NewKey()
		o.Signal.MetaDataKey = o.MetaDataKey
	case len(own) == 0:
		o.MetaDataKey = theirs // signal.New checks it
	case len(own) < vouch.MinKey:
		return fmt.Errorf("metaDataKey: %d bytes, want %d or more", len(own), vouch.MinKey)
	case len(theirs) == 0:
		o.Signal.MetaDataKey = own
	case !bytes.Equal(own, theirs):
		return errors.New("metaDataKey: not that of signal.metaDataKey, so nothing would be verified: set one of the two")
	}
	return nil
}

var prefixShape = regexp.MustCompile(`^/([A-Za-z0-9._~-]+/)+$`)

func checkPrefix(field, prefix string) error {
	if !prefixShape.MatchString(prefix) || path.Clean(prefix)+"/" != prefix {
		return fmt.Errorf(`%s: not a path such as "/_qwelp/" of letters, digits and . _ ~ -, with a slash at both ends`, field)
	}
	return nil
}

func checkSenderURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err == nil && u.User == nil {
		switch {
		case u.Scheme == "https" && u.Host != "", u.Scheme == "http" && isLoopback(u.Hostname()):
			return nil
		case u.Scheme == "" && u.Host == "" && strings.HasPrefix(text, "/") && !strings.HasPrefix(text, `/\`):
			return nil
		}
	}
	return errors.New("senderURL: not an https URL, nor a path that begins with /")
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Wrap returns a handler that serves qwelp's own paths, leaves all others to next, and adds the tag to next's pages. Wrapping twice
// adds one tag. It panics when next is nil.
func (m *Middleware) Wrap(next http.Handler) http.Handler {
	checkHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, alone := m.mounts.of(r)
		if own, ok := m.under(r, at); ok {
			m.serve(w, own)
			return
		}
		asker, byFetch := askerOf(r)
		if !byFetch || isUpgrade(r) || isWrapped(w) {
			next.ServeHTTP(w, r)
			return
		}
		found := m.current(m.routeOf(r))
		if found.off {
			next.ServeHTTP(w, r)
			return
		}
		m.rewrite(w, r, next, found, asker, at.outer, alone)
	})
}

// rewrite lets next answer r through a writer that adds the tag.
func (m *Middleware) rewrite(w http.ResponseWriter, r *http.Request, next http.Handler, found *route, asker asker, outer string, alone bool) {
	ww, _ := m.writers.Get().(*writer)
	ww.begin(w, r, found, asker)
	ww.outer, ww.alone = outer, alone
	if asker != script && hasMark(r.Header["If-None-Match"]) {
		r, ww.marked = unmarkRequest(r, ww.settle().id, asker == browser && maybePage(r.URL.Path))
	} else if asker == browser && len(r.Header["If-None-Match"])+len(r.Header["If-Modified-Since"]) > 0 && maybePage(r.URL.Path) && !ww.settle().off {
		r, _ = unmarkRequest(r, "", true)
	}
	if asker == browser {
		r, ww.steered = m.steer(r)
	}
	returned := false
	defer func() {
		// After a panic of the handler nothing may look finished, and the writer may still be in use.
		if !returned {
			ww.abandon()
		}
	}()
	next.ServeHTTP(ww.face(), r)
	err := ww.finish()
	returned = true
	if ww.end() {
		m.writers.Put(ww)
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// Drain moves clients to other replicas before Shutdown: readyz answers 503 at once; from Signal.DrainDelay on new connections are refused, and clients
// are asked to come back elsewhere, at times of their own. It returns when all have gone, after 13 seconds at most (of more than 2 500 clients, 68), or with ctx's error. Shutdown has to follow.
func (m *Middleware) Drain(ctx context.Context) error { return m.signal.Drain(ctx) }

// Shutdown ends signalling, not the sessions: those with a data channel go on, and resume on another replica or on this app once it
// has restarted. EndSessions ends them. New ones are refused from then on. It returns when all connections are closed or ctx ends, with
// ctx's error then.
func (m *Middleware) Shutdown(ctx context.Context) error {
	m.check.stop()
	return m.signal.Shutdown(ctx)
}

// EndSessions ends every session whose customer is connected to this replica, with the reason shutdown, before Shutdown: for an operator
// who closes support, or takes it out of the app for good. New sessions are not refused. The error joins those of the
// Broker; the sessions behind them go on.
func (m *Middleware) EndSessions(ctx context.Context) error { return m.signal.EndSessions(ctx) }

// Stats gives the figures of signalling on this replica, such as for package expvar or a Prometheus collector. They name nobody.
func (m *Middleware) Stats() signal.Stats { return m.signal.Stats() }

// tell logs why a page has no tag: each reason once, and what a handler has to change, once for each route.
func (m *Middleware) tell(reason string, r *http.Request) {
	message, seen, cause, most := "middleware: page left without the sender", &m.causes, reason, maxCauses
	switch reason {
	case reasonFixed:
		seen, cause, most = &m.fixed, routeName(r), maxRoutes
	case reasonHalf:
		message = "middleware: page with a sender that cannot work"
	}
	level := slog.LevelDebug
	if seen.isNew(cause, most) {
		level = slog.LevelWarn
	}
	m.log.Log(r.Context(), level, message, "reason", reason, "path", r.URL.Path)
}
