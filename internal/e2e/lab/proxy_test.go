package lab

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

func TestTheProxyHoldsUpAndForgets(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go io.Copy(conn, conn)
		}
	}()
	p, err := StartProxy(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	connect := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp4", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	conn := connect()
	if err := exchange(conn, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	release := p.hold()
	if err := exchange(conn, soon); err == nil {
		t.Error("something passes although everything is held up")
	}
	release()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Errorf("what was held up does not come: %v", err)
	}
	p.Forget()
	if err := exchange(conn, soon); !timedOut(err) {
		t.Errorf("a forgotten connection tells %v, want silence", err)
	}
	if err := exchange(connect(), 5*time.Second); err != nil {
		t.Errorf("a new connection: %v", err)
	}
}

// exchange sends a byte and waits for the answer.
func exchange(conn net.Conn, within time.Duration) error {
	if err := conn.SetDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{1}); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	return err
}

const soon = 200 * time.Millisecond

func timedOut(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}
