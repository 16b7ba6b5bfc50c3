package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

// doubts returns what may be meant and is more likely a mistake, with the cure. It is logged.
func (o *Options) doubts() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	sealed := o.Settings.CustomerKey != "" || o.ForRequest != nil
	lines = append(lines, selectorDoubts("settings", o.Settings.Privacy)...)
	for i, r := range o.Routes {
		sealed = sealed || r.Settings.CustomerKey != ""
		lines = append(lines, selectorDoubts(fmt.Sprintf("routes[%d].settings", i), r.Settings.Privacy)...)
		if r.Off && !reflect.ValueOf(r.Settings).IsZero() {
			say("routes[%d]: Off, and Settings that no page has then: leave out one of them", i)
		}
		if hides := r.Off || !reflect.ValueOf(r.Settings.Privacy).IsZero(); hides && isExact(r.Pattern) && !o.hasRoute(r.Pattern+"/") {
			say("routes[%d].pattern: %q is for that page alone, not for those below it: with these it is %q", i, r.Pattern, r.Pattern+"/")
		}
		if host, _, ok := strings.Cut(withoutMethod(r.Pattern), "/"); ok && host != "" && !strings.ContainsAny(host, ".:") && host != "localhost" {
			say("routes[%d].pattern: %q is for the host %q, as it does not begin with a slash: for a path it is %q", i, r.Pattern, host, "/"+withoutMethod(r.Pattern))
		}
	}
	if o.Signal.Relay == signal.RelaySealed && !sealed {
		say("signal.relay: RelaySealed is for sessions with a CustomerKey, which no page has: nothing is relayed, and where browsers do not reach each other there is no picture")
	}
	return lines
}

// hasRoute tells whether there is a route of a pattern.
func (o *Options) hasRoute(pattern string) bool {
	for _, r := range o.Routes {
		if r.Pattern == pattern {
			return true
		}
	}
	return false
}

// isExact tells whether a pattern of http.ServeMux matches one page by intent or by mistake, and does not say which.
func isExact(pattern string) bool {
	return pattern != "" && !strings.HasSuffix(pattern, "/") && !strings.HasSuffix(pattern, "{$}") && !strings.HasSuffix(pattern, "...}") && !strings.Contains(pattern[strings.LastIndexByte(pattern, '/')+1:], ".")
}

// withoutMethod returns the host and path of a pattern.
func withoutMethod(pattern string) string {
	if method, rest, ok := strings.Cut(pattern, " "); ok && !strings.Contains(method, "/") {
		return strings.TrimLeft(rest, " \t")
	}
	return pattern
}

// selectorDoubts finds words that were to be classes or ids: no element is called like that.
func selectorDoubts(path string, p sender.Privacy) (lines []string) {
	for _, list := range []struct {
		field     string
		selectors []string
	}{{"redact", p.Redact}, {"unredact", p.Unredact}, {"hide", p.Hide}} {
		for i, selector := range list.selectors {
			if word := strings.TrimSpace(selector); bareWord.MatchString(word) && !elementNames[strings.ToLower(word)] {
				lines = append(lines, fmt.Sprintf("%s.privacy.%s[%d]: %q names elements <%[4]s>, which HTML has none of: a class is %q, an id %q", path, list.field, i, word, "."+word, "#"+word))
			}
		}
	}
	return lines
}

var bareWord = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

var elementNames = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`
	a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del
	details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label
	legend li link main map mark marquee math menu meta meter nav nobr noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section
	select selectedcontent slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
	circle clippath defs desc ellipse filter foreignobject g image line lineargradient marker mask path pattern polygon polyline radialgradient rect stop symbol text textpath tspan use view
	mi mn mo ms mtext mrow mfrac msqrt mroot msub msup munder mover mtable mtr mtd`) {
		names[name] = true
	}
	return names
}()

// checkPattern finds what http.ServeMux takes for something else, or says in its own words.
func checkPattern(pattern string) error {
	if strings.TrimSpace(pattern) == "" {
		return errors.New(`empty: want a pattern of http.ServeMux, such as "/admin/"`)
	}
	method, _, ok := strings.Cut(pattern, " ")
	if ok && !strings.Contains(method, "/") && method != strings.ToUpper(method) {
		return fmt.Errorf("%q: no request has the method %q: want %q", pattern, method, strings.ToUpper(method))
	}
	return nil
}

var registeredAt = regexp.MustCompile(` \(registered at [^)]*\)`)

// patternProblem is what http.ServeMux says of a pattern, without lines of our source.
func patternProblem(p any) error {
	text := registeredAt.ReplaceAllString(fmt.Sprint(p), "")
	text = strings.TrimPrefix(text, "http: ")
	text, _, _ = strings.Cut(text, ":\n")
	return errors.New(text)
}

// checkHandler panics, as http.Handle does, when there is no handler to wrap: else every page would.
func checkHandler(next http.Handler) {
	v := reflect.ValueOf(next)
	if next == nil || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func || v.Kind() == reflect.Map) && v.IsNil() {
		panic("middleware: Wrap(nil): want the app's handler; that of http.Handle and http.HandleFunc is http.DefaultServeMux")
	}
}
