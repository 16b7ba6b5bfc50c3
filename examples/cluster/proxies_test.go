package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/agent"
	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal/wire"
)

// snippet returns the block of a language in the guide.
func snippet(t *testing.T, language string) string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "deployment.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(guide)
	if block == nil {
		t.Fatalf("the guide has no %s", language)
	}
	return string(block[1])
}

// proxies are what the guide has a configuration for: how it becomes one that listens on a Unix socket, since any port may be taken a moment later, and how the
// program is run with it.
var proxies = map[string]struct {
	language string
	listen   func(config, socket, dir string) string
	command  func(file, dir string) []string
}{
	"nginx": {"nginx", func(config, socket, dir string) string {
		return fmt.Sprintf("daemon off; pid %[1]s/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;\n%[2]s}\n",
			dir, strings.Replace(config, "listen 80;", "listen unix:"+socket+";", 1))
	}, func(file, dir string) []string { return []string{"-p", dir, "-e", "stderr", "-c", file} }},
	"caddy": {"caddyfile", func(config, socket, _ string) string {
		return "{\n\tadmin off\n}\n" + strings.Replace(config, "shop.example {", "http:// {\n\tbind unix/"+socket, 1)
	}, func(file, _ string) []string { return []string{"run", "--adapter", "caddyfile", "--config", file} }},
	"haproxy": {"haproxy", func(config, socket, _ string) string {
		return strings.Replace(config, "bind :80", "bind "+socket, 1)
	}, func(file, _ string) []string { return []string{"-db", "-f", file} }},
}

// startProxy runs a proxy in front of replicas, and returns the origin by which browsers reach it.
func startProxy(t *testing.T, name string, replicas ...*replica) (origin string) {
	t.Helper()
	proxy := proxies[name]
	program, err := exec.LookPath(name)
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		t.Fatal(name + " is not installed: make test says how to install it")
	}
	dir := t.TempDir()
	socket, file := filepath.Join(dir, "s"), filepath.Join(dir, "config")
	config := snippet(t, proxy.language)
	for i, r := range replicas {
		config = strings.Replace(config, fmt.Sprintf("127.0.0.1:808%d", i+1), strings.TrimPrefix(r.origin, "http://"), 1)
	}
	if err := os.WriteFile(file, []byte(proxy.listen(config, socket, dir)), 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(program, proxy.command(file, dir)...)
	cmd.Env = append(os.Environ(), "HOME="+dir)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		<-ended
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			break
		}
		select {
		case <-ended:
			t.Fatalf("%s ends at once", name)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return forward(t, socket)
}

// forward lets clients of TCP reach a Unix socket.
func forward(t *testing.T, socket string) (origin string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", socket)
			if err != nil {
				near.Close()
				continue
			}
			for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
				go func() {
					io.Copy(pair[0], pair[1])
					near.Close()
					far.Close()
				}()
			}
		}
	}()
	return "http://" + listener.Addr().String()
}

// Each configuration of the guide carries a session whose ends are on either replica, and finds out when one is gone.
func TestASessionRunsBehindTheProxiesOfTheGuide(t *testing.T) {
	redis := redistest.Start(t)
	for name := range proxies {
		t.Run(name, func(t *testing.T) {
			one, two := start(t, redis), start(t, redis)
			front := &replica{origin: startProxy(t, name, one, two)}
			first := connect(t, front)
			first.send(wire.Start{})
			started := expect[wire.Started](first)
			ana, err := agent.Join(t.Context(), front.origin, started.Code, agent.Options{Token: token, Name: "Ana"})
			if err != nil {
				t.Fatal(err)
			}
			defer ana.Leave(t.Context())
			joined := expect[wire.MemberJoined](first).Member
			if joined.Relay != wire.RelayAll {
				t.Errorf("the agent is reached over %q", joined.Relay)
			}
			first.send(wire.Description{To: joined.ID, Link: "a.0", Kind: wire.Offer, SDP: offer})
			if answer := expect[wire.Description](first); answer.From != joined.ID {
				t.Errorf("the answer is %+v", answer)
			}
			page, err := http.Get(front.origin + "/")
			if err != nil {
				t.Fatal(err)
			}
			page.Body.Close()
			if page.StatusCode != http.StatusOK {
				t.Errorf("a page: %s", page.Status)
			}
			first.send(wire.End{})
			expect[wire.Ended](first)
		})
	}
}
