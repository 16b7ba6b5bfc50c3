package e2e

import (
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/middleware"
)

func TestTheDialogSpeaksThePagesLanguage(t *testing.T) {
	t.Parallel()
	page := func(lang string) string {
		return `<!doctype html><html lang="` + lang + `">` + noIcon + `<title>` + lang + `</title><h1>` + lang + `</h1>`
	}
	_, s, _ := served(t, middleware.Options{}, pages{"/de": page("de-AT"), "/ar": page("ar"), "/en": page("en-US")})
	customer := browser.Open(t, 800, 600)
	loaded := func() bool {
		return browser.Eval[bool](customer, `performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/languages.js"))`)
	}
	for _, test := range []struct{ lang, button, start, end, promise string }{
		{"de", "Hilfe anfordern", "Sitzung starten", "Sitzung beenden", "Passwörter und private Angaben bleiben verborgen."},
		{"ar", "طلب المساعدة", "بدء الجلسة", "إنهاء الجلسة", "تبقى كلمات المرور والبيانات الخاصة مخفية."},
		{"en", "Get support", "Start session", "End session", "Passwords and private details stay hidden."},
	} {
		customer.Go(s.customer + "/" + test.lang)
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
