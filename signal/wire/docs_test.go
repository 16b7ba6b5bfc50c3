package wire_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func protocolDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheProtocolDocumentNamesEveryMessageAndItsFields(t *testing.T) {
	doc := protocolDocument(t)
	for name, m := range wire.MessageValues() {
		var fields []string
		for f := range reflect.TypeOf(m).Fields() {
			tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if options != "" {
				tag += "?"
			}
			fields = append(fields, tag)
		}
		list := strings.Join(fields, ", ")
		if list == "" {
			list = "–"
		}
		row := regexp.MustCompile("(?m)^\\| `" + name + "` \\| [^|]+ \\| " + regexp.QuoteMeta(list) + " \\| ")
		if !row.MatchString(doc) {
			t.Errorf("no row for %s with the fields %s", name, list)
		}
	}
}

func TestTheProtocolDocumentNamesEveryOperationAndItsFields(t *testing.T) {
	doc := protocolDocument(t)
	kinds := map[string]string{"NodeID": "node", "uint32": "uint", "int32": "int", "[]uint8": "bytes", "[]string": "strings", "[]uint32": "uints"}
	for i, op := range wire.Ops() {
		var fields []string
		for f := range reflect.TypeOf(op).Fields() {
			name := strings.ToLower(f.Name[:1]) + f.Name[1:]
			if f.Name == strings.ToUpper(f.Name) && len(f.Name) > 1 {
				name = strings.ToLower(f.Name)
			}
			kind := f.Type.String()
			if f.Type.Name() != "" {
				kind = f.Type.Name()
			}
			if k, ok := kinds[kind]; ok {
				kind = k
			}
			fields = append(fields, name+" "+kind)
		}
		list := strings.Join(fields, ", ")
		if list == "" {
			list = "–"
		}
		row := fmt.Sprintf("\n| %d | `%s` | %s | ", i+1, describe(op)[0], list)
		if !strings.Contains(doc, row) {
			t.Errorf("no row %q", row)
		}
	}
}

func TestTheProtocolDocumentNamesEveryCode(t *testing.T) {
	doc := protocolDocument(t)
	for _, code := range wire.Values("ErrorCode") {
		if !strings.Contains(doc, "\n| `"+code+"` | ") {
			t.Errorf("no row for the error code %s", code)
		}
	}
	for _, set := range []string{"Role", "EndReason", "ResyncReason"} {
		for _, value := range wire.Values(set) {
			if !strings.Contains(doc, "`"+value+"`") {
				t.Errorf("no word about the %s %s", set, value)
			}
		}
	}
	for name, code := range map[string]int{
		"CloseSlow": wire.CloseSlow, "CloseBadMessage": wire.CloseBadMessage, "CloseAuth": wire.CloseAuth, "CloseReplaced": wire.CloseReplaced,
		"CloseEnded": wire.CloseEnded, "CloseTooMany": wire.CloseTooMany, "CloseVersion": wire.CloseVersion,
	} {
		if !strings.Contains(doc, fmt.Sprintf("\n| %d | %s | ", code, name)) {
			t.Errorf("no row for the close code %d, %s", code, name)
		}
	}
}

func TestTheProtocolDocumentNamesTheLimits(t *testing.T) {
	doc := strings.Join(strings.Fields(protocolDocument(t)), " ")
	for _, text := range []string{
		fmt.Sprintf("Version %d.", wire.Version),
		fmt.Sprintf("subprotocol `%s`", wire.Subprotocol),
		fmt.Sprintf("of at most %d KiB, nested at most %d deep", wire.MaxMessageBytes>>10, wire.MaxDepth),
		fmt.Sprintf("A packet is at most %d KiB", wire.MaxPacketBytes>>10),
		fmt.Sprintf("%d KiB over the relay", wire.MaxRelayBytes>>10),
		fmt.Sprintf("a frame at most %d MiB", wire.MaxFrameBytes>>20),
		fmt.Sprintf("At most %d strings are remembered, of at most %d UTF-16 units", wire.MaxInterned, wire.MaxInternedChars),
		fmt.Sprintf("Lists have at most %d items", wire.MaxListItems),
		fmt.Sprintf("%d `control` and %d `frames`, ordered and reliable, and %d `pointer`", wire.ChannelControl, wire.ChannelFrames, wire.ChannelPointer),
		fmt.Sprintf("| %d | frame |", wire.PacketFrame),
		fmt.Sprintf("| %d | more |", wire.PacketMore),
		fmt.Sprintf("| %d | packed |", wire.PacketPacked),
		fmt.Sprintf("| %d | control |", wire.PacketControl),
		fmt.Sprintf("| %d | pointer |", wire.PacketPointer),
		fmt.Sprintf("| %d | ack |", wire.PacketAck),
		fmt.Sprintf("| %d | from |", wire.PacketFrom),
		fmt.Sprintf("| control messages | both | %v | %v |", wire.ControlRate, wire.ControlBurst),
		fmt.Sprintf("| acknowledgements, and boxes that do not open | both | %v | %v |", wire.AckRate, wire.AckBurst),
		fmt.Sprintf("other channels than it should | both | %v | %v |", wire.MalformedRate, wire.MalformedBurst),
		fmt.Sprintf("| `resync` of the page | agent | %v | %v |", wire.ResyncRate, wire.ResyncBurst),
		fmt.Sprintf("| bytes of packets | agent | %v KiB | %v MiB |", wire.AgentRate, wire.AgentBurst/1024),
		fmt.Sprintf("a new link | agent | %v | %v |", wire.ConnectionRate, wire.ConnectionBurst),
		fmt.Sprintf("| frames and chunks | sender | %v | %d |", wire.FrameRate, int(wire.FrameBurst)),
		fmt.Sprintf("| bytes of frames, decompressed | sender | %v MiB | %v MiB |", wire.DataRate, wire.DataBurst),
		fmt.Sprintf("| pointer moves | sender | %v | %v |", wire.PointerRate, wire.PointerBurst),
		fmt.Sprintf("| moves of the laser | agent | %v | %v |", wire.LaserRate, wire.LaserBurst),
		fmt.Sprintf("at most %d marks of an agent with %d points together, no coordinate beyond %d", wire.MaxMarks, wire.MaxMarkPoints, wire.MaxMarkValue),
		fmt.Sprintf("`laser` packet: %d bytes", len(wire.AppendLaser(nil, wire.LaserMove{}))),
		fmt.Sprintf("| `from` | sender | %v | %v |", wire.FromRate, wire.FromBurst),
		fmt.Sprintf("a guess of the agent's | sender | 1 in %v minutes | %v |", math.Round(1./60/wire.RejoinRate), wire.RejoinBurst),
		fmt.Sprintf("| peer connections that are offered | sender | %v | %v |", wire.OfferRate, wire.OfferBurst),
		fmt.Sprintf("version = 0x%02x", wire.FrameVersion),
		fmt.Sprintf("%d HTML, %d SVG, %d MathML", wire.NamespaceHTML, wire.NamespaceSVG, wire.NamespaceMathML),
		"`" + wire.SecretValue + "`",
	} {
		if !strings.Contains(doc, text) {
			t.Errorf("not to be found: %s", text)
		}
	}
}

func TestTheExampleOfTheProtocolDocumentIsItsVector(t *testing.T) {
	_, example, _ := strings.Cut(protocolDocument(t), "(the vector \"a small page\"):\n\n```\n")
	example, _, _ = strings.Cut(example, "```")
	var hex strings.Builder
	for line := range strings.Lines(example) {
		bytes, _, _ := strings.Cut(strings.TrimSpace(line), "  ")
		hex.WriteString(strings.ReplaceAll(bytes, " ", ""))
	}
	data, err := os.ReadFile("testdata/frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []frameVector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if got, want := hex.String(), vectors[0].Frames[0].Hex; vectors[0].Name != "a small page" || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
