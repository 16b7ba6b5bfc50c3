package lab

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// device is the name of a host's only interface besides lo.
const device = "eth0"

// namespace is a network namespace without a name: it goes with the last process and descriptor that holds it.
type namespace struct {
	file *os.File
	work chan func()
}

// Host makes a host with an address. The error wraps ErrUnsupported where that is not possible at all.
func (n *Network) Host(name string, addr netip.Addr) (*Host, error) {
	space := &namespace{work: make(chan func())}
	made := make(chan error)
	var end io.ReadWriteCloser
	go func() {
		// The thread belongs to the namespace, so it ends with this goroutine.
		runtime.LockOSThread()
		var err error
		end, err = space.make()
		made <- err
		for f := range space.work {
			f()
		}
	}()
	if err := <-made; err != nil {
		close(space.work)
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	h := &Host{network: n, name: name, device: end, space: space}
	n.running.Go(func() { n.listen(h) })
	if err := h.Move(addr); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// Move gives the host another address at once; the zero Addr takes away the one it has. Packets from and to the old one are lost.
func (h *Host) Move(addr netip.Addr) error {
	h.network.attach(h, addr)
	return h.do(func() error {
		as4 := netip.IPv4Unspecified().As4() // takes the address away
		if addr.IsValid() {
			as4 = addr.As4()
		}
		if err := configure(device, unix.SIOCSIFADDR, func(r *unix.Ifreq) error { return r.SetInet4Addr(as4[:]) }); err != nil || !addr.IsValid() {
			return err
		}
		return addDefaultRoute()
	})
}

// Command has a command run on the host; it has not been started.
func (h *Host) Command(cmd *exec.Cmd) error {
	if cmd.Err != nil {
		return cmd.Err
	}
	enter, err := exec.LookPath("nsenter")
	if err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	cmd.Args = append([]string{enter, fmt.Sprintf("--net=/proc/%d/fd/%d", os.Getpid(), h.space.file.Fd()), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = enter
	return nil
}

// do runs f on a thread in the host's namespace.
func (h *Host) do(f func() error) error {
	done := make(chan error)
	h.space.work <- func() { done <- f() }
	return <-done
}

func (h *Host) close() {
	h.device.Close()
	close(h.space.work)
	h.space.file.Close()
}

// make puts this thread into a new namespace with a device, and returns the other end of that.
func (s *namespace) make() (io.ReadWriteCloser, error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("unshare: %w", err)
	}
	var err error
	if s.file, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())); err != nil {
		return nil, err
	}
	up := func(r *unix.Ifreq) error { r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING); return nil }
	err = configure("lo", unix.SIOCSIFFLAGS, up)
	var end *os.File
	if err == nil {
		end, err = openDevice()
	}
	if err == nil {
		err = configure(device, unix.SIOCSIFFLAGS, up)
	}
	if err != nil {
		if end != nil {
			end.Close()
		}
		s.file.Close()
		return nil, err
	}
	return end, nil
}

// openDevice makes the TUN device of this thread's namespace: what a process sends to it can be read from the file.
func openDevice() (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	request, err := unix.NewIfreq(device)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("TUNSETIFF: %w", err), unix.Close(fd))
	}
	return os.NewFile(uintptr(fd), "/dev/net/tun"), nil
}

// configure sets something of an interface of this thread's namespace (netdevice(7)).
func configure(name string, code uint, set func(*unix.Ifreq) error) error {
	request, err := unix.NewIfreq(name)
	if err == nil {
		err = set(request)
	}
	if err == nil {
		err = withSocket(func(fd int) error { return unix.IoctlIfreq(fd, code, request) })
	}
	if err != nil {
		return fmt.Errorf("configure %s: %w", name, err)
	}
	return nil
}

func withSocket(f func(fd int) error) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	return errors.Join(f(fd), unix.Close(fd))
}

// route is struct rtentry (route(7)).
type route struct {
	_                uintptr
	to, via, mask    unix.RawSockaddrInet4
	flags            uint16
	_                int16
	_, _             uintptr
	metric           int16
	device           *byte
	mtu, window      uintptr
	initialRoundTrip uint16
}

// addDefaultRoute sends everything out of the device: browsers look for the interface that leads to the Internet.
func addDefaultRoute() error {
	name, err := unix.BytePtrFromString(device)
	if err != nil {
		return err
	}
	any4 := unix.RawSockaddrInet4{Family: unix.AF_INET}
	r := route{to: any4, via: any4, mask: any4, flags: unix.RTF_UP, device: name}
	return withSocket(func(fd int) error {
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCADDRT, uintptr(unsafe.Pointer(&r))); errno != 0 {
			return fmt.Errorf("add a route: %w", errno)
		}
		return nil
	})
}

// Browser is Command for a browser, on no host but here when h is nil, which is killed when the thread that starts it ends: who starts it has to stay on that.
func (h *Host) Browser(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if h == nil {
		return nil
	}
	return h.Command(cmd)
}
