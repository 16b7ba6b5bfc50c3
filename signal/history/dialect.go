package history

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// Dialect is the SQL that a database speaks.
type Dialect string

// The dialects. SQLite from 3.35 on, Postgres from 12 on.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// dialectOf tells by the name of a driver's type: "*sqlite3.SQLiteDriver", "*sqlite.Driver", "*pq.Driver", "*stdlib.Driver" (pgx). "" is none of them.
func dialectOf(d driver.Driver) Dialect {
	name := strings.ToLower(fmt.Sprintf("%T", d))
	switch {
	case strings.Contains(name, "sqlite"):
		return SQLite
	case strings.Contains(name, "pq."), strings.Contains(name, "pgx"), strings.Contains(name, "postgres"), name == "*stdlib.driver":
		return Postgres
	}
	return ""
}

// bind gives a statement, whose parameters are question marks, in the dialect. No statement here has one in a text.
func (d Dialect) bind(query string) string {
	if d != Postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		n++
		b.WriteString(part)
	}
	return b.String()
}

// marks gives n parameters: "?, ?, ?".
func marks(n int) string { return rowsOf(n, "?") }

// rowsOf gives a row n times: "(?), (?)".
func rowsOf(n int, row string) string { return strings.TrimSuffix(strings.Repeat(row+", ", n), ", ") }
