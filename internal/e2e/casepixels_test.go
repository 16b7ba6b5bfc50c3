package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
)

// pixelsApart compares pixels of some elements on both sides, at places within them that are given in parts of their width and height.
func (b *caseSides) pixelsApart(selector string, at ...[2]float64) string {
	places, _ := json.Marshal(at)
	middles := fmt.Sprintf(`(doc => [...doc.querySelectorAll(%q)].flatMap(e => { const b = e.getBoundingClientRect(); return %s.map(([x, y]) => [b.x + b.width * x, b.y + b.height * y]) }))`, selector, places)
	want, err := tryEvaluate[[][2]float64](b.customer, middles+`(document)`)
	if err != nil {
		return err.Error()
	}
	got, err := tryEvaluate[[][2]float64](b.agent, inMirror(middles+`(doc)`))
	if err != nil {
		return err.Error()
	}
	frame, err := tryEvaluate[[2]float64](b.agent, `(b => [b.x, b.y])(document.querySelector('iframe[title^="Customer"]').getBoundingClientRect())`)
	if err != nil {
		return err.Error()
	}
	if len(got) != len(want) || len(want) == 0 {
		return fmt.Sprintf("the agent has %d of %s, the customer %d", len(got), selector, len(want))
	}
	mine, theirs := decoded(b.customer.Screenshot("customer")), decoded(b.agent.Screenshot("agent"))
	if mine == nil || theirs == nil {
		return "there is no picture"
	}
	for i := range want {
		one := mine.At(int(want[i][0]), int(want[i][1]))
		other := theirs.At(int(frame[0]+got[i][0]), int(frame[1]+got[i][1]))
		if apart(one, other) {
			return fmt.Sprintf("at place %[2]d of %[1]s the agent sees %[3]v, the customer %[4]v", selector, i+1, other, one)
		}
	}
	return ""
}

func decoded(picture []byte) image.Image {
	shown, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil
	}
	return shown
}
