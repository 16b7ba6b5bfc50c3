package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"
)

// programs is where Debian has them, and nobody else's PATH.
const programs = "/usr/lib/postgresql/*/bin"

// find gives the path of a program of Postgres.
func find(name string) (string, error) {
	if found, _ := filepath.Glob(filepath.Join(programs, name)); len(found) > 0 {
		return found[len(found)-1], nil
	}
	return exec.LookPath(name)
}

// server is a Postgres server of the test's own, with its data and its socket in a temporary folder: a port that is free now may be somebody's by the time it starts.
type server struct {
	t      *testing.T
	dir    string
	made   atomic.Int32
	become *syscall.SysProcAttr
	end    func() // kills it, as when the machine loses power
}

// startServer starts one, which ends with the test. Without Postgres it skips the test, but not in CI.
func startServer(t *testing.T) *server {
	t.Helper()
	initdb, err1 := find("initdb")
	postgres, err2 := find("postgres")
	if err1 != nil || err2 != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Postgres: scripts/need installs it as root on Debian")
		}
		t.Skip("there is no Postgres; on Debian: apt-get install --no-install-recommends postgresql")
	}
	// Not below t.TempDir, where another user may not go.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &server{t: t, dir: dir, become: nobodySpecial(t, dir)}
	if out, err := s.command(initdb, "-D", "data", "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.start(postgres)
	t.Cleanup(func() { s.end() })
	return s
}

func (s *server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.SysProcAttr = s.dir, s.become
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "LC_ALL=C.UTF-8", "PGDATA=")
	return cmd
}

// start starts the program postgres, also after an end, and waits until it answers.
func (s *server) start(postgres string) {
	s.t.Helper()
	var log bytes.Buffer
	cmd := s.command(postgres, "-D", "data", "-k", s.dir, "-h", "", "-p", "5432", "-c", "fsync=off", "-c", "max_connections=200")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.end = func() {
		cmd.Process.Signal(syscall.SIGQUIT) // at once
		cmd.Wait()
	}
	db := sql.OpenDB(s.connector(s.t, "pgx", "postgres"))
	defer db.Close()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for db.PingContext(ctx) != nil {
		if ctx.Err() != nil {
			s.end()
			s.t.Fatalf("Postgres does not start:\n%s", log.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// nobodySpecial gives what a program needs to run as the user postgres, who then owns dir: Postgres refuses to run as root.
func nobodySpecial(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// drivers are those that apps use, each with what makes a connector of an address.
var drivers = map[string]func(address string) (driver.Connector, error){
	"pgx": func(address string) (driver.Connector, error) {
		return stdlib.GetDefaultDriver().(driver.DriverContext).OpenConnector(address)
	},
	"pq": func(address string) (driver.Connector, error) { return pq.NewConnector(address) },
}

func (s *server) connector(t *testing.T, name, database string) driver.Connector {
	t.Helper()
	c, err := drivers[name](fmt.Sprintf("host='%s' port=5432 user=test dbname=%s sslmode=disable", s.dir, database))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open opens a database, until the test ends.
func (s *server) open(t *testing.T, name, database string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(s.connector(t, name, database))
	t.Cleanup(func() { db.Close() })
	return db
}

// fresh makes an empty database and gives its name.
func (s *server) fresh(t *testing.T) string {
	t.Helper()
	name := fmt.Sprint("fresh", s.made.Add(1))
	db := sql.OpenDB(s.connector(t, "pgx", "postgres"))
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return name
}
