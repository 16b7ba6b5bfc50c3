package main

import (
	"container/list"
	"crypto/rand"
	"sync"
)

// visitor is what the shop knows of one browser. The slices in it are replaced, never written to, so a copy is a snapshot.
type visitor struct {
	Cart   cart
	Orders []order // newest first, at most maxOrders
	Name   string  // as logged in
	Note   string  // for the courier
	login  string  // what the login cookie must say; empty when logged out
}

// visitors keeps every visitor in memory, at most max of them: the one not heard of for longest is forgotten first.
// It is safe for concurrent use.
type visitors struct {
	mu   sync.Mutex
	max  int
	byID map[string]*list.Element // of *entry
	seen *list.List               // most recent first
}

type entry struct {
	id string
	visitor
}

func newVisitors(max int) *visitors {
	return &visitors{max: max, byID: make(map[string]*list.Element), seen: list.New()}
}

// look returns a snapshot of the visitor, the zero visitor when the id is unknown.
func (v *visitors) look(id string) visitor {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.byID[id]
	if !ok {
		return visitor{}
	}
	v.seen.MoveToFront(e)
	return e.Value.(*entry).visitor
}

// change runs f on the visitor, or on a new one when the id is unknown, and returns the visitor's id. Changes never run
// at the same time, and f must not call back.
func (v *visitors) change(id string, f func(*visitor)) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.byID[id]
	if !ok {
		// A made-up id is not taken over: ids are ours alone.
		id = rand.Text()
		e = v.seen.PushFront(&entry{id: id})
		v.byID[id] = e
	}
	v.seen.MoveToFront(e)
	f(&e.Value.(*entry).visitor)
	for v.seen.Len() > v.max {
		oldest := v.seen.Back()
		v.seen.Remove(oldest)
		delete(v.byID, oldest.Value.(*entry).id)
	}
	return id
}
