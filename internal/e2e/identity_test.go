package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
)

// What the app's server says of the customer, the agent sees as verified, also of a customer who logs in during the session; what a script of the page says is
// never taken for it.
func TestTheAgentSeesWhoHasLoggedIn(t *testing.T) {
	t.Parallel()
	p := connect(t, "/")
	says := func(lines string) {
		t.Helper()
		p.agent.Until(lines, func() bool {
			return strings.Contains(browser.Eval[string](p.agent, `[...document.querySelectorAll("#details dl > div")].map((item) => [...item.querySelectorAll("bdi, .tag, dd")].map((part) => part.textContent).join(" ")).join("\n")`), lines)
		})
	}
	says("cartItems ✓ verified 0")
	p.customer.Go(p.shop.customer + "/login")
	p.customer.Fill("Your name", "Ada")
	p.customer.Fill("Password", "demo")
	p.customer.Click("button", "Log in")
	says("customer ✓ verified Ada")
	// A script of the page may add to it, and contradict it, on a later page too.
	for _, path := range []string{"/", "/cart"} {
		p.customer.Go(p.shop.customer + path)
		browser.Eval[any](p.customer, api+`.then(({ startQwelpSession }) => void startQwelpSession({ metaData: { customer: "Eve", page: { at: "`+path+`" } } }))`)
		says("page › at unverified " + path)
		says("customer ✓ verified Ada")
		says("customer unverified Eve")
	}
	p.agent.Screenshot("identity")
	p.agent.Dark()
	p.agent.Resize(390, 844)
	p.agent.Screenshot("identity-phone-dark")
	for _, width := range []int64{1280, 1001, 640, 390, 320} {
		p.agent.Resize(width, 844)
		if out := browser.Eval[[]string](p.agent, `[...document.querySelectorAll(".bar button")].filter((button) => button.checkVisibility() && (button.getBoundingClientRect().right > innerWidth || button.getBoundingClientRect().left < 0)).map((button) => button.textContent)`); len(out) > 0 {
			t.Errorf("%d px: %q are out of the window", width, out)
		}
	}
	// A call a second is told; the last counts.
	browser.Eval[any](p.customer, api+`.then(({ startQwelpSession }) => { for (let n = 0; n <= 50; n++) startQwelpSession({ metaData: { n } }) })`)
	says("n unverified 50")
	p.agent.Reload()
	says("customer ✓ verified Ada")
	// On a phone the list would lie over the page; beside it, it is open unless it was closed, over reloads and for the next session, too.
	open := func(want bool) {
		t.Helper()
		p.agent.Wait(fmt.Sprintf(`document.querySelector("#details")?.checkVisibility() === %t && document.querySelector(".customer bdi").textContent === "Ada"`, want))
	}
	open(false)
	p.agent.Resize(1280, 900)
	for _, want := range []bool{true, false, true} {
		p.agent.Reload()
		open(want == true)
		p.agent.Click("button", "Customer data")
		open(!want)
	}
	p.agent.Reload()
	open(false)
}
