package turn

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/logging"
	pion "github.com/pion/turn/v5"
)

// selfSigned makes a certificate for 127.0.0.1, and a pool that trusts it.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{here.AsSlice()},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestHTTPSAndTURNShareOnePort(t *testing.T) {
	certificate, pool := selfSigned(t)
	port, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web, turn := Split(port, &tls.Config{Certificates: []tls.Certificate{certificate}})
	app := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.TLS != nil)
	})}
	served := make(chan error)
	go func() { served <- app.Serve(web) }()
	w := newWorld(t, func(c *Config) { c.TLS = []net.Listener{turn} })

	for want, transport := range map[string]*http.Transport{
		"HTTP/2.0 true": {TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true},
		"HTTP/1.1 true": {TLSClientConfig: &tls.Config{RootCAs: pool, NextProtos: []string{"http/1.1"}}},
	} {
		resp, err := (&http.Client{Transport: transport}).Get("https://" + port.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		transport.CloseIdleConnections()
		if string(body) != want {
			t.Errorf("got %q, want %q", body, want)
		}
	}
	dial := func(protocols ...string) *tls.Conn {
		conn, err := tls.Dial("tcp4", port.Addr().String(), &tls.Config{RootCAs: pool, NextProtos: protocols})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	unnamed := dial()
	fmt.Fprint(unnamed, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(unnamed), nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(resp.Body); string(body) != "HTTP/1.1 true" {
		t.Errorf("HTTP without ALPN: got %q", body)
	}

	credential := w.sender("1")
	for _, protocols := range [][]string{nil, {turnProtocol}} {
		conn := pion.NewSTUNConn(dial(protocols...))
		client, err := pion.NewClient(&pion.ClientConfig{
			TURNServerAddr: port.Addr().String(), Username: credential.Username, Password: credential.Credential, Conn: conn,
			LoggerFactory: &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Listen(); err != nil {
			t.Fatal(err)
		}
		relay, err := client.Allocate()
		if err != nil {
			t.Fatalf("TURN with ALPN %q: %v", protocols, err)
		}
		facing := w.relay("udp", agent, w.agent("1"))
		facing.WriteTo([]byte(hello), relay.LocalAddr())
		passes(t, relay, facing, facing.LocalAddr())
		relay.Close()
		client.Close()
		conn.Close()
	}

	app.Close()
	if err := <-served; err != http.ErrServerClosed {
		t.Error(err)
	}
	if _, err := turn.Accept(); err == nil {
		t.Error("TURN is accepted after the port was closed")
	}
}

func TestAHandshakeOnTheSharedPortMayNotTakeForEver(t *testing.T) {
	certificate, _ := selfSigned(t)
	client := &tls.Config{InsecureSkipVerify: true} // the test's own certificate
	for name, say := range map[string]func(conn net.Conn){
		"silence":                     func(net.Conn) {},
		"silence after the handshake": func(conn net.Conn) { tls.Client(conn, client).Handshake() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				port := newPipeListener()
				web, _ := Split(port, &tls.Config{Certificates: []tls.Certificate{certificate}})
				defer web.Close()
				conn := port.dial()
				defer conn.Close()
				start := time.Now()
				say(conn)
				io.Copy(io.Discard, conn)
				if got := time.Since(start); got != openTimeout {
					t.Errorf("closed after %v, want %v", got, openTimeout)
				}
			})
		})
	}
	t.Run("closing ends it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			port := newPipeListener()
			web, _ := Split(port, &tls.Config{Certificates: []tls.Certificate{certificate}})
			conn := port.dial()
			web.Close()
			if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("got %v", err)
			}
		})
	})
}

// pipeListener accepts pipes.
type pipeListener struct {
	*branch
}

func newPipeListener() pipeListener {
	return pipeListener{&branch{conns: make(chan net.Conn), closed: make(chan struct{}), addr: &net.TCPAddr{}}}
}

func (l pipeListener) dial() net.Conn {
	near, far := net.Pipe()
	l.conns <- far
	return near
}
