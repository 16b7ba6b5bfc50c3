package assets

import (
	"cmp"
	"strings"
)

// The content codings this package knows (RFC 9110, section 8.4.1).
const (
	codingBrotli   = "br"
	codingGzip     = "gzip"
	codingIdentity = "identity"
)

// choose picks the content coding for a response by the request's Accept-Encoding fields (RFC 9110,
// section 12.5.3). offered is in order of preference, which decides between equal weights. Without any
// field it is identity. ok is false when the client accepts nothing that is offered.
func choose(fields, offered []string) (coding string, ok bool) {
	if len(fields) == 0 {
		return codingIdentity, true
	}
	weights := accepted(fields)
	best := 0
	for _, candidate := range offered {
		weight, listed := weights[candidate]
		if !listed {
			weight, listed = weights["*"]
		}
		if !listed && candidate == codingIdentity {
			// Acceptable unless excluded, but less than anything the client asks for.
			return cmp.Or(coding, codingIdentity), true
		}
		if weight > best {
			coding, best = candidate, weight
		}
	}
	return coding, best > 0
}

// accepted returns the weight, in thousandths, of each coding in the fields. An element that breaks the
// grammar is left out, as if the client had not sent it.
func accepted(fields []string) map[string]int {
	weights := make(map[string]int)
	for element := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		coding, parameter, weighted := strings.Cut(element, ";")
		coding = strings.ToLower(trim(coding))
		if coding == "" {
			continue
		}
		if coding == "x-gzip" { // RFC 9110, section 8.4.1.3
			coding = codingGzip
		}
		weight := 1000
		if weighted {
			var ok bool
			if weight, ok = parseWeight(trim(parameter)); !ok {
				continue
			}
		}
		weights[coding] = max(weights[coding], weight)
	}
	return weights
}

// parseWeight reads "q=0.8" as 800 thousandths (RFC 9110, section 12.4.2).
func parseWeight(parameter string) (thousandths int, ok bool) {
	if len(parameter) < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=' {
		return 0, false
	}
	whole, fraction, _ := strings.Cut(parameter[2:], ".")
	if (whole != "0" && whole != "1") || len(fraction) > 3 {
		return 0, false
	}
	thousandths = int(whole[0]-'0') * 1000
	unit := 100
	for _, digit := range []byte(fraction) {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		thousandths += int(digit-'0') * unit
		unit /= 10
	}
	return thousandths, thousandths <= 1000
}

func trim(s string) string { return strings.Trim(s, " \t") }
