package lab

import (
	"fmt"
	"strings"
	"time"
)

// Row is what came of one fault.
type Row struct {
	Fault   string
	Ends    string   // who the agent was
	Paths   []string // the link took, one after the other
	After   time.Duration
	Tally   Tally
	Framed  bool     // the agent tells of frames
	Against []string // what was wrong
}

// Table writes rows as a table in Markdown.
func Table(rows []Row) string {
	var b strings.Builder
	b.WriteString("| fault | agent | paths | live again after | longest standstill | frames lost | doubled | snapshots | wrong pictures |\n")
	b.WriteString("|---|---|---|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range rows {
		lost, doubled, snapshots := "–", "–", "–"
		if r.Framed {
			lost, doubled, snapshots = fmt.Sprint(r.Tally.Lost), fmt.Sprint(r.Tally.Doubled), fmt.Sprint(r.Tally.Snapshots)
		}
		paths := strings.Join(r.Paths, " → ")
		if len(r.Against) > 0 {
			paths += " **" + strings.Join(r.Against, "; ") + "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %d |\n",
			r.Fault, r.Ends, paths, seconds(r.After), seconds(r.Tally.Standstill), lost, doubled, snapshots, r.Tally.Disorderly)
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// Ways tells which way most of what the customer sent took, between two times that Traffic was asked: "direct", "TURN" over UDP, "TURN over TCP",
// "relay", or "" when it sent next to nothing.
func Ways(before, after map[Road]int) string {
	bytes := map[string]int{}
	for road, n := range after {
		if road.From != TheCustomer {
			continue
		}
		way := ""
		switch {
		case road.Protocol == UDP && road.To == TheAgent:
			way = "direct"
		case road.Protocol == UDP:
			way = "TURN"
		case road.Protocol == TCP && road.Port == TURNPort:
			way = "TURN over TCP"
		case road.Protocol == TCP && road.Port == WebPort:
			way = "relay"
		}
		bytes[way] += n - before[road]
	}
	most := ""
	for way, n := range bytes {
		if n >= leastBytes && n > bytes[most] {
			most = way
		}
	}
	return most
}

// leastBytes are fewer than what the counter page's frames take in half a second.
const leastBytes = 600
