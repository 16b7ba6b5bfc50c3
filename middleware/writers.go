package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// The four sets of optional interfaces that net/http's writers and those of its usual wrappers have.

type plainWriter struct{ w *response }

func (p plainWriter) Header() http.Header         { return p.w.Header() }
func (p plainWriter) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p plainWriter) WriteHeader(status int)      { p.w.WriteHeader(status) }
func (p plainWriter) Unwrap() http.ResponseWriter { return p.w.rw }

type flushingWriter struct{ plainWriter }

func (f flushingWriter) Flush()            { f.w.Flush() }
func (f flushingWriter) FlushError() error { return f.w.FlushError() }

type http1Writer struct{ flushingWriter }

func (h http1Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.w.Hijack() }
func (h http1Writer) ReadFrom(r io.Reader) (int64, error)          { return h.w.ReadFrom(r) }

type http2Writer struct{ flushingWriter }

func (h http2Writer) Push(target string, o *http.PushOptions) error { return h.w.Push(target, o) }

func (w *response) flushing() http.ResponseWriter { return flushingWriter{plainWriter{w}} }
func (w *response) http1() http.ResponseWriter    { return http1Writer{flushingWriter{plainWriter{w}}} }
func (w *response) http2() http.ResponseWriter    { return http2Writer{flushingWriter{plainWriter{w}}} }

// wrapped tells whether a writer is one of ours: the middleware was applied twice.
func wrapped(rw http.ResponseWriter) bool {
	for {
		switch w := rw.(type) {
		case plainWriter, flushingWriter, http1Writer, http2Writer:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			rw = w.Unwrap()
		default:
			return false
		}
	}
}
