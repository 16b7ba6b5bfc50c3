package main

import (
	"errors"
	"slices"
)

const (
	maxLines    = 30 // different things in a cart
	maxQuantity = 20 // of the same thing
)

var (
	errChoice   = errors.New("shop: this size or colour does not exist")
	errFullCart = errors.New("shop: the cart is full")
)

// line is one row of a cart: a product as chosen, and how many of it.
type line struct {
	Product      *product
	Size, Colour string
	Quantity     int
}

// Key tells the lines of a cart apart, and stays the same when the quantity changes.
func (l line) Key() string { return l.Product.ID + "|" + l.Size + "|" + l.Colour }

// Each is the price of one.
func (l line) Each() money {
	s, _ := l.Product.size(l.Size)
	return l.Product.PriceOf(s)
}

// Total is the price of all of the line.
func (l line) Total() money { return l.Each() * money(l.Quantity) }

// cart is what a visitor wants to buy. Its methods return a new cart and leave the old one alone.
type cart []line

// Count is the number of things.
func (c cart) Count() int {
	n := 0
	for _, l := range c {
		n += l.Quantity
	}
	return n
}

// Total is the price of everything, without delivery.
func (c cart) Total() money {
	var sum money
	for _, l := range c {
		sum += l.Total()
	}
	return sum
}

// with adds a line, or raises the quantity of the one that is the same thing, up to maxQuantity.
func (c cart) with(l line) (cart, error) {
	if _, ok := l.Product.size(l.Size); !ok || !slices.Contains(l.Product.Colours, l.Colour) {
		return c, errChoice
	}
	next := slices.Clone(c)
	i := slices.IndexFunc(next, func(o line) bool { return o.Key() == l.Key() })
	switch {
	case i >= 0:
		next[i].Quantity = clampQuantity(next[i].Quantity + l.Quantity)
	case len(next) >= maxLines:
		return c, errFullCart
	default:
		l.Quantity = clampQuantity(l.Quantity)
		next = append(next, l)
	}
	return next, nil
}

// withQuantity sets how many of a line there are; an unknown key changes nothing.
func (c cart) withQuantity(key string, quantity int) cart {
	next := slices.Clone(c)
	for i := range next {
		if next[i].Key() == key {
			next[i].Quantity = clampQuantity(quantity)
		}
	}
	return next
}

// without takes a line out; an unknown key changes nothing.
func (c cart) without(key string) cart {
	return slices.DeleteFunc(slices.Clone(c), func(l line) bool { return l.Key() == key })
}

func clampQuantity(n int) int { return min(max(n, 1), maxQuantity) }
