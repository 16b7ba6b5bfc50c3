package main

// products is the whole catalogue, in the order of the front page.
var products = []product{
	{
		ID: "arc-lamp", Name: "Arc desk lamp", Category: "Light", Image: "arc-lamp.svg", Price: 12900,
		Alt:     "A green desk lamp with a curved stem, switched on",
		Summary: "A warm, dimmable light that bends to where you read.",
		Story:   "One length of steel tube, bent cold, so that there is no joint to come loose. The shade turns all the way round and stays where you leave it.",
		Care:    "Wipe with a dry cloth. The LED module lasts 50,000 hours and can be replaced with one screw.",
		Sizes:   []size{{"Desk", "46 cm high, 1.8 kg", 0}, {"Floor", "138 cm high, 5.2 kg", 9000}},
		Colours: []string{"Moss", "Ink", "Clay"}, Reviews: reviewsFrom(0),
	},
	{
		ID: "ridge-mug", Name: "Ridge mug", Category: "Kitchen", Image: "ridge-mug.svg", Price: 2400,
		Alt:     "A ribbed stoneware mug with steam rising from it",
		Summary: "Ribbed stoneware that keeps tea warm and fingers cool.",
		Story:   "Thrown in Kaarup by a workshop of three. The ridges are not decoration: they keep your hand a finger's width from the heat.",
		Care:    "Dishwasher and microwave safe. Do not put a hot mug into cold water.",
		Sizes:   []size{{"250 ml", "8 cm wide, 8.5 cm high", 0}, {"350 ml", "9 cm wide, 10 cm high", 400}},
		Colours: []string{"Clay", "Sand", "Ink"}, Reviews: reviewsFrom(3),
	},
	{
		ID: "heath-throw", Name: "Heath throw", Category: "Living", Image: "heath-throw.png", Price: 9800,
		Alt:     "A folded plaid throw in heather, cream and moss with a fringe",
		Summary: "A plaid of recycled wool in the colours of late August.",
		Story:   "Spun from mill offcuts sorted by colour, so nothing is dyed twice. Every throw differs a little from the next.",
		Care:    "Wool wash at 30 °C, dry flat. Air it rather than washing it.",
		Sizes:   []size{{"130 × 170 cm", "for one, 0.9 kg", 0}, {"150 × 210 cm", "for two, 1.3 kg", 3500}},
		Colours: []string{"Heather", "Moss"}, Reviews: reviewsFrom(6),
	},
	{
		ID: "perch-stool", Name: "Perch stool", Category: "Living", Image: "perch-stool.svg", Price: 16500,
		Alt:     "A three-legged wooden stool with a round seat",
		Summary: "Three legs of ash, so that it never wobbles.",
		Story:   "The legs go right through the seat and are wedged from above, a joint that tightens the more you sit on it.",
		Care:    "Oil once a year. Marks sand out with fine paper.",
		Sizes:   []size{{"Low", "45 cm, for a table", 0}, {"High", "65 cm, for a counter", 2000}},
		Colours: []string{"Oak", "Walnut", "Ink"}, Reviews: reviewsFrom(9),
	},
	{
		ID: "swan-kettle", Name: "Swan kettle", Category: "Kitchen", Image: "swan-kettle.svg", Price: 8900,
		Alt:     "A dark pour-over kettle with a long curved spout",
		Summary: "A long spout for a slow, steady pour.",
		Story:   "The spout leaves the body low and narrows all the way up: the water comes out as a thread, exactly where you point it.",
		Care:    "Descale with a spoon of citric acid. Suitable for gas and induction.",
		Sizes:   []size{{"0.6 l", "two cups, 0.7 kg", 0}, {"1.0 l", "four cups, 0.9 kg", 1200}},
		Colours: []string{"Ink", "Snow"}, Reviews: reviewsFrom(12),
	},
	{
		ID: "clay-fern", Name: "Fern in clay", Category: "Plants", Image: "clay-fern.svg", Price: 3400,
		Alt:     "A fern with arching fronds in a terracotta pot",
		Summary: "A hardy fern in a hand-thrown pot with its saucer.",
		Story:   "Grown in peat-free compost half an hour from our shop. It travels upright, in a box with a window.",
		Care:    "Bright shade, water twice a week, mist when the heating is on.",
		Sizes:   []size{{"Small", "about 25 cm", 0}, {"Large", "about 45 cm", 1900}},
		Colours: []string{"Clay", "Snow"}, Reviews: reviewsFrom(1),
	},
	{
		ID: "noon-clock", Name: "Noon wall clock", Category: "Living", Image: "noon-clock.svg", Price: 7600,
		Alt:     "A round wall clock showing ten past ten",
		Summary: "A silent clock with a sweeping hand and no numerals.",
		Story:   "The movement sweeps instead of ticking, so it may hang in a bedroom. The bezel is turned from a single piece of oak.",
		Care:    "One AA battery every two years.",
		Sizes:   []size{{"24 cm", "for a small room", 0}, {"32 cm", "for a kitchen", 1800}},
		Colours: []string{"Oak", "Walnut"}, Reviews: reviewsFrom(4),
	},
	{
		ID: "field-rug", Name: "Field rug", Category: "Living", Image: "field-rug.png", Price: 24000,
		Alt:     "A flat-woven rug with a pattern of diamonds",
		Summary: "Flat-woven on a hand loom, the same on both sides.",
		Story:   "Cotton warp, wool weft, nine days on the loom. Turn it over twice a year and it will outlast the floor.",
		Care:    "Vacuum without the brush. Blot spills, do not rub.",
		Sizes:   []size{{"80 × 150 cm", "beside a bed", 0}, {"140 × 200 cm", "under a table", 18000}, {"200 × 300 cm", "for a room", 46000}},
		Colours: []string{"Clay", "Ink"}, Reviews: reviewsFrom(7),
	},
	{
		ID: "day-pack", Name: "Day pack", Category: "Carry", Image: "day-pack.svg", Price: 11800,
		Alt:     "A roll-top canvas backpack with leather straps",
		Summary: "Waxed canvas, one zip less than you are used to.",
		Story:   "A roll top, an inner sleeve for a laptop, and a side pocket that really holds a bottle. Repaired free of charge, for ever.",
		Care:    "Brush off dry mud. Wax again when water stops beading.",
		Sizes:   []size{{"16 l", "laptops to 13 inches", 0}, {"22 l", "laptops to 16 inches", 1500}},
		Colours: []string{"Ochre", "Moss", "Ink"}, Reviews: reviewsFrom(10),
	},
	{
		ID: "dune-print", Name: "Dune print No. 3", Category: "Living", Image: "dune-print.jpg", Price: 4500,
		Alt:     "A framed print of dunes under a low sun",
		Summary: "A landscape in seven inks, numbered and signed.",
		Story:   "Printed on cotton paper from seven hand-cut screens, in a run of two hundred. The frame is oak, the glass does not reflect.",
		Care:    "Keep out of direct sunlight.",
		Sizes:   []size{{"30 × 40 cm", "with frame", 0}, {"50 × 70 cm", "with frame", 3800}},
		Colours: []string{"Oak", "Ink"}, Reviews: reviewsFrom(13),
	},
	{
		ID: "field-notebook", Name: "Field notebook", Category: "Desk", Image: "field-notebook.svg", Price: 1400,
		Alt:     "A dark blue notebook with an elastic band and a pencil",
		Summary: "Opens flat, and takes a fountain pen without bleeding.",
		Story:   "Sewn, not glued, in sixteen-page sections. The pencil is cedar and fits the loop on the back.",
		Care:    "Fill it.",
		Sizes:   []size{{"A6", "96 pages, dotted", 0}, {"A5", "160 pages, dotted", 500}},
		Colours: []string{"Ink", "Clay", "Moss"}, Reviews: reviewsFrom(2),
	},
	{
		ID: "ember-candle", Name: "Ember candle holder", Category: "Light", Image: "ember-candle.svg", Price: 2900,
		Alt:     "A brass candle holder with a burning candle",
		Summary: "Spun brass that grows darker and better with age.",
		Story:   "Wide enough to catch every drop, with a ring for one finger. Comes with two candles of rapeseed wax.",
		Care:    "Polish it if you like it bright. We do not.",
		Sizes:   []size{{"Single", "11 cm wide", 0}, {"Pair", "two of them", 2500}},
		Colours: []string{"Brass", "Ink"}, Reviews: reviewsFrom(5),
	},
}

// reviewsFrom takes seven of the written reviews, starting at the nth.
func reviewsFrom(n int) []review {
	some := make([]review, 7)
	for i := range some {
		some[i] = written[(n+4*i)%len(written)]
	}
	return some
}

var written = []review{
	{"Mirja K.", 5, "Exactly as pictured, and heavier than I thought in the best way. It looks as if it had always been here."},
	{"Tomás A.", 4, "Lovely thing. Delivery took a day longer than promised, and somebody wrote to me before I noticed."},
	{"Ines & Paul", 5, "Our second one. The first went to my mother, who would not give it back."},
	{"Grace O.", 5, "Packed without any plastic. I kept the box."},
	{"Leif S.", 3, "Good work, but the colour is a little darker than on my screen."},
	{"Noor H.", 5, "I asked the support for help with the size, and they showed me on my own page. Ordered the larger one."},
	{"Bruno T.", 4, "Simple, solid, no fuss. One star off because now everything around it looks old."},
	{"Anneke V.", 5, "I broke mine and they repaired it free of charge. Thank you, workshop!"},
	{"Yuki M.", 4, "A present that got a proper silence when it was unwrapped."},
	{"Samuel R.", 5, "You can tell that somebody who uses one made it."},
	{"Petra L.", 2, "Beautiful, but not for my hands. Returning it was easy."},
	{"Oluwaseun B.", 5, "Three years of daily use and it has only grown nicer."},
	{"Clara F.", 4, "Smaller than expected; read the size guide, unlike me."},
	{"Jonas W.", 5, "Worth waiting for."},
	{"Elif D.", 5, "The kind of thing you stop noticing because nothing about it is ever wrong."},
}
