package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// migrations make the tables, one version after the other. Once released they are never changed, only added to. Times are milliseconds since 1970; 0 or NULL is not yet.
var migrations = [][]string{{
	`CREATE TABLE qwelp_sessions (
		id TEXT PRIMARY KEY,
		started_at BIGINT NOT NULL,
		seen_at BIGINT NOT NULL,
		ended_at BIGINT,
		reason TEXT NOT NULL,
		told BIGINT NOT NULL,
		metadata TEXT NOT NULL,
		verified TEXT NOT NULL,
		pages BIGINT NOT NULL,
		forgotten BIGINT NOT NULL
	)`,
	`CREATE INDEX qwelp_sessions_started ON qwelp_sessions (started_at, id)`,
	`CREATE INDEX qwelp_sessions_ended ON qwelp_sessions (ended_at)`,
	`CREATE TABLE qwelp_agents (
		session_id TEXT NOT NULL,
		member TEXT NOT NULL,
		agent_id TEXT NOT NULL,
		name TEXT NOT NULL,
		joined_at BIGINT NOT NULL,
		left_at BIGINT,
		relay_ms BIGINT NOT NULL,
		channel_ms BIGINT NOT NULL,
		PRIMARY KEY (session_id, member)
	)`,
	`CREATE INDEX qwelp_agents_agent ON qwelp_agents (agent_id)`,
	`CREATE TABLE qwelp_pages (
		session_id TEXT NOT NULL,
		number BIGINT NOT NULL,
		visited_at BIGINT NOT NULL,
		path TEXT NOT NULL,
		PRIMARY KEY (session_id, number)
	)`,
	`CREATE TABLE qwelp_facts (
		session_id TEXT NOT NULL,
		verified BIGINT NOT NULL,
		fact TEXT NOT NULL,
		value TEXT NOT NULL,
		folded TEXT NOT NULL,
		told BIGINT NOT NULL,
		PRIMARY KEY (session_id, verified, fact, value)
	)`,
	`CREATE INDEX qwelp_facts_value ON qwelp_facts (fact, value)`,
	`CREATE TABLE qwelp_writers (
		writer TEXT PRIMARY KEY,
		batch BIGINT NOT NULL,
		seen_at BIGINT NOT NULL
	)`,
}, {
	`CREATE TABLE qwelp_notes (
		session_id TEXT NOT NULL,
		agent_id TEXT NOT NULL,
		name TEXT NOT NULL,
		note TEXT NOT NULL,
		noted_at BIGINT NOT NULL,
		PRIMARY KEY (session_id, agent_id)
	)`,
}}

// migrationLock is the number under which replicas take turns in Postgres.
const migrationLock = 7_119_536_112

// ready makes the tables, or brings them up to date, once.
func (h *History) ready(ctx context.Context) error {
	if h.migrated.Load() {
		return nil
	}
	select {
	case h.migrating <- struct{}{}:
		defer func() { <-h.migrating }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if h.migrated.Load() {
		return nil
	}
	err := h.guard(func() error { return h.migrate(ctx) })
	h.migrated.Store(err == nil)
	return err
}

func (h *History) migrate(ctx context.Context) (err error) {
	conn, err := h.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("history: connect: %w", err)
	}
	defer conn.Close()
	// A transaction of database/sql would not lock SQLite before it writes.
	begin := []string{"BEGIN IMMEDIATE"}
	if h.lang == Postgres {
		begin = []string{"BEGIN", fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", int64(migrationLock))}
	}
	for _, statement := range begin {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			rollBack(ctx, conn)
			return fmt.Errorf("history: lock: %w", err)
		}
	}
	if err := h.upgrade(ctx, conn); err != nil {
		rollBack(ctx, conn)
		return err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		rollBack(ctx, conn)
		return fmt.Errorf("history: make tables: %w", err)
	}
	return nil
}

// rollBack ends a transaction also when ctx is over: the next who gets the connection must not be in it.
func rollBack(ctx context.Context, conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
	defer cancel()
	_, _ = conn.ExecContext(ctx, "ROLLBACK") // who cannot do it has no transaction, or no connection
}

func (h *History) upgrade(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS qwelp_history (version BIGINT NOT NULL)`); err != nil {
		return fmt.Errorf("history: make tables: %w", err)
	}
	var version int
	if err := conn.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM qwelp_history`).Scan(&version); err != nil {
		return fmt.Errorf("history: read version: %w", err)
	}
	if version > len(migrations) {
		return errors.New("history: the tables are of a newer version of this package")
	}
	for i, statements := range migrations[version:] {
		statements = append(statements, fmt.Sprintf("INSERT INTO qwelp_history (version) VALUES (%d)", version+i+1))
		for _, statement := range statements {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("history: make tables: %w", err)
			}
		}
	}
	return nil
}

// guard turns a panic of the driver into an error.
func (h *History) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("history: the database driver panicked: %v", p)
		}
	}()
	return f()
}

// transact does f in a transaction.
func (h *History) transact(ctx context.Context, f func(t *sql.Tx) error) error {
	if err := h.ready(ctx); err != nil {
		return err
	}
	return h.guard(func() error {
		t, err := h.db.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("history: begin: %w", err)
		}
		defer t.Rollback() // after Commit it does nothing
		if err := f(t); err != nil {
			return err
		}
		if err := t.Commit(); err != nil {
			return fmt.Errorf("history: commit: %w", err)
		}
		return nil
	})
}
