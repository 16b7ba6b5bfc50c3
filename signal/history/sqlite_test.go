package history_test

import (
	"database/sql/driver"
	"testing"
	"testing/synctest"

	"github.com/qwelp/qwelp-go/internal/historytest"
)

func TestHistoryOnSQLite(t *testing.T) {
	const conns = 1 // as many apps have it with SQLite
	historytest.Suite(t, conns, synctest.Test, func(t *testing.T) driver.Connector { return sqliteFile(t, "busy_timeout(5000)", "journal_mode(wal)") })
}
