package history_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	sqlite "github.com/ncruces/go-sqlite3/driver"

	"github.com/qwelp/qwelp-go/internal/historytest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// newFaulty gives SQLite behind a door that can be broken.
func newFaulty(t testing.TB) (*historytest.Door, *sql.DB) {
	f := historytest.NewDoor(sqliteFile(t, "busy_timeout(5000)", "journal_mode(memory)"))
	db := f.Open()
	t.Cleanup(func() { db.Close() })
	return f, db
}

// sqliteFile is a new database in a file.
func sqliteFile(t testing.TB, pragmas ...string) driver.Connector {
	t.Helper()
	name := "file:" + filepath.Join(t.TempDir(), "history.db") + "?_pragma=" + strings.Join(append(pragmas, "synchronous(off)"), "&_pragma=")
	connector, err := (&sqlite.SQLite{}).OpenConnector(name)
	if err != nil {
		t.Fatal(err)
	}
	return connector
}

func newHistory(t testing.TB, db *sql.DB, log *strings.Builder) *history.History {
	t.Helper()
	h, err := history.New(history.Config{DB: db, Dialect: history.SQLite, Logger: slog.New(slog.NewTextHandler(&locked{w: log}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		h.Close(ctx)
	})
	return h
}

type locked struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func started(i int) signal.Event {
	return signal.Event{Kind: signal.EventStarted, Session: fmt.Sprint("S", i), Started: time.Now(), Time: time.Now()}
}

func flush(t testing.TB, h *history.History) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestWhatABrokenDatabaseMissedIsWrittenOnceItWorks(t *testing.T) {
	for name, how := range map[string]func(string) error{
		"dead":      func(string) error { return errors.New("no database") },
		"panicking": func(string) error { panic("a driver with a bug") },
	} {
		t.Run(name, func(t *testing.T) {
			f, db := newFaulty(t)
			f.Breaks(how)
			h := newHistory(t, db, &strings.Builder{})
			for i := range 100 {
				h.Observe(started(i))
			}
			for h.Stats().Failures < 2 {
				time.Sleep(time.Millisecond) // until it has tried
			}
			f.Works()
			flush(t, h)
			sessions, _, err := h.List(t.Context(), history.Filter{Limit: 500})
			if stats := h.Stats(); err != nil || len(sessions) != 100 || stats.Dropped != 0 {
				t.Errorf("%d sessions, %v, %+v", len(sessions), err, stats)
			}
		})
	}
}

func TestADatabaseThatHangsHoldsNobodyUpAndWhatIsLostIsCounted(t *testing.T) {
	inTime(t, func(t *testing.T, f *historytest.Door, db *sql.DB) { // or a slow machine gives up on the transaction that hangs
		release, hanging := make(chan struct{}), make(chan struct{}, 1000)
		f.Breaks(func(string) error { hanging <- struct{}{}; <-release; return nil })
		var log strings.Builder
		h := newHistory(t, db, &log)
		h.Observe(started(0))
		<-hanging
		const events = 6000
		for i := range events {
			h.Observe(started(i + 1)) // or the test never ends
		}
		stats := h.Stats()
		if stats.Dropped == 0 || int(stats.Dropped)+stats.Waiting > events+1 {
			t.Errorf("got %+v", stats)
		}
		f.Works()
		close(release)
		flush(t, h)
		if now := h.Stats(); now.Written+now.Dropped != events+1 || now.Written < 4096 {
			t.Errorf("got %+v after %+v", now, stats)
		}
		if n := strings.Count(log.String(), "events are lost"); n != 1 {
			t.Errorf("the log has %d lines about it", n)
		}
	})
}

func TestCloseGivesUpOnADatabaseThatIsGone(t *testing.T) {
	f, db := newFaulty(t)
	f.Breaks(func(string) error { return errors.New("no database") })
	h := newHistory(t, db, &strings.Builder{})
	h.Observe(started(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	h.Observe(started(2))
}

func TestNewTellsWhatIsMissing(t *testing.T) {
	if _, err := history.New(history.Config{}); err == nil || !strings.Contains(err.Error(), "DB") {
		t.Errorf("got %v", err)
	}
	_, db := newFaulty(t)
	if _, err := history.New(history.Config{DB: db, Dialect: "oracle"}); err == nil || !strings.Contains(err.Error(), "Dialect") {
		t.Errorf("got %v", err)
	}
}

// A session begins, is joined and ends while the database is dead, over real sockets.
func TestADeadDatabaseTouchesNoSession(t *testing.T) {
	f, db := newFaulty(t)
	f.Breaks(func(string) error { panic("dead") })
	h := newHistory(t, db, &strings.Builder{})
	s, err := signal.New(signal.Config{
		Observer: h, Logger: slog.New(slog.DiscardHandler),
		Agents: signal.AuthorizerFunc(func(*http.Request) (signal.Agent, error) { return signal.Agent{ID: "ann", Name: "Ann"}, nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Shutdown(context.Background())
		server.Close()
	})
	customer, agent := dial(t, server.URL, wire.RoleSender), dial(t, server.URL, wire.RoleAgent)
	customer.send(wire.Start{MetaData: map[string]any{"plan": "pro"}})
	place := read[wire.Started](customer)
	if !place.Visits {
		t.Error("the customer is not asked for pages")
	}
	customer.send(wire.Visit{Path: "/orders/4711?token=secret"})
	agent.send(wire.Join{Code: place.Code})
	joined := read[wire.Joined](agent)
	read[wire.MemberJoined](customer)
	customer.send(wire.Carried{Member: joined.Member, Path: wire.PathChannel})
	customer.send(wire.Tell{MetaData: map[string]any{"plan": "free"}})
	read[wire.Told](agent)
	customer.send(wire.End{})
	read[wire.Ended](agent)
	read[wire.Ended](customer)
	f.Works()
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	flush(t, h)
	sessions, _, err := h.List(t.Context(), history.Filter{})
	if err != nil || len(sessions) != 1 {
		t.Fatalf("got %+v, %v", sessions, err)
	}
	got := sessions[0]
	if got.ID != place.Session || got.Reason != wire.EndCustomer || got.MetaData["plan"] != "free" || len(got.Agents) != 1 || got.Agents[0].Name != "Ann" ||
		len(got.Pages) != 1 || got.Pages[0].Path != "/orders/:id" {
		t.Errorf("got %+v", got)
	}
}

type client struct {
	t  *testing.T
	ws *websocket.Conn
}

func dial(t *testing.T, url string, role wire.Role) client {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(url, "http"), http.Header{"Origin": {url}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	c := client{t, ws}
	c.send(wire.Hello{Versions: []int{wire.Version}, Role: role})
	read[wire.Welcome](c)
	return c
}

func (c client) send(m wire.Message) {
	c.t.Helper()
	data, err := wire.Encode(m)
	if err == nil {
		err = c.ws.WriteMessage(websocket.TextMessage, data)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// read gives the next M; what comes before is of no interest.
func read[M wire.Message](c client) M {
	c.t.Helper()
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			c.t.Fatal(err)
		}
		m, err := wire.Decode(data)
		if err != nil {
			c.t.Fatal(err)
		}
		if m, ok := m.(M); ok {
			return m
		}
	}
}
