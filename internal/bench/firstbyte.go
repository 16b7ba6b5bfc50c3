package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// patience is how long a handler waits in the middle of its page for the tag to arrive.
const patience = 100 * time.Millisecond

// arrival is when things arrived, counted from the request. Zero: never.
type arrival struct{ first, tag time.Duration }

func ms(d time.Duration) string {
	if d == 0 {
		return "never"
	}
	return fmt.Sprintf("%.1f", float64(d)/1e6)
}

// firstBytes measures over loopback when the start of a page arrives whose handler flushes its head and then has to wait for the rest.
func firstBytes(p plan, out io.Writer) error {
	columns, among := []string{"ms until there is"}, streaming()
	rows := make([][]string, len(among))
	for i, c := range among {
		rows[i] = []string{c.name}
	}
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		fmt.Fprintln(p.log, "first byte", coding)
		columns = append(columns, cmp.Or(coding, "plain")+": a byte", "the tag")
		for i, c := range among {
			if coding != "" && c.accept != "" {
				rows[i] = append(rows[i], "", "")
				continue
			}
			a, err := medianArrival(c, coding, max(p.turns, 3))
			if err != nil {
				return fmt.Errorf("%s %s: %w", c.name, coding, err)
			}
			rows[i] = append(rows[i], ms(a.first), ms(a.tag))
			if c.marker == "" {
				rows[i][len(rows[i])-1] = ""
			}
		}
	}
	table(out, "Time to the first byte", columns, rows)
	fmt.Fprintf(out, "\nThe handler waits until the tag has arrived, or %v.\n", patience)
	return nil
}

// streaming returns who may be asked for a page that comes in two parts.
func streaming() []contestant {
	return slices.DeleteFunc(slices.Clone(contestants), func(c contestant) bool { return c.length || c.marker == "" && c.accept != "" })
}

func medianArrival(c contestant, coding string, n int) (arrival, error) {
	arrived := make(chan struct{}, 1)
	s := httptest.NewUnstartedServer(c.wrap(slowly(generate("", 20<<10).body, coding, arrived)))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	defer s.Close()
	var first, tag []time.Duration
	for range n {
		a, err := arrive(s, c, coding, arrived)
		if err != nil {
			return arrival{}, err
		}
		first, tag = append(first, a.first), append(tag, a.tag)
	}
	return arrival{median(first), median(tag)}, nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// slowly sends the head of a page, and the rest when something has arrived or patience is over.
func slowly(body []byte, coding string, arrived <-chan struct{}) http.Handler {
	end := bytes.Index(body, []byte("<div"))
	encoders := sync.Pool{New: func() any { return newEncoder(coding, io.Discard) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = htmlType
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		e := encoders.Get().(encoder)
		defer encoders.Put(e)
		e.Reset(w)
		e.Write(body[:end])
		e.Flush()
		http.NewResponseController(w).Flush()
		select {
		case <-arrived:
		case <-time.After(patience):
		}
		e.Write(body[end:])
		e.Close()
	})
}

// arrive asks for the page once.
func arrive(s *httptest.Server, c contestant, coding string, arrived chan struct{}) (a arrival, err error) {
	select {
	case <-arrived: // from a page before, whose handler had not waited
	default:
	}
	r := request(c, &page{coding: coding})
	r.URL = must(r.URL.Parse(s.URL))
	began := time.Now()
	response, err := s.Client().Transport.RoundTrip(r)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	if c.marker == "" {
		arrived <- struct{}{} // there is nothing else to wait for
	}
	body, in := io.Pipe()
	found := make(chan time.Duration, 1)
	go func() {
		found <- lookFor(c.marker, response.Header.Get("Content-Encoding"), body, func() time.Duration { return time.Since(began) }, arrived)
		io.Copy(io.Discard, body)
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := response.Body.Read(buffer)
		if n > 0 && a.first == 0 {
			a.first = time.Since(began)
		}
		in.Write(buffer[:n])
		if err != nil {
			in.CloseWithError(err) // bodies that break off are no error of ours
			a.tag = <-found
			return a, nil
		}
	}
}

// lookFor returns when marker has come out of the decoder, and says so.
func lookFor(marker, coding string, body io.Reader, now func() time.Duration, arrived chan<- struct{}) time.Duration {
	decoder, err := newDecoder(coding, body)
	if err != nil || marker == "" {
		return 0
	}
	var text []byte
	buffer := make([]byte, 32<<10)
	for {
		n, err := decoder.Read(buffer)
		text = append(text, buffer[:n]...)
		if bytes.Contains(text, []byte(marker)) {
			took := now()
			select {
			case arrived <- struct{}{}:
			default:
			}
			return took
		}
		if err != nil {
			return 0
		}
	}
}
