package main

import (
	"database/sql"

	"github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/vfs/memdb"

	"github.com/qwelp/qwelp-go/signal/history"
)

// openHistory keeps the history of sessions as long as the shop runs: in SQLite, in memory. An app gives its own database.
func openHistory() (*sql.DB, *history.History, error) {
	db, err := driver.Open("file:/shop?vfs=memdb")
	if err != nil {
		return nil, nil, err
	}
	h, err := history.New(history.Config{DB: db})
	if err != nil {
		return nil, nil, err
	}
	return db, h, nil
}
