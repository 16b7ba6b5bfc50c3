package templates_test

import (
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/sender/templates"
)

func ExampleFuncMap() {
	page := template.Must(template.New("page").Funcs(templates.FuncMap()).Parse(`<td {{qwelpRedact}}>{{.Balance}}</td> {{qwelpHide .SSN}}`))
	_ = page.Execute(os.Stdout, map[string]any{"Balance": 4711, "SSN": "<123>"})
	// Output: <td data-qwelp="redact">4711</td> <span data-qwelp="hide">&lt;123&gt;</span>
}

func TestEveryWordHasItsFunction(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`<p {{qwelpRedact}}>`, `<p data-qwelp="redact">`},
		{`<p class="a" {{qwelpUnredact}} id="b">`, `<p class="a" data-qwelp="unredact" id="b">`},
		{`<p {{qwelpHide}}></p>`, `<p data-qwelp="hide"></p>`},
		{`<p {{qwelpIgnore}}></p>`, `<p data-qwelp="ignore"></p>`},
		{`<p>{{qwelpRedact .}}</p>`, `<p><span data-qwelp="redact">&lt;a href=&#34;&amp;&#34;&gt;</span></p>`},
		{`{{. | qwelpUnredact}}`, `<span data-qwelp="unredact">&lt;a href=&#34;&amp;&#34;&gt;</span>`},
	} {
		var out strings.Builder
		err := template.Must(template.New("").Funcs(templates.FuncMap()).Parse(c.source)).Execute(&out, `<a href="&">`)
		if err != nil || out.String() != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.source, out.String(), err, c.want)
		}
	}
}

func TestHTMLStaysHTML(t *testing.T) {
	var out strings.Builder
	page := template.Must(template.New("").Funcs(templates.FuncMap()).Parse(`{{qwelpRedact .}}`))
	if err := page.Execute(&out, template.HTML("<b>x</b>")); err != nil || out.String() != `<span data-qwelp="redact"><b>x</b></span>` {
		t.Errorf("got %s, %v", out.String(), err)
	}
}

func TestTwoValuesAreAnError(t *testing.T) {
	page := template.Must(template.New("").Funcs(templates.FuncMap()).Parse(`{{qwelpRedact . .}}`))
	if err := page.Execute(&strings.Builder{}, 1); err == nil {
		t.Error("no error")
	}
}
