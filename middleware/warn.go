package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// causes remembers what was logged, so that a busy app does not fill its log with one mistake.
type causes struct {
	mu   sync.Mutex
	seen map[string]bool
}

// What is remembered is bounded: parts of a cause, such as keys of metaData and paths, may come from customers.
const (
	maxCauses = 500
	maxRoutes = 50 // by which one cause is told apart
)

// isNew reports whether a cause comes for the first time. Beyond most none does.
func (c *causes) isNew(cause string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[cause] || len(c.seen) >= most {
		return false
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[cause] = true
	return true
}

// warn logs a message at a level, each cause once; after that it is for debugging only.
func (m *Middleware) warn(ctx context.Context, level slog.Level, cause, message string, args ...any) {
	if !m.causes.isNew(cause, maxCauses) {
		level = slog.LevelDebug
	}
	m.log.Log(ctx, level, message, args...)
}

// panicked logs that a function of the app has panicked, with the stack, once for each place in the code. It is for the deferred function that recovers.
func (m *Middleware) panicked(ctx context.Context, function, consequence string, p any, path string) {
	m.warn(ctx, slog.LevelError, function+" panicked at "+placeOfPanic(), "middleware: "+function+" panicked; "+consequence,
		"panic", fmt.Sprint(p), "path", path, "stack", string(debug.Stack()))
}

// placeOfPanic returns the line that panicked, for a deferred function.
func placeOfPanic() string {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	for panicked, more := false, true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if inRuntime := strings.HasPrefix(frame.Function, "runtime."); panicked && !inRuntime {
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
	}
	return ""
}

// routeName stands for all requests of r's route: its pattern, where the router says it, else its path without what looks like an ID.
func routeName(r *http.Request) string {
	if r.Pattern != "" && !strings.HasSuffix(r.Pattern, "/") {
		return r.Pattern
	}
	segments := strings.Split(r.URL.Path, "/")
	for i, segment := range segments {
		if len(segment) > 30 || strings.ContainsAny(segment, "0123456789") {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments[:min(len(segments), 5)], "/")
}
