package lab

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// variable of the environment tells a process what it is to be.
const variable = "QWELP_LAB"

// task is what a child process is to be: one of its fields.
type task struct {
	Server *ServerTask `json:",omitempty"`
	Agent  *AgentTask  `json:",omitempty"`
}

// RunChild is to be called first by the TestMain of tests that start children, since these are the same program. It does not return
// in a child.
func RunChild() {
	text := os.Getenv(variable)
	if text == "" {
		return
	}
	var t task
	err := json.Unmarshal([]byte(text), &t)
	switch {
	case err != nil:
	case t.Server != nil:
		err = t.Server.run(os.Stdin, os.Stdout)
	case t.Agent != nil:
		err = t.Agent.run(os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// process is a running child.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	log   log
	done  chan struct{} // closed when it has ended
}

// start starts a child, on a host unless that is nil. told gets every line of its standard output, one at a time.
func start(h *Host, t task, told func(line []byte)) (*process, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(self), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), variable+"="+string(text))
	p.cmd.Stderr = &p.log
	if h != nil {
		if err := h.Command(p.cmd); err != nil {
			return nil, err
		}
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			told(lines.Bytes())
		}
		_ = p.cmd.Wait() // the log tells
		close(p.done)
	}()
	return p, nil
}

// log is what a process has written to its standard error.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Broken tells whether the log of a process tells of a panic or a data race.
func Broken(log string) bool {
	return strings.Contains(log, "panic: ") || strings.Contains(log, "DATA RACE")
}
