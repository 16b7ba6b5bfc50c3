package history_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/qwelp/qwelp-go/internal/historytest"
)

func TestHistoryOnSQLite(t *testing.T) {
	historytest.Suite(t, func(t *testing.T) func() *sql.DB {
		name := "file:" + filepath.Join(t.TempDir(), "history.db") + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(off)"
		return func() *sql.DB {
			db, err := sql.Open("sqlite3", name)
			if err != nil {
				t.Fatal(err)
			}
			db.SetMaxOpenConns(1) // as many apps have it with SQLite
			return db
		}
	})
}
