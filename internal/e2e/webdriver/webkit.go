package webdriver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/qwelp/qwelp-go/internal/e2e/patience"
)

// WebKit starts MiniBrowser, the browser that WebKitGTK brings along, on a display of its own.
func WebKit() (*Browser, error) {
	driver, err := program("WebKitWebDriver")
	if err != nil {
		return nil, err
	}
	display, err := program("Xvfb")
	if err != nil {
		return nil, err
	}
	var browser string
	for _, pattern := range []string{"/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser", "/usr/lib/webkit2gtk-4.1/MiniBrowser"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			browser = found[0]
		}
	}
	if browser == "" {
		return nil, fmt.Errorf("WebKitGTK's MiniBrowser is not installed: make test says how to install it")
	}
	b := &Browser{Name: "webkit"}
	if err := b.startWebKit(driver, display, browser); err != nil {
		b.Close()
		return nil, fmt.Errorf("webkit: %w", err)
	}
	return b, nil
}

func (b *Browser) startWebKit(driver, display, browser string) error {
	dir, err := b.folder()
	if err != nil {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	// MiniBrowser ends with its display. Xvfb keeps what it shows in a file, see screen.
	xvfb := exec.Command(display, "-displayfd", "3", "-screen", "0", "3200x1200x24", "-nolisten", "tcp", "-fbdir", dir)
	xvfb.ExtraFiles = []*os.File{write}
	err = b.start(xvfb)
	_ = write.Close()
	if err != nil {
		return err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	_ = read.Close()
	if err != nil {
		return fmt.Errorf("no display: %w", err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := free.Addr().(*net.TCPAddr)
	_ = free.Close()
	cmd := exec.Command(driver, "--host=127.0.0.1", fmt.Sprintf("--port=%d", address.Port))
	cmd.Env = append(os.Environ(), "DISPLAY=:"+strings.TrimSpace(number), "HOME="+dir, "XDG_CACHE_HOME="+dir, "XDG_RUNTIME_DIR="+dir,
		"GDK_BACKEND=x11", "NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory",
		// It draws without a graphics card, and its sandbox does not take root.
		"LIBGL_ALWAYS_SOFTWARE=1", "WEBKIT_DISABLE_DMABUF_RENDERER=1", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1")
	if err := b.start(cmd); err != nil {
		return err
	}
	if err := until("WebKitWebDriver", startup, func() bool {
		conn, err := net.Dial("tcp", address.String())
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}); err != nil {
		return err
	}
	b.remote = &overHTTP{base: "http://" + address.String() + "/session"}
	b.picture = func(p *Page) ([]byte, error) { return screen(p, filepath.Join(dir, "Xvfb_screen0")) }
	return b.begin(map[string]any{"webkitgtk:browserOptions": map[string]any{"binary": browser, "args": []string{"--automation"}}})
}

// overHTTP sends commands as the standard has it.
type overHTTP struct{ base, session string }

func (h *overHTTP) do(c command, params map[string]any) (json.RawMessage, error) {
	url := h.base
	if h.session != "" {
		url += "/" + h.session
	}
	if id, ok := params["id"].(string); ok {
		c.path = strings.Replace(c.path, ":id", id, 1)
	}
	var body io.Reader
	if c.method == "POST" {
		text, err := json.Marshal(params)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	ctx, cancel := patience.Context(context.Background(), c.limit())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, c.method, url+c.path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		var failure struct{ Error, Message string }
		_ = json.Unmarshal(answer.Value, &failure)
		return nil, &Error{failure.Error, failure.Message}
	}
	return answer.Value, nil
}
