package agent_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/qwelp/qwelp-go/agent"
)

// A robot that joins a session and waits until the customer is on the checkout page.
func ExampleJoin() {
	ctx := context.Background()
	session, err := agent.Join(ctx, "https://shop.example", "123 456 789", agent.Options{Token: "the agent token", Name: "Robot"})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Leave(ctx)
	err = session.WaitFor(ctx, func(p *agent.Page) bool {
		return !p.Loading && strings.HasSuffix(p.URL, "/checkout")
	})
	if err != nil {
		log.Fatal(err)
	}
	page := session.Page()
	country, _ := page.Control("Country")
	fmt.Println(page.Title, country.Value)
}
