package webdriver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
)

// screen takes a picture of the viewport from the file in which Xvfb keeps what it shows: WebKit's command for it may never return.
// The file has the form of xwd: 25 numbers of 32 bits, a name, a map of colours, then the pixels. There is no window manager, so that
// windows are where they were put, without a frame.
func screen(p *Page, file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	const size, width, height, order, bits, line, colours = 0, 4, 5, 7, 11, 12, 19
	at := func(i int) int { return int(binary.BigEndian.Uint32(data[4*i:])) }
	if len(data) < 100 || at(bits) != 32 || at(order) != 0 {
		return nil, errors.New("the screen is not as expected")
	}
	pixels := data[at(size)+12*at(colours):]
	view, err := eval[struct{ X, Y, Width, Height int }](p,
		`({X: outerWidth - innerWidth >> 1, Y: outerHeight - innerHeight, Width: innerWidth, Height: innerHeight})`)
	if err != nil {
		return nil, err
	}
	view.X += p.left
	shown := image.NewRGBA(image.Rect(0, 0, min(view.Width, at(width)-view.X), min(view.Height, at(height)-view.Y)))
	for y := range shown.Rect.Dy() {
		for x := range shown.Rect.Dx() {
			pixel := pixels[(y+view.Y)*at(line)+4*(x+view.X):]
			shown.SetRGBA(x, y, color.RGBA{pixel[2], pixel[1], pixel[0], 255})
		}
	}
	var out bytes.Buffer
	err = png.Encode(&out, shown)
	return out.Bytes(), err
}
