package webdriver

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// preferences of Firefox: any free port, addresses of this machine for data channels, no processes in advance.
const preferences = `user_pref("marionette.port", 0);
user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
user_pref("media.peerconnection.ice.loopback", true);
user_pref("dom.ipc.processPrelaunch.enabled", false);
`

// Firefox starts Firefox, the extended support release where it is installed.
func Firefox() (*Browser, error) {
	path, err := program("firefox-esr", "firefox")
	if err != nil {
		return nil, err
	}
	b := &Browser{Name: "firefox", picture: picture}
	if err := b.startFirefox(path); err != nil {
		b.Close()
		return nil, fmt.Errorf("firefox: %w", err)
	}
	return b, nil
}

func (b *Browser) startFirefox(path string) error {
	profile, err := b.folder()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(preferences), 0o600); err != nil {
		return err
	}
	cmd := exec.Command(path, "--headless", "--no-remote", "--marionette", "--profile", profile, "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	if err := b.start(cmd); err != nil {
		return err
	}
	var port []byte
	if err := until("its port", startup, func() bool {
		port, _ = os.ReadFile(filepath.Join(profile, "MarionetteActivePort"))
		return len(port) > 0
	}); err != nil {
		return err
	}
	conn, err := net.Dial("tcp", "127.0.0.1:"+strings.TrimSpace(string(port)))
	if err != nil {
		return err
	}
	b.ends = append(b.ends, func() { _ = conn.Close() })
	m := &marionette{conn: conn, in: bufio.NewReader(conn)}
	var hello struct{ MarionetteProtocol int }
	if err := m.read(&hello); err != nil {
		return err
	}
	if hello.MarionetteProtocol != 3 {
		return fmt.Errorf("it speaks version %d of Marionette, not 3", hello.MarionetteProtocol)
	}
	b.remote = m
	return b.begin(map[string]any{})
}

// marionette speaks the protocol of that name: lengths and JSON over TCP.
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
type marionette struct {
	mu   sync.Mutex
	conn net.Conn
	in   *bufio.Reader
	id   int
}

func (m *marionette) do(c command, params map[string]any) (json.RawMessage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.id++
	message, err := json.Marshal([]any{0, m.id, c.name, params})
	if err != nil {
		return nil, err
	}
	ctx, cancel := patience.Context(context.Background(), c.limit())
	defer cancel()
	_ = m.conn.SetDeadline(time.Time{})
	defer context.AfterFunc(ctx, func() { _ = m.conn.SetDeadline(time.Now()) })()
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(message), message); err != nil {
		return nil, err
	}
	for {
		var answer [4]json.RawMessage // its kind, which command it is to, the error, the result
		if err := m.read(&answer); err != nil {
			return nil, err
		}
		if string(answer[1]) != fmt.Sprint(m.id) {
			continue // it comes late
		}
		var failure *struct{ Error, Message string }
		if err := json.Unmarshal(answer[2], &failure); err != nil {
			return nil, err
		}
		if failure != nil {
			return nil, &Error{failure.Error, failure.Message}
		}
		var result struct{ Value *json.RawMessage }
		if err := json.Unmarshal(answer[3], &result); err == nil && result.Value != nil {
			return *result.Value, nil
		}
		return answer[3], nil
	}
}

// read reads a message: the number of its bytes, a colon, JSON.
func (m *marionette) read(message any) error {
	prefix, err := m.in.ReadString(':')
	if err != nil {
		return err
	}
	var length int
	if _, err := fmt.Sscanf(prefix, "%d:", &length); err != nil || length < 0 || length > 1<<28 {
		return errors.New("no length before a message")
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(m.in, text); err != nil {
		return err
	}
	return json.Unmarshal(text, message)
}

// picture is what the command for it returns.
func picture(p *Page) ([]byte, error) {
	answer, err := p.do(takeScreenshot, map[string]any{"full": false})
	if err != nil {
		return nil, err
	}
	var text string
	if err := json.Unmarshal(answer, &text); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
