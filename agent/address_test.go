package agent

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write signal/wire/testdata/addresses.json anew")

const addressFile = "../signal/wire/testdata/addresses.json"

// addressVector is how net/netip reads a text, for TypeScript to read it alike.
type addressVector struct {
	Text  string `json:"text"`
	Words string `json:"words"` // 16 bits each, in hexadecimal; "" when it is no address, or has a zone
	Reach reach  `json:"reach,omitempty"`
}

func vectorOf(text string) addressVector {
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return addressVector{Text: text}
	}
	var words []string
	for pair := range slices.Chunk(addr.AsSlice(), 2) {
		words = append(words, fmt.Sprintf("%x", int(pair[0])<<8|int(pair[1])))
	}
	return addressVector{text, strings.Join(words, " "), reachOf(addr)}
}

// mutated returns a text that resembles an address.
func mutated(r *rand.Rand, text string) string {
	const alphabet = "0123456789abcdefABCDEFx:.%/[] g-"
	for range 1 + r.IntN(3) {
		at := r.IntN(len(text) + 1)
		piece := string(alphabet[r.IntN(len(alphabet))])
		if r.IntN(3) == 0 {
			piece = [...]string{"::", ":0:", "ffff:", "0", "00", "127.0.0.1", "255", "256", ".0", "64:ff9b:"}[r.IntN(10)]
		}
		end := min(len(text), at+r.IntN(3))
		text = text[:at] + piece + text[end:]
	}
	return text
}

// TypeScript reads the same texts in signal/wire/address.test.ts.
func TestBothLanguagesReadAddressesAlike(t *testing.T) {
	if *update {
		r := rand.New(rand.NewPCG(1, 2))
		seeds := []string{"127.0.0.1", "10.20.30.40", "::1", "0:0:0:0:0:ffff:7f00:1", "2001:db8::1", "64:ff9b::127.0.0.1", "fe80::1", "fd12:3456:789a:1::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "2002:7f00:1::"}
		vectors := map[string]addressVector{}
		for taken := 0; taken < 200; { // as many that are addresses as such that are none
			v := vectorOf(mutated(r, seeds[r.IntN(len(seeds))]))
			if v.Words == "" && len(vectors)-taken >= 200 {
				continue
			}
			if _, known := vectors[v.Text]; !known && v.Words != "" {
				taken++
			}
			vectors[v.Text] = v
		}
		list := make([]string, 0, len(vectors))
		for _, v := range vectors {
			line, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, string(line))
		}
		slices.Sort(list)
		if err := os.WriteFile(addressFile, []byte("[\n"+strings.Join(list, ",\n")+"\n]\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(addressFile)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []addressVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		if got := vectorOf(v.Text); got != v {
			t.Errorf("%q: %+v, want %+v", v.Text, got, v)
		}
	}
}
