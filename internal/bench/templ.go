package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"

	templ "github.com/a-h/templ/cmd/templ/generatecmd/proxy"
)

const templSrc = "/_templ/reload/script.js"

// templProxy is the proxy of "templ generate --watch --proxy", in front of a handler in this process: there is no second connection.
func templProxy(next http.Handler) http.Handler {
	return templ.New(slog.New(slog.DiscardHandler), "127.0.0.1", 0, reach(next))
}

// proxyAlone is what templ's proxy is made of, without changing anything.
func proxyAlone(next http.Handler) http.Handler {
	p := httputil.NewSingleHostReverseProxy(reach(next))
	p.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	return p
}

// inProcess reaches handlers by made-up host names, and everything else over the network. templ's proxy uses http.DefaultTransport.
type inProcess struct {
	handlers sync.Map
	count    atomic.Int64
	network  http.RoundTripper
}

var handlers = &inProcess{network: http.DefaultTransport}

func init() { http.DefaultTransport = handlers }

// reach returns the address of next.
func reach(next http.Handler) *url.URL {
	host := fmt.Sprintf("handler-%d.invalid", handlers.count.Add(1))
	handlers.handlers.Store(host, next)
	return &url.URL{Scheme: "http", Host: host}
}

// RoundTrip lets the handler write while the proxy reads.
func (t *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	next, ok := t.handlers.Load(r.URL.Host)
	if !ok {
		return t.network.RoundTrip(r)
	}
	body, in := io.Pipe()
	w := &pipeWriter{header: http.Header{}, in: in, begun: make(chan int, 1)}
	go func() {
		defer func() {
			if p := recover(); p != nil {
				in.CloseWithError(fmt.Errorf("aborted: %v", p))
			}
		}()
		next.(http.Handler).ServeHTTP(w, r)
		w.WriteHeader(http.StatusOK)
		in.Close()
	}()
	status := <-w.begun
	length := int64(-1)
	if text := w.sent.Get("Content-Length"); text != "" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			length = n
		}
	}
	return &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: length, Request: r,
	}, nil
}

// pipeWriter is the response of a handler that somebody reads meanwhile.
type pipeWriter struct {
	header, sent http.Header
	in           *io.PipeWriter
	begun        chan int
	once         sync.Once
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.sent = w.header.Clone()
		w.begun <- status
	})
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	n, err := w.in.Write(p)
	if errors.Is(err, io.ErrClosedPipe) {
		return n, http.ErrHandlerTimeout
	}
	return n, err
}

// Flush has nothing to do: what is written is read at once.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }
