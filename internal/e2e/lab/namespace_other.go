//go:build !linux

package lab

import (
	"net/netip"
	"os/exec"
)

type namespace struct{}

// Host fails with ErrUnsupported.
func (n *Network) Host(string, netip.Addr) (*Host, error) { return nil, ErrUnsupported }

// Move fails with ErrUnsupported.
func (h *Host) Move(netip.Addr) error { return ErrUnsupported }

// Command fails with ErrUnsupported.
func (h *Host) Command(*exec.Cmd) error { return ErrUnsupported }

// Browser fails with ErrUnsupported, unless h is nil: then the browser runs here.
func (h *Host) Browser(*exec.Cmd) error {
	if h == nil {
		return nil
	}
	return ErrUnsupported
}

func (h *Host) close() {}
