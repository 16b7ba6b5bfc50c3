// Package redistest starts Redis servers for tests, each a process of its own with its data in a temporary folder, and breaks connections to them.
package redistest

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long something that must happen may take.
const patience = 30 * time.Second

// Server is a Redis server, or a Sentinel.
type Server struct {
	Network, Address string // "unix" and a path, or "tcp" and host:port

	t    testing.TB
	args []string
	dir  string
	log  *bytes.Buffer
	cmd  *exec.Cmd
}

// Start starts a server that listens on a socket in its folder only: a port that is free now may be another program's by the time it starts. more is further configuration, as it
// would be on the command line. The server ends with the test. Without Redis it skips the test, but not in CI.
func Start(t testing.TB, more ...string) *Server {
	t.Helper()
	s := prepare(t)
	s.Network, s.Address = "unix", filepath.Join(s.dir, "socket")
	s.args = append([]string{"--port", "0", "--unixsocket", s.Address, "--save", "", "--appendonly", "no"}, more...)
	s.Start()
	return s
}

// StartAt starts a server that listens on an address of TCP, see Host.
func StartAt(t testing.TB, host, port string, more ...string) *Server {
	t.Helper()
	s := prepare(t)
	s.Network, s.Address = "tcp", net.JoinHostPort(host, port)
	s.args = append([]string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--protected-mode", "no",
		"--bind-source-addr", host, "--replica-announce-ip", host, "--cluster-announce-ip", host}, more...)
	s.Start()
	return s
}

// StartSentinel starts a Sentinel that watches a master.
func StartSentinel(t testing.TB, host, port, name string, master *Server, quorum int, downAfter time.Duration) *Server {
	t.Helper()
	s := prepare(t)
	s.Network, s.Address = "tcp", net.JoinHostPort(host, port)
	masterHost, masterPort, _ := net.SplitHostPort(master.Address)
	config := fmt.Sprintf("bind %[1]s\nport %[2]s\nprotected-mode no\nsentinel announce-ip %[1]s\nsentinel monitor %[3]s %[4]s %[5]s %[6]d\nsentinel down-after-milliseconds %[3]s %[7]d\n"+
		"sentinel failover-timeout %[3]s 5000\n", host, port, name, masterHost, masterPort, quorum, downAfter.Milliseconds())
	file := filepath.Join(s.dir, "sentinel.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	s.args = []string{file, "--sentinel"}
	s.Start()
	return s
}

// Host returns an address of the loopback network that no other test has, so that ports on it are free. It skips the test where only 127.0.0.1 works.
func Host(t testing.TB) string {
	t.Helper()
	var b [3]byte
	rand.Read(b[:])
	host := net.IPv4(127, 1+b[0]%250, b[1], 1+b[2]%250).String()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skip("this system has one loopback address only")
	}
	listener.Close()
	return host
}

func prepare(t testing.TB) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Redis: scripts/need installs it as root on Debian")
		}
		t.Skip("there is no Redis; on Debian: apt-get install --no-install-recommends redis-server")
	}
	dir, err := os.MkdirTemp("", "redis") // not t.TempDir, whose paths are too long for sockets
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir}
	t.Cleanup(func() {
		s.Kill()
		os.RemoveAll(dir)
	})
	return s
}

// Start starts the server again, after Kill, and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	s.log = new(bytes.Buffer)
	s.cmd = exec.Command("redis-server", s.args...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if answer, err := s.Do("PING"); err == nil && answer == "PONG" {
			return
		}
		if time.Now().After(end) {
			s.Kill()
			s.t.Fatalf("Redis does not start:\n%s", s.log)
		}
	}
}

// Kill ends the server as a crash does: what it held in memory is lost.
func (s *Server) Kill() {
	if s.cmd != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		s.cmd = nil
	}
}

// Freeze stops the server's process: its connections stay, and nothing is answered.
func (s *Server) Freeze() { s.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.cmd.Process.Signal(syscall.SIGCONT) }

// URL returns what a client connects to.
func (s *Server) URL() string {
	if s.Network == "unix" {
		return "unix://" + s.Address
	}
	return "redis://" + s.Address
}

// Command is Do for commands that must succeed.
func (s *Server) Command(args ...string) string {
	s.t.Helper()
	answer, err := s.Do(args...)
	if err != nil {
		s.t.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return answer
}

// Eventually waits until the answer of a command holds want.
func (s *Server) Eventually(want string, args ...string) {
	s.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		answer, err := s.Do(args...)
		if strings.Contains(answer, want) {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s: got %q, %v, want %q", strings.Join(args, " "), answer, err, want)
		}
	}
}
