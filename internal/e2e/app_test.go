package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/qwelp/qwelp-go/internal/e2e/browser"
	"github.com/qwelp/qwelp-go/internal/e2e/lab"
)

const token = "a-token-for-the-tests"

// binaries is where the examples are built.
var binaries = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "qwelp-e2e") })

// Each of these builds an example once; what benchmarks measure has no race detector in it.
var (
	shopBinary    = sync.OnceValues(func() (string, error) { return build("shop", "-race") })
	proxyBinary   = sync.OnceValues(func() (string, error) { return build("proxy", "-race") })
	clusterBinary = sync.OnceValues(func() (string, error) { return build("cluster", "-race") })
	quickShop     = sync.OnceValues(func() (string, error) { return build("shop") })
)

func build(example string, flags ...string) (string, error) {
	dir, err := binaries()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, example+strings.Join(flags, ""))
	build := exec.Command("go", slices.Concat([]string{"build"}, flags, []string{"-o", binary, "."})...)
	build.Dir = filepath.Join("..", "..", "examples", example) // which may be a module of its own
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, text)
	}
	return binary, nil
}

func TestMain(m *testing.M) {
	lab.RunChild()
	code := m.Run()
	closeBrowsers()
	browser.Quit()
	if dir, err := binaries(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// shop is a running examples/shop, or examples/proxy.
type shop struct {
	t        testing.TB
	cmd      *exec.Cmd
	customer string // URL without the last slash
	agent    string // URL with its token
	log      *strings.Builder
	done     chan struct{}
}

// startShop starts the shop as a newcomer does and reads the URLs it prints. addr "" is any free port.
func startShop(t testing.TB, addr string) *shop {
	t.Helper()
	built := shopBinary
	if _, measures := t.(*testing.B); measures {
		built = quickShop
	}
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return run(t, binary, addr)
}

// run starts an example with further arguments.
func run(t testing.TB, binary, addr string, more ...string) *shop {
	t.Helper()
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	args := append([]string{"-addr", addr, "-agent-token", token}, more...)
	s := &shop{t: t, cmd: exec.Command(binary, args...), log: &strings.Builder{}, done: make(chan struct{})}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for s.agent == "" && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimSpace(value); name {
		case "Customer":
			s.customer = strings.TrimSuffix(value, "/")
		case "Agent":
			s.agent = value
		}
	}
	go func() {
		for lines.Scan() {
		}
		s.cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(func() { s.stop(syscall.SIGTERM) })
	if s.agent == "" {
		t.Fatalf("it printed no URLs; its log:\n%s", s.log)
	}
	return s
}

// stop ends the shop with a signal and waits for its end.
func (s *shop) stop(signal os.Signal) {
	s.cmd.Process.Signal(signal)
	ended := func() bool {
		select {
		case <-s.done:
			return true
		default:
			return false
		}
	}
	if !browser.Holds(ended) {
		s.cmd.Process.Kill()
		<-s.done
		s.t.Errorf("the shop does not end by %v", signal)
	}
	if strings.Contains(s.log.String(), "DATA RACE") || strings.Contains(s.log.String(), "panic") {
		s.t.Errorf("the shop's log:\n%s", s.log)
	}
}

// addr is where the shop listens.
func (s *shop) addr() string {
	u, err := url.Parse(s.customer)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := net.SplitHostPort(u.Host); err != nil {
		s.t.Fatal(err)
	}
	return u.Host
}

// startSession has the customer start a session and returns the support code as it is shown.
func startSession(customer window) string {
	customer.Click("button", "Get support")
	customer.Click("button", "Start session")
	return supportCode(customer)
}

// supportCode returns the support code as the customer's dialog shows it.
func supportCode(customer window) (code string) {
	customer.Until("a support code", func() bool {
		for _, text := range customer.Texts("status", "") {
			if len(digits(text)) == 9 {
				code = text
			}
		}
		return code != ""
	})
	return code
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// join has the agent join with a code, and the customer agree to it.
func join(s *shop, customer, agent window, code string) {
	enter(s, agent, code)
	allow(customer)
}

// enter has the agent open the console and join with a code.
func enter(s *shop, agent window, code string) {
	agent.Go(s.agent)
	agent.Fill("Support code", code)
	agent.Click("button", "Join")
	agent.WaitFor("button", "End session")
}

// allow has the customer press "Allow", which counts when it has been there for a moment.
func allow(customer window) {
	customer.ClickUntilGone("button", "Allow")
}

// inMirror is JavaScript for the console page: expression is evaluated with doc the mirrored document, in the page that runs the mirror, which
// browsers isolate from the console's.
func inMirror(expression string) string {
	return `(() => {
		const doc = ` + browser.Mirrored + `;
		return doc ? (` + expression + `) : undefined;
	})()`
}

// pair is a customer and an agent in a session.
type pair struct {
	*shop
	customer, agent *browser.Page
	code            string
}

// connect brings a customer on a page of the shop and an agent together.
func connect(t testing.TB, path string) *pair {
	t.Helper()
	s := startShop(t, "")
	p := &pair{shop: s, customer: browser.Open(t, 1000, 700), agent: browser.Open(t, 1280, 900)}
	p.customer.Go(s.customer + path)
	p.code = startSession(p.customer)
	join(s, p.customer, p.agent, p.code)
	p.agent.Wait(inMirror(`doc.querySelector("main") !== null`))
	return p
}

// product is one of the shop's that comes in colours and sizes.
const product = "heath-throw"
