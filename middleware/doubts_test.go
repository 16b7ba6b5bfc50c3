package middleware

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

func TestAMistakeInTheOptionsIsAnErrorOrALine(t *testing.T) {
	redact := func(selectors ...string) sender.Settings {
		return sender.Settings{Privacy: sender.Privacy{Redact: selectors}}
	}
	colour := func(text string) sender.Settings {
		return sender.Settings{Branding: sender.Branding{PrimaryColor: text}}
	}
	route := func(pattern string) []Route { return []Route{{Pattern: pattern, Off: true}} }
	const noPattern = `routes[0].pattern: empty: want a pattern of http.ServeMux, such as "/admin/"`
	for name, c := range map[string]struct {
		options     Options
		fails, logs string
	}{
		"nothing wrong":                        {Options{Settings: colour("Teal"), Routes: route("/admin/")}, "", ""},
		"a word that is no colour":             {Options{Settings: colour("blu")}, "settings.branding.primaryColor: not a colour", ""},
		"a colour of Tailwind":                 {Options{Settings: colour("emerald")}, "settings.branding.primaryColor: not a colour", ""},
		"a function that is no colour":         {Options{Settings: colour("rgb(a b c)")}, "settings.branding.primaryColor: not a colour", ""},
		"half a colour":                        {Options{Settings: colour("hsl(220 100%)")}, "settings.branding.primaryColor: not a colour", ""},
		"Off for one page":                     {Options{Routes: route("/admin")}, "", `"/admin" is for that page alone, not for those below it: with these it is "/admin/"`},
		"Off for one page and a method":        {Options{Routes: route("GET /admin")}, "", `with these it is "GET /admin/"`},
		"Off for one page and those below":     {Options{Routes: append(route("/admin"), route("/admin/")...)}, "", ""},
		"Off for the very page":                {Options{Routes: route("/admin/{$}")}, "", ""},
		"Off for a file":                       {Options{Routes: route("/login.html")}, "", ""},
		"privacy for one page":                 {Options{Routes: []Route{{Pattern: "/pay", Settings: redact("main")}}}, "", `"/pay" is for that page alone`},
		"looks for one page":                   {Options{Routes: []Route{{Pattern: "/pay", Settings: colour("red")}}}, "", ""},
		"Off with settings":                    {Options{Routes: []Route{{Pattern: "/pay/", Off: true, Settings: colour("red")}}}, "", "routes[0]: Off, and Settings"},
		"no slash at the start":                {Options{Routes: route("admin/")}, "", `is for the host "admin"`},
		"a host":                               {Options{Routes: route("shop.example/admin/")}, "", ""},
		"no pattern":                           {Options{Routes: route("")}, noPattern, ""},
		"a pattern of spaces":                  {Options{Routes: route("  ")}, noPattern, ""},
		"a method in small letters":            {Options{Routes: route("get /admin/")}, `routes[0].pattern: "get /admin/": no request has the method "get": want "GET"`, ""},
		"a pattern that is none":               {Options{Routes: route("/a/{")}, "routes[0].pattern: parsing", ""},
		"two of one pattern":                   {Options{Routes: append(route("/x/"), route("/x/")...)}, `routes[1].pattern: pattern "/x/" conflicts with pattern "/x/"`, ""},
		"two that are in conflict":             {Options{Routes: append(route("/x/{a}/b"), route("/x/c/{d}")...)}, `routes[1].pattern: pattern "/x/c/{d}" conflicts with pattern "/x/{a}/b"`, ""},
		"a class without its dot":              {Options{Settings: redact("main", "balance")}, "", `settings.privacy.redact[1]: "balance" names elements <balance>, which HTML has none of: a class is ".balance", an id "#balance"`},
		"an id without its sign, on a route":   {Options{Routes: []Route{{Pattern: "/x/", Settings: sender.Settings{Privacy: sender.Privacy{Hide: []string{"sideBar"}}}}}}, "", "routes[0].settings.privacy.hide[0]"},
		"elements":                             {Options{Settings: redact("table", "my-card", "foreignObject", ".a", "#b", "td.balance")}, "", ""},
		"nothing that is sealed":               {Options{Signal: signal.Config{Relay: signal.RelaySealed}}, "", "signal.relay: RelaySealed"},
		"a public prefix without its slash":    {Options{PublicPrefix: "/app/_qwelp"}, "publicPrefix: not a path", ""},
		"a URL for a prefix":                   {Options{Prefix: "https://shop.example/_qwelp/"}, "prefix: not a path", ""},
		"no agents":                            {Options{}, "", ""}, // see below
		"an origin of assets with a path":      {Options{AssetOrigins: []string{"https://cdn.example/"}}, "assetOrigins[0]", ""},
		"a sender over plain HTTP from abroad": {Options{SenderURL: "http://cdn.example/sender.js"}, "senderURL", ""},
	} {
		var log logged
		c.options.Logger = slog.New(slog.NewTextHandler(&log, nil))
		if name != "no agents" {
			c.options.Signal.Agents = signal.AgentToken(agentToken)
		} else {
			c.logs = "signal.agents: nil"
		}
		_, err := New(c.options)
		if (err == nil) != (c.fails == "") || err != nil && (!strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "registered at") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: the error is %v, want %q", name, err, c.fails)
		}
		text := strings.ReplaceAll(log.String(), `\"`, `"`)
		if c.fails == "" && (strings.Count(text, "\n") != len(c.logs)/max(1, len(c.logs)) || !strings.Contains(text, c.logs)) {
			t.Errorf("%s: the log is %s, want %q", name, text, c.logs)
		}
	}
}

func TestThereMustBeAHandlerToWrap(t *testing.T) {
	m := mustNew(t, Options{})
	var mux *http.ServeMux
	var f http.HandlerFunc
	for name, h := range map[string]http.Handler{"nil": nil, "a nil mux": mux, "a nil function": f} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(p.(string), "http.DefaultServeMux") {
					t.Errorf("%s: got %v", name, p)
				}
			}()
			m.Wrap(h)
		}()
	}
	m.Wrap(http.NewServeMux())
}

func TestAPrefixThatHidesTheAppsFilesIsLoggedOnce(t *testing.T) {
	for prefix, want := range map[string]int{"/static/": 1, "/assets/js/": 1, "/_qwelp/": 0} {
		var log logged
		m := mustNew(t, Options{Prefix: prefix, Signal: signal.Config{Agents: signal.AgentToken(agentToken)}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		s := serverOf(t, m.Wrap(pageOf(document)))
		for _, name := range []string{"0123456789ab/auto.js", "current/index.js", "app.css", "img/logo.svg", "current/"} {
			ask(t, s, "GET "+prefix+name)
		}
		if got := strings.Count(log.String(), "Options.Prefix hides it"); got != want {
			t.Errorf("%s: the log is %s", prefix, log.String())
		}
	}
}

func TestTheConsoleSaysWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		agents signal.Authorizer
		want   string
	}{
		"no agents": {nil, "<code>Signal.Agents</code>"},
		"no token":  {signal.AgentToken(""), "no agent token"},
	} {
		s := serverOf(t, mustNew(t, Options{Signal: signal.Config{Agents: c.agents}}).Wrap(pageOf(document)))
		for _, path := range []string{"agent", "agent/", "agent/history"} {
			if got := ask(t, s, "GET /_qwelp/"+path); got.status != http.StatusUnauthorized || !strings.Contains(got.body, c.want) {
				t.Errorf("%s, %s: got %d, %s", name, path, got.status, got.body)
			}
		}
	}
}
