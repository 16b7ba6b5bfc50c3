package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A React app in Vite's development server, which speaks over a WebSocket of its own with the page.
func TestADevelopmentServerBehindTheProxyReloadsHot(t *testing.T) {
	t.Parallel()
	const app = `import { useState } from "react";
export default function App() {
	const [n, set] = useState(0);
	return <main><h1>Orders</h1><button onClick={() => set(n + 1)}>{n} pieces</button></main>;
}
`
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("package.json", `{"type": "module"}`)
	write("vite.config.js", `import react from "@vitejs/plugin-react";
export default { plugins: [react()], cacheDir: ".vite", clearScreen: false }`)
	write("index.html", `<!doctype html><html lang="en"><head><title>Orders</title>`+noIcon+`</head>
<body><div id="root"></div><script type="module" src="/main.jsx"></script></body></html>`)
	write("main.jsx", `import { createRoot } from "react-dom/client"; import App from "./App.jsx"; createRoot(document.getElementById("root")).render(<App />)`)
	write("App.jsx", app)
	modules, err := filepath.Abs(filepath.Join("..", "..", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	s := startProxy(t, startVite(t, dir))
	p := support(t, s, "/")
	customer, agent := p.customer, p.agent
	customer.Click("button", "0 pieces")
	customer.WaitFor("button", "1 pieces")
	write("App.jsx", strings.Replace(app, "Orders", "Open orders", 1))
	customer.Wait(`document.querySelector("h1").textContent === "Open orders"`)
	if !customer.Has("button", "1 pieces") {
		t.Error("the page lost its state: it was loaded anew")
	}
	agent.Wait(inMirror(`doc.querySelector("h1").textContent === "Open orders"`))
	// Vite's page would turn to the server itself if there were no way through the proxy.
	customer.BeforeEachPage(listSockets)
	customer.Reload()
	customer.Wait(`sockets.length === 2 && sockets.every(socket => socket.readyState === 1 && new URL(socket.url).host === location.host)`)
	unharmed(t, customer)
}

// startVite starts Vite's development server and returns its address.
func startVite(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command("node", "node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", "0")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "Local:"); ok {
			go func() {
				for lines.Scan() {
				}
			}()
			return strings.TrimSuffix(strings.TrimSpace(address), "/")
		}
	}
	t.Fatal("vite printed no address: is it installed? npm ci")
	return ""
}

// A page with an import map, whose policy is as tight as one can get, and one with htmx, whose policy is nearly so.
func TestStrictPagesBehindTheProxyHaveSupport(t *testing.T) {
	t.Parallel()
	const (
		strict = `default-src 'none'; script-src 'nonce-r4' 'strict-dynamic'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'`
		start  = `<!doctype html><html lang="en"><head><title>Pieces</title><link rel="icon" href="/icon"><script nonce="r4" type="importmap">{"imports": {"greeting": "/greeting.js"}}</script>`
		end    = `<script nonce="r4" type="module">import { greet } from "greeting"; greet()</script></body></html>`
	)
	website := http.NewServeMux()
	page := func(path, policy, html string) {
		website.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, start+html+end)
		})
	}
	page("/typed", strict+`; require-trusted-types-for 'script'`, `</head><body><h1>Pieces</h1>`)
	page("/htmx", strict, `<meta name="htmx-config" content='{"includeIndicatorStyles": false}'></head><body><h1>Pieces</h1>
		<ul id="all"></ul><button hx-post="/more" hx-target="#all" hx-swap="beforeend">More</button><script nonce="r4" src="/npm/htmx.org/dist/htmx.min.js"></script>`)
	website.Handle("/npm/", pages{})
	website.Handle("/greeting.js", pages{"/greeting.js": `export const greet = () => document.body.append("greeted")`})
	website.HandleFunc("GET /icon", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	website.Handle("POST /more", http.NewCrossOriginProtection().Handler(pages{"/more": `<li>One more</li>`}))

	p := support(t, startSite(t, website, "-classic-loader"), "/htmx")
	p.customer.Wait(`document.body.textContent.includes("greeted")`)
	p.customer.Click("button", "More")
	p.agent.Wait(inMirror(`doc.querySelector("li")?.textContent === "One more"`))
	for _, s := range []*shop{p.shop, startSite(t, website)} {
		p.customer.Go(s.customer + "/typed")
		p.customer.Wait(`document.body.textContent.includes("greeted") && document.querySelector("qwelp-support")`)
	}
	p.customer.WaitFor("button", "Get support")
	unharmed(t, p.customer)
}
