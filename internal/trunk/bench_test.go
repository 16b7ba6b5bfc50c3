package trunk

import (
	"fmt"
	"io"
	"net"
	"testing"
)

// There and back, over a trunk and over bare TCP. The second is the limit: what both cost is that of the system.
func BenchmarkRoundTrip(b *testing.B) {
	for _, size := range []int{1 << 10, 16 << 10} {
		b.Run(fmt.Sprintf("trunk/%d", size), func(b *testing.B) {
			one, two := start(b, "one", nil), start(b, "two", nil)
			here, err := one.Dial(b.Context(), two.url(), "two", pair, "conn", one.receive)
			if err != nil {
				b.Fatal(err)
			}
			there, packet := <-two.opened, make([]byte, size)
			for b.Loop() {
				if err := here.Send(packet); err != nil {
					b.Fatal(err)
				}
				<-two.got
				if err := there.Send(packet); err != nil {
					b.Fatal(err)
				}
				<-one.got
			}
		})
		b.Run(fmt.Sprintf("tcp/%d", size), func(b *testing.B) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer listener.Close()
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				for packet := make([]byte, size); ; {
					if _, err := io.ReadFull(conn, packet); err != nil {
						return
					}
					if _, err := conn.Write(packet); err != nil {
						return
					}
				}
			}()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			packet := make([]byte, size)
			for b.Loop() {
				if _, err := conn.Write(packet); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(conn, packet); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
