package redisbroker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

func TestConnectionsGoOverTLS(t *testing.T) {
	host, dir := redistest.Host(t), t.TempDir()
	roots := certificate(t, dir, host)
	redistest.Start(t, "--bind", host, "--tls-port", "6379", "--tls-auth-clients", "no",
		"--tls-cert-file", filepath.Join(dir, "cert"), "--tls-key-file", filepath.Join(dir, "key"), "--tls-ca-cert-file", filepath.Join(dir, "cert"))
	b := open(t, redisbroker.Options{URL: "rediss://" + host, TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	for name, o := range map[string]redisbroker.Options{
		"a certificate of nobody known": {URL: "rediss://" + host},
		"no TLS":                        {URL: "redis://" + host},
	} {
		if err := open(t, o).Check(t.Context()); err == nil {
			t.Errorf("%s: connected", name)
		}
	}
}

// certificate makes files cert and key for an address.
func certificate(t *testing.T, dir, host string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(host)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: cert}, "key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	return roots
}
