package seal_test

import (
	"errors"
	"testing"

	"github.com/qwelp/qwelp-go/internal/seal"
)

type comparisonVector struct {
	Offer      string `json:"offer"`
	Answer     string `json:"answer"`
	Key        string `json:"key"`
	Sender     string `json:"sender"`
	Agent      string `json:"agent"`
	Commitment string `json:"commitment"`
	Code       string `json:"code"`
}

// TypeScript reads the same vectors.
func TestBothLanguagesCompareAlike(t *testing.T) {
	var vectors []comparisonVector
	readJSON(t, "comparison.json", &vectors)
	for _, v := range vectors {
		commitment, err := seal.Commitment(v.Sender)
		if err != nil || commitment != v.Commitment {
			t.Errorf("the commitment is %s, error %v, want %s", commitment, err, v.Commitment)
		}
		code, err := seal.Compared{Offer: v.Offer, Answer: v.Answer, Key: v.Key, Sender: v.Sender, Agent: v.Agent}.Code()
		if err != nil || code != v.Code {
			t.Errorf("the code is %s, error %v, want %s", code, err, v.Code)
		}
	}
}

func TestWhateverDiffersGivesOtherDigits(t *testing.T) {
	base := seal.Compared{Offer: "a=fingerprint:sha-256 AB", Answer: "a=fingerprint:sha-256 CD", Key: "K", Sender: seal.Nonce(), Agent: seal.Nonce()}
	want, err := base.Code()
	if err != nil || len(want) != 4 {
		t.Fatalf("the code is %q, error %v", want, err)
	}
	for name, change := range map[string]func(*seal.Compared){
		"offer":           func(c *seal.Compared) { c.Offer = "a=fingerprint:sha-256 AC" },
		"answer":          func(c *seal.Compared) { c.Answer = "a=fingerprint:sha-256 CE" },
		"one print more":  func(c *seal.Compared) { c.Answer += "\na=fingerprint:sha-256 EE" },
		"key":             func(c *seal.Compared) { c.Key = "L" },
		"sender's nonce":  func(c *seal.Compared) { c.Sender = seal.Nonce() },
		"agent's nonce":   func(c *seal.Compared) { c.Agent = seal.Nonce() },
		"who is who":      func(c *seal.Compared) { c.Offer, c.Answer = c.Answer, c.Offer },
		"exchanged nonce": func(c *seal.Compared) { c.Sender, c.Agent = c.Agent, c.Sender },
	} {
		// One in 10 000 is the same by chance: of several tries not all are.
		same := 0
		for range 3 {
			c := base
			c.Agent = seal.Nonce()
			first, _ := c.Code()
			change(&c)
			if code, _ := c.Code(); code == first {
				same++
			}
		}
		if same == 3 {
			t.Errorf("%s: the same digits", name)
		}
	}
	if _, err := (seal.Compared{Sender: "?", Agent: "AA"}).Code(); !errors.Is(err, seal.ErrBroken) {
		t.Errorf("a nonce that is none gives %v", err)
	}
}
