package main

import (
	"fmt"
	"slices"
	"strings"
)

// money is an amount in euro cents.
type money int

// String writes the amount as people read it: €1,234.50.
func (m money) String() string {
	whole := fmt.Sprint(int(m) / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("€%s.%02d", whole, int(m)%100)
}

// size is one size of a product; a larger one may cost Extra.
type size struct {
	Name    string
	Measure string // as the size guide says it
	Extra   money
}

// review is what a buyer wrote.
type review struct {
	Author string
	Stars  int // 1 to 5
	Text   string
}

// StarRow draws the stars.
func (r review) StarRow() string {
	return strings.Repeat("★", r.Stars) + strings.Repeat("☆", 5-r.Stars)
}

// product is a thing the shop sells. Products never change while the shop runs.
type product struct {
	ID, Name, Category string
	Image, Alt         string // the file under /static/img/ and what it shows
	Summary, Story     string
	Care               string
	Price              money
	Sizes              []size   // the first is the default
	Colours            []string // the first is the default
	Reviews            []review
}

// Stars is the average of the reviews, to one decimal.
func (p *product) Stars() string {
	sum := 0
	for _, r := range p.Reviews {
		sum += r.Stars
	}
	return fmt.Sprintf("%.1f", float64(sum)/float64(max(1, len(p.Reviews))))
}

// PriceOf is the price of one in that size.
func (p *product) PriceOf(s size) money { return p.Price + s.Extra }

// size finds a size by its name.
func (p *product) size(name string) (size, bool) {
	i := slices.IndexFunc(p.Sizes, func(s size) bool { return s.Name == name })
	if i < 0 {
		return size{}, false
	}
	return p.Sizes[i], true
}

// findProduct finds a product by its id; nil when there is none.
func findProduct(id string) *product {
	for i := range products {
		if products[i].ID == id {
			return &products[i]
		}
	}
	return nil
}

// filterProducts lists the products of a category ("" is all) whose text has every word of the search.
func filterProducts(category, search string) []*product {
	words := strings.Fields(strings.ToLower(search))
	var found []*product
	for i := range products {
		p := &products[i]
		text := strings.ToLower(p.Name + " " + p.Category + " " + p.Summary)
		missing := slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
		if (category == "" || category == p.Category) && !missing {
			found = append(found, p)
		}
	}
	return found
}

// categories lists every category once, in the order of the catalogue.
func categories() []string {
	var all []string
	for _, p := range products {
		if !slices.Contains(all, p.Category) {
			all = append(all, p.Category)
		}
	}
	return all
}
