//go:build ignore

// Command draw paints the shop's raster pictures, which are kept beside it so that the shop starts at once. Run it in this
// directory: go run draw.go
package main

import (
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log"
	"math"
	"os"
)

// paint is a picture as a function: the colour at a point of the unit square.
type paint func(x, y float64) rgb

// rgb is a colour, each channel from 0 to 1.
type rgb [3]float64

func hex(v uint32) rgb {
	return rgb{float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

func mix(a, b rgb, t float64) rgb {
	t = math.Max(0, math.Min(1, t))
	return rgb{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t, a[2] + (b[2]-a[2])*t}
}

func shade(c rgb, f float64) rgb { return rgb{c[0] * f, c[1] * f, c[2] * f} }

// step is 0 below a, 1 above b, smooth between.
func step(a, b, x float64) float64 {
	t := math.Max(0, math.Min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

// box is how far a point lies outside a rectangle; negative inside.
func box(x, y, left, top, right, bottom float64) float64 {
	dx, dy := math.Max(left-x, x-right), math.Max(top-y, y-bottom)
	return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0)
}

// grain is a repeatable noise from 0 to 1.
func grain(x, y int) float64 {
	h := uint32(x)*374761393 + uint32(y)*668265263
	h = (h ^ h>>13) * 1274126177
	return float64(h^h>>16) / math.MaxUint32
}

// render samples the paint nine times a pixel.
func render(w, h int, p paint) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			var sum rgb
			for s := range 9 {
				c := p((float64(x)+(float64(s%3)+.5)/3)/float64(w), (float64(y)+(float64(s/3)+.5)/3)/float64(h))
				for i := range sum {
					sum[i] += math.Max(0, math.Min(1, c[i])) / 9
				}
			}
			img.SetRGBA(x, y, color.RGBA{uint8(sum[0]*255 + .5), uint8(sum[1]*255 + .5), uint8(sum[2]*255 + .5), 255})
		}
	}
	return img
}

// throw is a folded plaid with a fringe, lying on a pale floor.
func throw(x, y float64) rgb {
	floor := mix(hex(0xe9e3ec), hex(0xd6cddc), x*.4+y*.6)
	shadow := step(.09, -.03, box(x, y, .22, .22, .82, .87))
	c := mix(floor, hex(0x3b3046), shadow*.42)
	const top, bottom = .13, .80
	if y > bottom-.01 && y < bottom+.075 {
		strand := math.Mod(x*46+10, 1)
		wave := .012 * math.Sin(math.Floor(x*46)*2.3)
		if strand > .22 && strand < .8 && x > .155 && x < .8 && y < bottom+.06+wave {
			c = shade(plaid(x, bottom), .98-.3*math.Abs(strand-.5))
		}
	}
	if d := box(x, y, .15, top, .81, bottom); d < 0 {
		c = plaid(x, y)
		// Two folds: the cloth rises to the fold, and what lies below it is in its shadow.
		for _, fold := range []float64{.38, .6} {
			c = shade(c, 1+.10*step(fold-.1, fold, y)*step(fold+.001, fold, y)-.38*step(fold+.075, fold+.003, y)*step(fold-.002, fold+.002, y))
		}
		c = shade(c, .9+.14*step(.15, .3, x)-.14*step(.66, .81, x))
	}
	return c
}

// plaid is the cloth itself: stripes one way under stripes the other, in a twill.
func plaid(x, y float64) rgb {
	cream, heather, moss, plum := hex(0xefe6d8), hex(0x9a86a8), hex(0x6d8560), hex(0x5d4a6e)
	stripe := func(t float64) rgb {
		t = math.Mod(t*4.1+10, 1)
		switch {
		case t < .36:
			return heather
		case t < .41:
			return cream
		case t < .56:
			return plum
		case t < .61:
			return cream
		case t < .86:
			return moss
		}
		return cream
	}
	twill := .5 + .5*math.Sin((x+y)*600)
	c := mix(stripe(x), stripe(y+.06), .35+.3*twill)
	return shade(c, .93+.1*twill)
}

// rug is a flat-woven rug with diamonds, seen from above on floorboards.
func rug(x, y float64) rgb {
	board := math.Floor(x * 7)
	c := mix(hex(0xcdb490), hex(0xb99a72), .5+.5*math.Sin(board*2.7))
	c = shade(c, 1-.05*math.Sin(y*30+board*9+4*math.Sin(y*6+board)))
	if math.Mod(x*7, 1) < .02 {
		c = shade(c, .72)
	}
	c = mix(c, hex(0x2b1d10), .5*step(.05, -.02, box(x, y, .2, .13, .84, .9)))
	clay, cream, ink, ochre := hex(0xb95f41), hex(0xeee3d0), hex(0x2e3b49), hex(0xd3a04a)
	const left, top, right, bottom = .18, .12, .82, .86
	if x > left && x < right && (math.Abs(y-top) < .035 || math.Abs(y-bottom) < .035) && math.Mod(x*52, 1) < .55 {
		c = shade(cream, .92)
	}
	if box(x, y, left, top, right, bottom) >= 0 {
		return c
	}
	// Weaving makes steps: the pattern is drawn on a coarse grid.
	u := math.Floor((x-left)/(right-left)*72) / 72
	v := math.Floor((y-top)/(bottom-top)*84) / 84
	diamond := math.Abs(math.Mod(u*3, 1)-.5) + math.Abs(math.Mod(v*4, 1)-.5)
	switch edge := math.Min(math.Min(u, 71./72-u), math.Min(v, 83./84-v)*1.15); {
	case edge < .035:
		c = ink
	case edge < .055:
		c = cream
	case edge < .09:
		c = ochre
	case edge < .11:
		c = cream
	case diamond < .12:
		c = ochre
	case diamond < .25:
		c = ink
	case diamond < .33:
		c = cream
	case diamond > .86:
		c = ink
	case diamond > .78:
		c = cream
	default:
		c = clay
	}
	thread := .5 + .5*math.Sin(y*math.Pi*2*150)
	return shade(c, .9+.12*thread)
}

// dunes is a framed print on a wall.
func dunes(x, y float64) rgb {
	wall := mix(hex(0xe8e6e1), hex(0xd5d2cb), x*.5+y*.5)
	c := mix(wall, hex(0x2a2621), .45*step(.07, -.04, box(x, y, .26, .18, .82, .9)))
	if box(x, y, .18, .08, .82, .9) < 0 {
		c = shade(mix(hex(0xc99d6b), hex(0xa97b49), x), 1+.08*math.Sin(y*220+6*math.Sin(x*40)))
	}
	if box(x, y, .2, .1, .8, .88) < 0 {
		c = shade(hex(0xf6f1e7), 1-.16*step(.125, .1, y)-.1*step(.222, .2, x))
	}
	if box(x, y, .265, .17, .735, .81) >= 0 {
		return c
	}
	u, v := (x-.265)/.47, (y-.17)/.64
	c = mix(hex(0xf3c892), hex(0xf7e6cf), v*2.2)
	if math.Hypot((u-.66)*.47, (v-.27)*.64) < .062 {
		c = hex(0xe2673f)
	}
	ridges := []struct {
		high, swing, speed, phase float64
		colour                    rgb
	}{
		{.46, .035, 5, .3, hex(0xe5a878)}, {.54, .05, 4, 2.2, hex(0xd58a5e)}, {.63, .06, 3.1, 4.4, hex(0xb96a49)},
		{.74, .07, 3.6, .9, hex(0x8d4a3a)}, {.86, .06, 2.6, 3.3, hex(0x552f33)},
	}
	for _, r := range ridges {
		line := r.high + r.swing*math.Sin(u*r.speed+r.phase) + r.swing*.4*math.Sin(u*r.speed*2.3+r.phase*3)
		if v > line {
			// The lee side of each dune is darker.
			c = shade(r.colour, 1.06-.22*step(0, .16, v-line))
		}
	}
	return shade(c, .97+.05*grain(int(x*1400), int(y*1400)))
}

// parcel is a parcel on a doorstep, as a telephone would picture it.
func parcel(x, y float64) rgb {
	c := shade(hex(0xc9c2b6), .92+.12*grain(int(x*260), int(y*200)))
	if math.Mod(y*9, 1) < .06 || math.Mod(x*6+.5*math.Mod(math.Floor(y*9), 2), 1) < .03 {
		c = shade(hex(0xb3ab9d), .95)
	}
	if box(x, y, .2, -.1, .8, .74) < 0 {
		c = hex(0xe9e5dc)
	}
	if box(x, y, .235, -.1, .765, .74) < 0 {
		c = shade(mix(hex(0x35735a), hex(0x1f4f3d), x+.2*y), .97+.05*grain(int(x*40), int(y*500)))
		for _, panel := range []float64{.28, .53} {
			if d := box(x, y, panel, .02, panel+.19, .58); d < 0 {
				c = shade(c, 1-.25*step(-.018, 0, d)+.08*step(-.03, -.018, d))
			}
		}
		if math.Hypot((x-.735)*1.33, y-.4) < .022 {
			c = mix(hex(0xf4dc95), hex(0x8b6a22), (x-.72)*30)
		}
	}
	if y > .74 {
		c = shade(mix(hex(0x9b978f), hex(0x7d7a74), (y-.74)*4), .9+.16*grain(int(x*420), int(y*420)))
		if y < .765 {
			c = shade(c, 1.18)
		}
	}
	c = mix(c, hex(0x14120f), .55*step(.08, -.05, box(x, y, .4, .84, .68, .87)))
	if box(x, y, .33, .5, .68, .87) < 0 {
		c = shade(mix(hex(0xcfa06a), hex(0xb18350), y), .97+.06*grain(int(x*90), int(y*600)))
		if x > .475 && x < .535 {
			c = mix(c, hex(0xe9d3ab), .65)
		}
		if box(x, y, .56, .69, .65, .82) < 0 {
			c = hex(0xf6f3ec)
			if bar := math.Mod(x*160, 1); y > .72 && y < .775 && bar < .5 && x > .57 && x < .64 || math.Abs(y-.8) < .004 && x > .57 && x < .63 {
				c = hex(0x22201d)
			}
		}
	}
	// The top of the parcel, seen from above.
	if lean := (.5 - y) * .55; y > .42 && y <= .5 && x > .33+lean*.6 && x < .68-lean*.4 {
		c = hex(0xddb482)
		if x > .475+lean*.1 && x < .535+lean*.1 {
			c = mix(c, hex(0xf1dfbd), .7)
		}
	}
	vignette := math.Hypot(x-.5, (y-.5)*.9)
	return shade(c, (1.06-.5*vignette*vignette)*(.97+.06*grain(int(x*1280), int(y*960))))
}

func main() {
	save := func(name string, encode func(*os.File) error) {
		f, err := os.Create(name)
		if err != nil {
			log.Fatal(err)
		}
		if err := encode(f); err != nil {
			log.Fatal(err)
		}
		if err := f.Close(); err != nil {
			log.Fatal(err)
		}
	}
	asPNG := func(img image.Image) func(*os.File) error {
		return func(f *os.File) error { return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, img) }
	}
	asJPEG := func(img image.Image) func(*os.File) error {
		return func(f *os.File) error { return jpeg.Encode(f, img, &jpeg.Options{Quality: 84}) }
	}
	save("static/img/heath-throw.png", asPNG(render(480, 480, throw)))
	save("static/img/field-rug.png", asPNG(render(480, 480, rug)))
	save("static/img/dune-print.jpg", asJPEG(render(600, 600, dunes)))
	save("private/delivery.jpg", asJPEG(render(640, 480, parcel)))
}
