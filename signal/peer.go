package signal

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/qwelp/qwelp-go/internal/trunk"
)

// Peer is how replicas reach each other, so that a link can be relayed whose customer and agent are connected to different ones. Packets go straight from
// one replica to the other, sealed from browser to browser as always, and never through the Broker.
type Peer struct {
	// Listen is the address of this replica for the others, such as "10.0.0.7:7443", in a network that they share and nobody else reaches.
	// Port 0 is any free one.
	Listen string

	// URL is how the others reach it, such as "http://10.0.0.7:7443" or, where something in between ends TLS, an https one. Default: Listen, where that names
	// an IP address.
	URL string

	// Secret is known to the replicas alone: 32 bytes or more, the same for all.
	Secret []byte

	// Networks are where other replicas may be; what the Broker names elsewhere is not dialled. Default: private addresses (RFC 1918, RFC 4193) and this machine's.
	Networks []netip.Prefix
}

// validate names fields as Config.validate does.
func (p *Peer) validate() (errs []error) {
	if p == nil {
		return nil
	}
	host, _, err := net.SplitHostPort(p.Listen)
	if err != nil {
		errs = append(errs, fmt.Errorf(`signal.peer.listen: %q: want an address such as "10.0.0.7:7443"`, p.Listen))
	}
	if addr, bad := netip.ParseAddr(host); p.URL == "" && err == nil && (bad != nil || addr.IsUnspecified()) {
		errs = append(errs, fmt.Errorf(`signal.peer.url: missing: how do other replicas reach %q? Such as "http://10.0.0.7:7443"`, p.Listen))
	}
	if u, err := url.Parse(p.URL); p.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "") {
		errs = append(errs, fmt.Errorf(`signal.peer.url: %q: want a URL such as "http://10.0.0.7:7443"`, p.URL))
	}
	if len(p.Secret) < trunk.MinSecret {
		errs = append(errs, fmt.Errorf("signal.peer.secret: %d bytes, want %d or more", len(p.Secret), trunk.MinSecret))
	}
	for i, network := range p.Networks {
		if !network.IsValid() {
			errs = append(errs, fmt.Errorf("signal.peer.networks[%d]: not a network", i))
		}
	}
	return errs
}

// listen starts to listen for other replicas; without Peer it does nothing.
func (s *Server) listen(p *Peer) error {
	if p == nil {
		return nil
	}
	node, err := trunk.Listen(p.Listen, trunk.Config{
		Replica: s.replica, Secret: p.Secret, Networks: p.Networks, MaxPacket: maxRelayed, Logger: s.log, Accept: s.trunks.accept,
	})
	if err != nil {
		return errors.Join(errors.New("signal.peer.listen"), err)
	}
	s.trunks.node, s.trunks.url = node, p.URL
	if p.URL == "" {
		s.trunks.url = "http://" + node.Addr().String()
	}
	return nil
}
