package middleware

import (
	"strings"
	"testing"
)

func TestNavigationsThatAServiceWorkerPassesOnGetTheTag(t *testing.T) {
	m := mustNew(t, Options{})
	const fragment = "<p>a part of a page</p>"
	for name, c := range map[string]struct {
		request string
		body    string
		fields  []string
		tag     bool
		vary    string
	}{
		"a navigation":                  {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate"}, true, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a form":                        {"POST /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate"}, true, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a page without tags":           {"GET /", "hello", []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate"}, true, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a script, of another origin":   {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors"}, false, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a script":                      {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: same-origin"}, false, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a script, without an answer":   {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: no-cors"}, false, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a prefetch":                    {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: no-cors", "Sec-Purpose: prefetch"}, true, "Sec-Fetch-Dest, Sec-Fetch-Mode, Sec-Purpose"},
		"a prefetch by a proxy":         {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Purpose: prefetch;anonymous-client-ip"}, true, "Sec-Fetch-Dest, Sec-Purpose"},
		"an old prefetch":               {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Purpose: prefetch"}, true, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a prefetch of a part":          {"GET /", fragment, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: no-cors", "Sec-Purpose: prefetch"}, false, ""},
		"a prerendered page":            {"GET /", document, []string{"Sec-Fetch-Mode: navigate", "Sec-Purpose: prefetch;prerender"}, true, "Sec-Fetch-Dest"},
		"a purpose that is another":     {"GET /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Purpose: preview"}, false, "Sec-Fetch-Dest, Sec-Fetch-Mode"},
		"a style sheet that is a page":  {"GET /", document, []string{"Sec-Fetch-Dest: style", "Sec-Fetch-Mode: navigate"}, false, "Sec-Fetch-Dest"},
		"a request that changes things": {"PUT /", document, []string{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: navigate"}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, wrapped := both(t, m, pageOf(c.body), c.request, c.fields...)
			if got := strings.Count(wrapped.body, plainTag(m)) == 1; got != c.tag {
				t.Errorf("tag: %v, want %v: %q", got, c.tag, wrapped.body)
			}
			if got := strings.Join(wrapped.header["Vary"], ", "); got != c.vary {
				t.Errorf("Vary is %q, want %q", got, c.vary)
			}
		})
	}
}
