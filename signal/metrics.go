package signal

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

// MetricsType is the Content-Type of what WriteMetrics writes.
const MetricsType = "text/plain; version=0.0.4; charset=utf-8"

// WriteMetrics writes the figures of Stats, and how long calls of the Broker, joins and rounds take, in the text format of Prometheus
// (https://prometheus.io/docs/instrumenting/exposition_formats/). Names and labels stay as they are in all versions 0 and 1; labels come from fixed sets, and nobody is named. The error
// is that of w.
func (s *Server) WriteMetrics(w io.Writer) error {
	var m metrics
	n := s.Stats()
	m.gauge("qwelp_connections", "WebSockets of customers and agents that are open here.", float64(n.Connections))
	m.gauge("qwelp_sessions", "Sessions whose customer is connected here.", float64(n.Sessions))
	m.begin("qwelp_links", "Links of these customers to agents, by the way that they take.", "gauge")
	m.sample("qwelp_links", `path="channel"`, float64(n.ChannelLinks))
	m.sample("qwelp_links", `path="relay"`, float64(n.RelayLinks))
	m.gauge("qwelp_trunks", "Links that are relayed between this replica and another.", float64(n.Trunks))
	m.counter("qwelp_sessions_started_total", "Sessions that customers started.", n.Starts)
	m.results("qwelp_joins_total", "Support codes that agents gave.", map[string]uint64{"joined": n.Joins, "refused": n.RefusedGuesses, "unknown": n.JoinMisses})
	m.results("qwelp_resumes_total", "Members who asked for their place in a session again.", map[string]uint64{"gone": n.ResumeMisses, "resumed": n.Resumes})
	m.results("qwelp_messages_total", "Descriptions and candidates for another member.", map[string]uint64{"lost": n.MessagesLost, "passed": n.Messages - min(n.MessagesLost, n.Messages)})
	m.results("qwelp_packets_total", "Packets of relayed links.", map[string]uint64{"lost": n.PacketsLost, "passed": n.Packets})
	m.counter("qwelp_packet_bytes_total", "Bytes of relayed packets.", n.PacketBytes)
	m.begin("qwelp_connections_cut_total", "Connections closed because of what the client did.", "counter")
	m.sample("qwelp_connections_cut_total", `reason="flood"`, float64(n.Floods))
	m.sample("qwelp_connections_cut_total", `reason="slow"`, float64(n.SlowClients))
	m.counter("qwelp_unverified_total", "Signatures of metaData, and identities, that did not hold.", n.Unverified)
	m.begin("qwelp_broker_call_seconds", "How long calls of the broker take.", "histogram")
	for op, name := range brokerOps {
		m.histogram("qwelp_broker_call_seconds", `op="`+name+`"`, &s.times.broker[op].histogram)
	}
	m.begin("qwelp_broker_errors_total", "Calls of the broker that failed.", "counter")
	for op, name := range brokerOps {
		m.sample("qwelp_broker_errors_total", `op="`+name+`"`, float64(s.times.broker[op].failed.Load()))
	}
	m.begin("qwelp_join_seconds", "How long it takes to answer an agent who gives a support code.", "histogram")
	m.histogram("qwelp_join_seconds", "", &s.times.join)
	m.begin("qwelp_round_seconds", "How long the rounds take in which a replica looks after its sessions.", "histogram")
	m.histogram("qwelp_round_seconds", "", &s.times.round)
	_, err := w.Write(m.Bytes())
	return err
}

// times are how long things take.
type times struct {
	broker      brokerTimes
	join, round histogram
}

// metrics is text in the format of Prometheus.
type metrics struct{ bytes.Buffer }

func (m *metrics) begin(name, help, kind string) {
	fmt.Fprintf(m, "# HELP %[1]s %[2]s\n# TYPE %[1]s %[3]s\n", name, help, kind)
}

func (m *metrics) sample(name, labels string, value float64) {
	if labels != "" {
		name += "{" + labels + "}"
	}
	fmt.Fprintf(m, "%s %s\n", name, strconv.FormatFloat(value, 'g', -1, 64))
}

func (m *metrics) gauge(name, help string, value float64) {
	m.begin(name, help, "gauge")
	m.sample(name, "", value)
}

func (m *metrics) counter(name, help string, value uint64) {
	m.begin(name, help, "counter")
	m.sample(name, "", float64(value))
}

// results is a counter by what came of something.
func (m *metrics) results(name, help string, values map[string]uint64) {
	m.begin(name, help, "counter")
	for _, result := range slices.Sorted(maps.Keys(values)) {
		m.sample(name, `result="`+result+`"`, float64(values[result]))
	}
}

func (m *metrics) histogram(name, labels string, h *histogram) {
	with := func(le string) string {
		if labels == "" {
			return `le="` + le + `"`
		}
		return labels + `,le="` + le + `"`
	}
	var count uint64
	for i, bound := range bounds {
		count += h.buckets[i].Load()
		m.sample(name+"_bucket", with(strconv.FormatFloat(bound, 'g', -1, 64)), float64(count))
	}
	count += h.buckets[len(bounds)].Load()
	m.sample(name+"_bucket", with("+Inf"), float64(count))
	m.sample(name+"_sum", labels, float64(h.sum.Load())/1e9)
	m.sample(name+"_count", labels, float64(count))
}
