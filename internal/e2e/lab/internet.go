package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/netip"
	"time"
)

// Where the hosts are: addresses for documentation (RFC 5737), which no real network has.
var (
	ServerAddr   = netip.MustParseAddr("192.0.2.1")
	AgentAddr    = netip.MustParseAddr("192.0.2.20")
	CustomerAddr = netip.MustParseAddr("198.51.100.10")
	MobileAddr   = netip.MustParseAddr("203.0.113.77") // of the customer who has left the Wi-Fi
)

// addresses are the networks of these.
var addresses = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
}

// Names of the hosts.
const (
	TheServer   = "server"
	TheAgent    = "agent"
	TheCustomer = "customer"
)

// Internet is a network of three hosts.
type Internet struct {
	*Network
	Server, Agent, Customer *Host
}

// NewInternet makes a network with a server, an agent and a customer, who reach each other at once. The error wraps ErrUnsupported
// where that is not possible.
func NewInternet(seed uint64) (*Internet, error) {
	n := &Internet{Network: New(seed)}
	for _, h := range []struct {
		host **Host
		name string
		addr netip.Addr
	}{{&n.Server, TheServer, ServerAddr}, {&n.Agent, TheAgent, AgentAddr}, {&n.Customer, TheCustomer, CustomerAddr}} {
		var err error
		if *h.host, err = n.Host(h.name, h.addr); err != nil {
			n.Close()
			return nil, err
		}
	}
	return n, nil
}

// Certificate makes a certificate for a server at addr, and its private key, both in PEM.
func Certificate(addr netip.Addr) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{addr.AsSlice()}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}
