package lab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// AgentTask is an agent in Go that reads the counter, for a child process. It leaves at the end of its standard input.
type AgentTask struct {
	URL         string // of the app
	Code        string // the support code
	Token       string
	Certificate []byte // of the app, in PEM
}

func (a AgentTask) run(in io.Reader, out io.Writer) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.Certificate)
	ctx, cancel := patience.Context(context.Background(), 30*time.Second)
	defer cancel()
	var (
		session *agent.Session
		err     error
		joined  = make(chan struct{})
		mu      sync.Mutex
		encode  = json.NewEncoder(out)
	)
	// Read and told at once, lest what was read first be told last.
	tell := func(frame []byte) {
		mu.Lock()
		defer mu.Unlock()
		r := read(session.Page())
		if r.Frame = frame != nil; r.Frame {
			r.Seq, r.Snapshot = head(frame)
		}
		_ = encode.Encode(r) // whoever started it is gone
	}
	session, err = agent.Join(ctx, a.URL, a.Code, agent.Options{
		Token: a.Token, Name: "Robot", TLS: &tls.Config{RootCAs: roots},
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		OnFrame: func(frame []byte) {
			<-joined
			tell(frame)
		},
	})
	if err != nil {
		return err
	}
	close(joined)
	go func() {
		loading := true
		_ = session.WaitFor(context.Background(), func(p *agent.Page) bool {
			if p.Loading != loading {
				loading = p.Loading
				tell(nil)
			}
			return false
		})
	}()
	left := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, in)
		close(left)
	}()
	select {
	case <-left:
		ctx, cancel := patience.Context(context.Background(), 5*time.Second)
		defer cancel()
		return session.Leave(ctx)
	case <-session.Done():
		return errors.Join(errors.New("the session is over"), session.Err())
	}
}

// head reads the sequence number of a frame, and whether it begins with a snapshot.
func head(frame []byte) (seq uint32, snapshot bool) {
	if len(frame) == 0 {
		return 0, false
	}
	number, size := binary.Uvarint(frame[1:])
	if size <= 0 {
		return 0, false
	}
	ops := frame[1+size:]
	return uint32(number), len(ops) > 0 && ops[0] == 1
}

// Robot is an AgentTask that runs.
type Robot struct {
	process *process

	mu       sync.Mutex
	readings []Reading
}

// StartRobot starts an agent on a host, nil: here.
func StartRobot(h *Host, t AgentTask) (*Robot, error) {
	r := &Robot{}
	var err error
	r.process, err = start(h, task{Agent: &t}, func(line []byte) {
		var told Reading
		if json.Unmarshal(line, &told) == nil {
			r.mu.Lock()
			r.readings = append(r.readings, told)
			r.mu.Unlock()
		}
	})
	return r, err
}

// Readings gives all it has read so far.
func (r *Robot) Readings() []Reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.readings)
}

// Over tells whether the agent has ended.
func (r *Robot) Over() bool {
	select {
	case <-r.process.done:
		return true
	default:
		return false
	}
}

// Stop has the agent leave and waits for its end.
func (r *Robot) Stop() {
	_ = r.process.stdin.Close()
	<-r.process.done
}

// Log gives what the agent has logged.
func (r *Robot) Log() string { return r.process.log.String() }
