// Package templates brings privacy into html/template: functions that mark what the sender must not tell an agent.
//
//	t := template.New("page").Funcs(templates.FuncMap())
//
//	<td {{qwelpRedact}}>{{.Balance}}</td>          the attribute data-qwelp="redact"
//	Social security number: {{qwelpRedact .SSN}}   the value in an element of its own
//
// They write nothing but the attribute that package sender documents at Privacy, which can as well be written by hand, in templates of
// any kind. It is a package of its own so that apps without html/template do not link it.
package templates

import (
	"fmt"
	"html/template"
	"strings"
)

// FuncMap returns the functions qwelpRedact, qwelpUnredact, qwelpHide and qwelpIgnore. Without an argument each gives the attribute, to be
// written inside a tag; with one, a span that has the attribute around the value, escaped as html/template would. They are safe for
// concurrent use.
func FuncMap() template.FuncMap {
	functions := template.FuncMap{}
	for _, word := range []string{"redact", "unredact", "hide", "ignore"} {
		functions["qwelp"+strings.ToUpper(word[:1])+word[1:]] = func(value ...any) (any, error) { return mark(word, value) }
	}
	return functions
}

func mark(word string, value []any) (any, error) {
	attribute := `data-qwelp="` + word + `"`
	switch len(value) {
	case 0:
		return template.HTMLAttr(attribute), nil
	case 1:
		text, ok := value[0].(template.HTML)
		if !ok {
			text = template.HTML(template.HTMLEscaper(value[0]))
		}
		return template.HTML("<span " + attribute + ">" + string(text) + "</span>"), nil
	}
	return nil, fmt.Errorf("templates: %d values to %s, want one or none", len(value), word)
}
