package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many connections ask a server at once.
const clients = 4

// servers measures whole servers, each in a process of its own, so that what the clients take does not count.
func servers(p plan, out io.Writer) error {
	for i, coding := range []string{"", "gzip", "br", "zstd"} {
		if i > 0 {
			fmt.Fprintln(out)
		}
		among := on(coding)
		if coding == "" {
			among = contestants
		}
		if err := serversOf(p, coding, among, out); err != nil {
			return err
		}
	}
	return nil
}

func serversOf(p plan, coding string, among []contestant, out io.Writer) error {
	pages := generated()
	running := make([]*server, len(among))
	rows := make([][]string, len(among))
	for i, c := range among {
		s, err := launch(c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		defer s.end()
		running[i], rows[i] = s, []string{c.name}
	}
	for number, page := range pages {
		fmt.Fprintln(p.log, "servers", page.name, coding)
		page.coding = coding
		least := make([]time.Duration, len(among))
		for range p.turns {
			for i, s := range running {
				took, err := s.cost(number, page, 4*p.batch)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", s.contestant.name, page.name, err)
				}
				if least[i] == 0 || took < least[i] {
					least[i] = took
				}
			}
		}
		for i := range rows {
			rows[i] = append(rows[i], micro(least[i]))
		}
	}
	table(out, "CPU µs per request of whole servers, "+cmp.Or(coding, "plain")+" pages", names("server", pages), rows)
	return nil
}

// serve is the process of one server. It prints its address, and its CPU time so far for every line it reads.
func serve(name string, in io.Reader, out io.Writer) error {
	c, ok := find(name)
	if !ok {
		return fmt.Errorf("-serve: no contestant is called %q", name)
	}
	all := http.NewServeMux()
	for i, page := range generated() {
		for _, coding := range append([]string{""}, c.codings...) {
			handler := sync.OnceValue(func() http.Handler { return c.wrap(page.in(coding).known(c.length)) })
			all.HandleFunc(path(coding, i), func(w http.ResponseWriter, r *http.Request) { handler().ServeHTTP(w, r) })
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &http.Server{Handler: all, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go s.Serve(listener)
	fmt.Fprintln(out, listener.Addr())
	for lines := bufio.NewScanner(in); lines.Scan(); {
		fmt.Fprintln(out, int64(cpuTime()))
	}
	return s.Close()
}

func path(coding string, page int) string { return "/" + strconv.Itoa(page) + "/" + coding }

// server is a process that runs serve.
type server struct {
	contestant contestant
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Reader
	origin     string
	client     http.RoundTripper
}

func launch(c contestant) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{contestant: c, cmd: exec.Command(program, "-serve", c.name), client: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: clients}}
	s.cmd.Stderr = os.Stderr
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.in, s.out = in, bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, s.end())
	}
	s.origin = "http://" + strings.TrimSpace(line)
	return s, nil
}

func (s *server) end() error {
	s.in.Close()
	return s.cmd.Wait()
}

func (s *server) cpuTime() (time.Duration, error) {
	if _, err := fmt.Fprintln(s.in); err != nil {
		return 0, err
	}
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	return time.Duration(n), err
}

// cost asks for a page again and again until the server has used about as much CPU time as wanted, and returns what one request took.
func (s *server) cost(number int, page *page, wanted time.Duration) (time.Duration, error) {
	if err := s.ask(number, page); err != nil { // the pools and connections fill
		return 0, err
	}
	for n := int64(2 * clients); ; n *= 4 {
		before, err := s.cpuTime()
		if err != nil {
			return 0, err
		}
		if err := s.askOften(number, page, n); err != nil {
			return 0, err
		}
		after, err := s.cpuTime()
		if err != nil {
			return 0, err
		}
		if after-before >= wanted/2 {
			return (after - before) / time.Duration(n), nil
		}
	}
}

func (s *server) askOften(number int, page *page, n int64) error {
	var left atomic.Int64
	left.Store(n)
	errs := make([]error, clients)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			for left.Add(-1) >= 0 && errs[i] == nil {
				errs[i] = s.ask(number, page)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (s *server) ask(number int, page *page) error {
	r := request(s.contestant, page)
	r.URL = must(r.URL.Parse(s.origin + path(page.coding, number)))
	response, err := s.client.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	n, err := io.Copy(io.Discard, response.Body)
	if err == nil && n == 0 {
		err = errors.New("an empty page")
	}
	return err
}
