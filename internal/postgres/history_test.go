package postgres

import (
	"database/sql/driver"
	"testing"

	"github.com/qwelp/qwelp-go/internal/historytest"
)

func TestHistoryOnPostgres(t *testing.T) {
	s := startServer(t)
	for name := range drivers {
		t.Run(name, func(t *testing.T) {
			historytest.Suite(t, 0, nil, func(t *testing.T) driver.Connector { return s.connector(t, name, s.fresh(t)) })
		})
	}
}
