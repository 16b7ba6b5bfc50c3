package history_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3/driver"

	"github.com/qwelp/qwelp-go/middleware"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/history"
)

// An app gives the database that it has. Agents find their sessions at /_qwelp/agent/history.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "history")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := driver.Open("file:" + filepath.Join(dir, "app.db") + "?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	h, err := history.New(history.Config{DB: db, Keep: 30 * 24 * time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	q, err := middleware.New(middleware.Options{Signal: signal.Config{
		Agents:   signal.AgentToken("a long random token of your own"),
		Observer: h,
	}})
	if err != nil {
		log.Fatal(err)
	}
	app := q.Wrap(http.NewServeMux())

	r := httptest.NewRequest("GET", "/_qwelp/agent/history", nil)
	r.Header.Set("Authorization", "Bearer a long random token of your own")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	fmt.Println(w.Code)

	// At the end of the app: first the sessions, then what is to be written of them.
	if err := q.Shutdown(r.Context()); err != nil {
		log.Print(err)
	}
	if err := h.Close(r.Context()); err != nil {
		log.Print(err)
	}
	// Output: 200
}
