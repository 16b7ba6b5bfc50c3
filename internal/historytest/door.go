package historytest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
)

// Door is a database that can be broken: it stands before a real one. Its methods are safe for concurrent use.
type Door struct {
	real          driver.Connector
	before, after atomic.Value
}

// NewDoor stands before the database that a connector reaches. The door is open.
func NewDoor(real driver.Connector) *Door {
	d := &Door{real: real}
	d.Works()
	return d
}

// Works opens the door again.
func (d *Door) Works() {
	d.Breaks(func(string) error { return nil })
	d.LosesAnswers(func([]string) error { return nil })
}

// Breaks has how asked before every statement, "BEGIN" and "COMMIT" among them, and with "" before a connection; its error is what the client gets instead.
func (d *Door) Breaks(how func(query string) error) { d.before.Store(how) }

// LosesAnswers has how asked after every commit that went well, with the statements of the transaction; its error is what the client hears of it. History has several
// transactions at once: what it writes, and its tidying up. By the statements how knows whose answer it loses.
func (d *Door) LosesAnswers(how func(statements []string) error) { d.after.Store(how) }

// Open gives the database behind the door.
func (d *Door) Open() *sql.DB { return sql.OpenDB(d) }

func (d *Door) ask(query string) error { return d.before.Load().(func(string) error)(query) }

// Driver implements driver.Connector.
func (d *Door) Driver() driver.Driver { return d.real.Driver() }

// Connect implements driver.Connector.
func (d *Door) Connect(ctx context.Context) (driver.Conn, error) {
	if err := d.ask(""); err != nil {
		return nil, err
	}
	conn, err := d.real.Connect(ctx)
	return &doorConn{Conn: conn, door: d}, err
}

// doorConn has no more methods than these, so that database/sql does everything by them.
type doorConn struct {
	driver.Conn
	door       *Door
	statements []string // since the last Begin
}

func (c *doorConn) Prepare(query string) (driver.Stmt, error) {
	if err := c.door.ask(query); err != nil {
		return nil, err
	}
	c.statements = append(c.statements, query)
	return c.Conn.Prepare(query)
}

func (c *doorConn) Begin() (driver.Tx, error) {
	if err := c.door.ask("BEGIN"); err != nil {
		return nil, err
	}
	c.statements = nil
	t, err := c.Conn.(driver.ConnBeginTx).BeginTx(context.Background(), driver.TxOptions{})
	return doorTx{t, c}, err
}

type doorTx struct {
	driver.Tx
	conn *doorConn
}

func (t doorTx) Commit() error {
	if err := t.conn.door.ask("COMMIT"); err != nil {
		return err
	}
	if err := t.Tx.Commit(); err != nil {
		return err
	}
	return t.conn.door.after.Load().(func([]string) error)(t.conn.statements)
}
