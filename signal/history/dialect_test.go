package history

import "testing"

func TestParametersAreWrittenAsTheDialectHasThem(t *testing.T) {
	const query = "SELECT a FROM b WHERE c = ? AND d IN (?, ?)"
	for dialect, want := range map[Dialect]string{SQLite: query, Postgres: "SELECT a FROM b WHERE c = $1 AND d IN ($2, $3)"} {
		if got := dialect.bind(query); got != want {
			t.Errorf("%s: got %q, want %q", dialect, got, want)
		}
	}
	if got := marks(3); got != "?, ?, ?" {
		t.Errorf("got %q", got)
	}
}
