package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// pixelsApart compares the pixels in the middle of some elements, of those that both windows show.
func (b *caseSides) pixelsApart(selector string) string {
	middles := fmt.Sprintf(`(doc => [...doc.querySelectorAll(%q)].map(e => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] }))`, selector)
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
			return fmt.Sprintf("in the middle of %s %d the agent sees %v, the customer %v", selector, i+1, other, one)
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
