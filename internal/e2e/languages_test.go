package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/sender"
)

func TestTheDialogSpeaksThePagesLanguage(t *testing.T) {
	t.Parallel()
	page := func(lang string) string {
		return `<!doctype html><html lang="` + lang + `">` + noIcon + `<title>` + lang + `</title><h1>` + lang + `</h1>`
	}
	_, s, _ := served(t, middleware.Options{}, pages{"/de": page("de-AT"), "/ar": page("ar"), "/br": page("pt-BR"), "/en": page("en-US")})
	customer := browser.Open(t, 800, 600)
	customer.BeforeEachPage(open)
	loaded := func() bool {
		return browser.Eval[bool](customer, `performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/languages.js"))`)
	}
	for _, test := range []struct{ lang, button, start, end, promise string }{
		{"de", "Hilfe anfordern", "Sitzung starten", "Abbrechen", "Passwörter, Codes und Kartendaten bleiben verborgen. Den Rest der Seite kann der Mitarbeiter sehen."},
		{"ar", "طلب المساعدة", "بدء الجلسة", "إلغاء", "تبقى كلمات المرور والرموز وبيانات البطاقات مخفية. يمكن للموظف رؤية بقية الصفحة."},
		{"br", "Pedir ajuda", "Iniciar sessão de ajuda", "Cancelar", "Senhas, códigos e dados de cartão ficam ocultos. O atendente pode ver o resto da página."},
		{"en", "Get support", "Start session", "Cancel", "Passwords, codes and card details stay hidden. The agent can see the rest of the page."},
	} {
		customer.Go(s.customer + "/" + test.lang)
		customer.WaitFor("button", test.button)
		side := browser.Eval[string](customer, `(button => {
			const [icon, label] = [...button.children].map(child => child.getBoundingClientRect().left);
			return button.lang + (icon < label ? " ltr" : " rtl");
		})(document.querySelector("qwelp-support").shadowRoot.querySelector("button"))`)
		if want := map[string]string{"de": "de ltr", "ar": "ar rtl", "br": "pt-BR ltr", "en": "en ltr"}[test.lang]; side != want {
			t.Errorf("on a page in %s the button is %s, want %s", test.lang, side, want)
		}
		customer.Click("button", test.button)
		customer.Until("the promise in "+test.lang, func() bool { return strings.Contains(customer.Text(), test.promise) })
		customer.Screenshot("dialog-" + test.lang)
		customer.Click("button", test.start)
		customer.Until("a code in "+test.lang, func() bool { return len(digits(customer.Text())) >= 9 })
		customer.Screenshot("code-" + test.lang)
		if loaded() != (test.lang != "en") {
			t.Errorf("a page in %s has loaded the other languages: %v", test.lang, loaded())
		}
		customer.Click("button", test.end)
	}
	unharmed(t, customer)
}

func TestANameFromTheOtherSideTurnsNothingRound(t *testing.T) {
	t.Parallel()
	_, s, _ := served(t, middleware.Options{Settings: sender.Settings{Branding: sender.Branding{SupportMessage: "أهلا بك"}}, Routes: []middleware.Route{
		{Pattern: "/ar", Settings: sender.Settings{Branding: sender.Branding{Texts: sender.Texts{Viewing: "{agents} is with you", Resume: "Go on"}}}},
	}}, pages{"/": plain, "/ar": strings.Replace(plain, "en", "ar", 1)})
	customer, agent := browser.Open(t, 800, 600), browser.Open(t, 1000, 700)
	customer.BeforeEachPage(open)
	// The side from which a text is read, by the first and the last letter of its first line.
	side := func(selector string) string {
		return browser.Eval[string](customer, `(({ firstChild: text }) => {
			const at = i => {
				const range = new Range();
				range.setStart(text, i);
				range.setEnd(text, i + 1);
				return range.getBoundingClientRect();
			};
			const letters = [...text.data].flatMap((c, i) => /\p{L}/u.test(c) ? [at(i)] : []);
			const line = letters.filter(({ bottom }) => bottom <= letters[0].bottom + 5);
			return line[0].left < line.at(-1).left ? "ltr" : "rtl";
		})(document.querySelector("qwelp-support").shadowRoot.querySelector("`+selector+`"))`)
	}
	customer.Go(s.customer + "/")
	customer.Click("button", "Get support")
	customer.WaitFor("button", "Start session")
	if got := side(".lines p"); got != "rtl" {
		t.Errorf("the app's message is read %s", got)
	}
	customer.Click("button", "Start session")
	code := ""
	customer.Until("a code", func() bool { code = digits(strings.Join(customer.Texts("status", ""), "")); return len(code) == 9 })
	agent.Go(s.agent)
	agent.Fill("Your name", "أنا")
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	allow(customer)
	agent.Wait(inMirror(`doc.querySelector("h1") !== null`))
	customer.Until("the name", func() bool { return strings.Contains(customer.Text(), "\u2068أنا\u2069 is viewing this page") })
	if got := side(".words"); got != "ltr" {
		t.Errorf("who is viewing is read %s", got)
	}
	customer.Click("button", "Pause sharing")
	customer.Click("button", "Show details")
	if got := side(".lines p"); got != "ltr" {
		t.Errorf("who sees nothing is read %s", got)
	}
	customer.Screenshot("a-name-from-the-right")
	// The app's own words on a page in another language.
	customer.Go(s.customer + "/ar")
	customer.Click("button", "Go on")
	customer.Until("the app's words", func() bool { return strings.Contains(customer.Text(), "is with you") })
	if got := side(".words"); got != "ltr" {
		t.Errorf("the app's words are read %s", got)
	}
	customer.Screenshot("words-from-the-left")
	unharmed(t, customer)
}
