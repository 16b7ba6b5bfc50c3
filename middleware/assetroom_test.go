package middleware

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal"
)

// origin answers for the servers of assets.
type origin func(*http.Request) *http.Response

func (o origin) RoundTrip(r *http.Request) (*http.Response, error) { return o(r), nil }

// image is an asset of a size. Its server does not say how large it is when hidden.
func image(size int, hidden bool) origin {
	return func(*http.Request) *http.Response {
		length := int64(size)
		if hidden {
			length = -1
		}
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"image/png"}}, ContentLength: length,
			Body: io.NopCloser(io.LimitReader(bytes.NewReader(make([]byte, size)), int64(size))),
		}
	}
}

// assetWorld is a middleware whose network is pipes, and so are the servers of assets.
type assetWorld struct {
	listener pipes
	room     *assetRoom
}

func inAssetWorld(t *testing.T, assets origin, test func(t *testing.T, w assetWorld)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := mustNew(t, Options{AssetOrigins: []string{"https://cdn.example"}, Signal: signal.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}})
		m.fetcher.client.Transport = assets
		server := &http.Server{Handler: m.Wrap(http.NotFoundHandler())}
		w := assetWorld{make(pipes), m.fetcher.room}
		go server.Serve(w.listener)
		test(t, w)
		close(w.listener)
		server.Close()
		if err := m.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// ask asks for an asset, from a network behind a proxy, and reads nothing.
func (w assetWorld) ask(t *testing.T, c net.Conn, network string) {
	t.Helper()
	_, err := fmt.Fprintf(c, "GET /_qwelp/asset?url=https://cdn.example/a.png HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: %s\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: empty\r\n\r\n", network)
	if err != nil {
		t.Error(err)
	}
}

// get reads an asset whole, and reports how many bytes came and how long it took.
func (w assetWorld) get(t *testing.T, c net.Conn, network string) (status, size int, took time.Duration) {
	t.Helper()
	begin := time.Now()
	w.ask(t, c, network)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, len(body), time.Since(begin)
}

func (w assetWorld) held() (bytes int) {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	for _, one := range w.room.writing {
		bytes += one.bytes
	}
	return bytes
}

func TestReadersThatReadNothingKeepNobodyFromAssets(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		for name, network := range map[string]func(i int) string{
			"of one network":   func(int) string { return "192.0.2.1" },
			"of many networks": func(i int) string { return fmt.Sprintf("198.51.100.%d", i) },
			"of a large one":   func(i int) string { return fmt.Sprintf("2001:db8:0:1::%x", i) },
		} {
			t.Run(fmt.Sprint(name, hidden), func(t *testing.T) {
				const scale = 16 // megabytes cost the race detector minutes
				inAssetWorld(t, image(maxAsset/scale, hidden), func(t *testing.T, w assetWorld) {
					w.room.bytesOfClient, w.room.bytesOfAll = assetBytesOfClient/scale, assetBytesOfAll/scale
					var stalled []net.Conn
					for i := range 24 {
						c := w.listener.dial("10.0.0.1:1")
						defer c.Close()
						w.ask(t, c, network(i))
						stalled = append(stalled, c)
					}
					synctest.Wait()
					if held := w.held(); held > w.room.bytesOfAll {
						t.Errorf("%d bytes are held", held)
					}
					for _, from := range []string{"192.0.2.1", "203.0.113.1"} { // in the network of the first, and elsewhere
						c := w.listener.dial("10.0.0.1:1")
						status, size, took := w.get(t, c, from)
						if status != http.StatusOK || size != maxAsset/scale || took > assetPatience/2 {
							t.Errorf("%s got %d, %d bytes, after %v", from, status, size, took)
						}
						c.Close()
					}
					time.Sleep(2 * (assetChunkTimeout + assetPatience))
					if held := w.held(); held != 0 {
						t.Errorf("%d bytes are held when all have been given up", held)
					}
					for _, c := range stalled {
						c.Close()
					}
				})
			})
		}
	}
}

func TestASlowReaderGetsTheWholeAsset(t *testing.T) {
	inAssetWorld(t, image(1<<20, false), func(t *testing.T, w assetWorld) {
		c := w.listener.dial("10.0.0.1:1")
		defer c.Close()
		w.ask(t, c, "192.0.2.1")
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for part := make([]byte, assetChunk); ; {
			n, err := io.ReadFull(res.Body, part)
			if size += n; err != nil {
				break
			}
			time.Sleep(assetChunkTimeout - time.Second)
		}
		if size != 1<<20 {
			t.Errorf("got %d bytes", size)
		}
		time.Sleep(time.Minute)
		if status, size, _ := w.get(t, c, "192.0.2.1"); status != http.StatusOK || size != 1<<20 { // the connection is as good as before
			t.Errorf("a second one: %d, %d bytes", status, size)
		}
	})
}

func TestServersOfAssetsThatAnswerSlowlyKeepNobodyElseWaitingForLong(t *testing.T) {
	inAssetWorld(t, func(r *http.Request) *http.Response {
		if r.URL.Path == "/a.png" {
			<-r.Context().Done()
		}
		return image(100, false)(r)
	}, func(t *testing.T, w assetWorld) {
		var conns []net.Conn
		for range 64 {
			c := w.listener.dial("10.0.0.1:1")
			w.ask(t, c, "192.0.2.1")
			conns = append(conns, c)
		}
		synctest.Wait()
		w.room.mu.Lock()
		running := w.room.running
		w.room.mu.Unlock()
		if running != assetsOfClient {
			t.Errorf("one network has %d of %d", running, assetsOfAll)
		}
		time.Sleep(assetPatience + assetTimeout)
		for _, c := range conns {
			c.Close()
		}
	})
}
