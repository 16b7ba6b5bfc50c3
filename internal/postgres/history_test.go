package postgres

import (
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	"github.com/qwelp/qwelp-go/internal/historytest"
)

func TestHistoryOnPostgres(t *testing.T) {
	s := startServer(t)
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) {
			historytest.Suite(t, func(t *testing.T) func() *sql.DB { return s.fresh(t, driver) })
		})
	}
}
