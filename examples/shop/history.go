package main

import (
	"crypto/rand"
	"database/sql"
	"errors"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs/memdb"

	"github.com/qwelp/qwelp-go/signal/history"
)

// openHistory keeps the history of sessions as long as the shop runs: in SQLite, in memory. An app gives its own database.
func openHistory() (*sql.DB, *history.History, error) {
	name := rand.Text()
	memdb.Create(name, nil) // stays while no connection is open, too
	db, err := driver.Open("file:/" + name + "?vfs=memdb")
	if err != nil {
		return nil, nil, err
	}
	h, err := history.New(history.Config{DB: db})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, h, nil
}
