package splice

// shift decodes the next tokens, and encodes them so that they mean the same behind what was inserted.
func (s *Splicer) shift() (more bool) {
	d := &s.d
	s.place -= d.makeRoom(room)
	if d.n-s.place >= maxDistance {
		s.rejoin()
		return true
	}
	from := d.n
	result := d.next(maxDistance - (d.n - s.place))
	switch result {
	case stepMore:
		return false
	case stepCorrupt:
		s.refuse()
		return false
	}
	s.encodeAll(d.tokens[:d.count], from)
	d.count = 0
	s.after += uint64(d.n - from)
	s.dirty = s.dirty || d.n > from
	if result == stepEnd && d.final {
		s.e.flush(true)
		s.stage = ending
	}
	return true
}

// encodeAll encodes tokens of which the first is at an index of the window.
func (s *Splicer) encodeAll(tokens []token, at int) {
	s.e.room()
	for _, t := range tokens {
		if t.symbol < 256 {
			s.e.literal(t.symbol)
			at++
			continue
		}
		end := at + t.size()
		if back := int(t.symbol & 0xffff); t.symbol < runMark && at-back >= s.place {
			s.e.match(end-at, back)
		} else {
			s.encode(t.symbol, at, end)
		}
		at = end
	}
}

// encode encodes a part of a token: the bytes of the window from one index to another.
func (s *Splicer) encode(symbol uint32, from, to int) {
	if symbol >= runMark {
		s.e.flush(false)
		s.w.stored(s.d.window[from:to])
		return
	}
	back := int(symbol & 0xffff)
	if ahead := s.place - (from - back); ahead > 0 && from >= s.place {
		// Up to here it comes from before the place.
		n := min(to-from, ahead)
		s.match(from, from+n, back+s.inserted)
		from += n
	}
	s.match(from, to, back)
}

// match encodes bytes of the window as a match, if that is allowed.
func (s *Splicer) match(from, to, back int) {
	if to-from < minMatch || back > maxDistance {
		s.e.literals(s.d.window[from:to])
		return
	}
	s.e.match(to-from, back)
}

// rejoin brings the output to where a copy of the input can follow.
func (s *Splicer) rejoin() {
	d := &s.d
	s.e.flush(false)
	if d.opened {
		s.w.shift(uint(d.bit - d.headerBits))
		for at := 0; at < d.headerBits; at += 8 {
			n := min(8, d.headerBits-at)
			s.w.bits(uint32(d.header[at>>3])&(1<<n-1), uint(n))
		}
	} else {
		s.w.shift(uint(d.bit))
	}
	whole := (d.bit + 7) &^ 7
	s.w.copy(d.raw, d.bit, whole)
	s.copied, s.scanned = whole, whole>>3
	s.stage = copying
	// Its checksum depends on how much data there is, and nothing else tells.
	s.counted = s.format == Zlib
	if s.format == raw {
		s.stage = passing
	}
}
