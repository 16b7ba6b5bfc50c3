package splice

// room is what the window needs for one step: a stored block, and the last match of others.
const room = maxStored + maxMatch

// maxHeld bounds the input that is held because the place may be in it: the largest stored block, and more.
const maxHeld = 2 * maxStored * 8

// look decodes the next tokens, and passes them on as they are.
func (s *Splicer) look() (more bool) {
	s.summed -= s.d.makeRoom(room)
	from := s.d.n
	result := s.d.next(room - maxMatch)
	switch result {
	case stepMore:
		return false
	case stepCorrupt:
		s.refuse()
		return false
	case stepHeader, stepEnd:
		if s.d.final && s.copied <= s.d.headerAt {
			// Something may follow this block now.
			s.d.raw[s.d.headerAt>>3] &^= 1 << (s.d.headerAt & 7)
		}
	}
	if result == stepHeader {
		return true
	}
	s.total += uint64(s.d.n - from)
	if s.stage == looking {
		back, insert, done := s.finder.Find(s.d.window[from:s.d.n])
		inside := uint64(back) <= s.total // and not in the member before, which is gone
		switch {
		case insert != nil && inside:
			s.insert(back, insert)
		case done || s.d.bit-s.copied > maxHeld:
			s.stage = keeping
		case inside:
			s.settle(back)
		}
	}
	if s.stage == keeping {
		s.settle(0)
		if !s.d.final {
			s.pass()
			return false
		}
	}
	if result == stepEnd && s.d.final {
		if s.inserted > 0 {
			s.e.flush(true)
		}
		s.ended()
	}
	return true
}

// ended says that the data of a member is complete.
func (s *Splicer) ended() {
	if s.stage == keeping {
		s.w.end()
		s.copied = (s.d.bit + 7) &^ 7
		s.w.align()
		s.stage = passing
		return
	}
	s.stage = ending
}

// settle passes on all tokens but those that the last back bytes are in.
func (s *Splicer) settle(back int) {
	d := &s.d
	s.sum(d.n - back)
	keep, bit := d.count, d.bit
	for ; back > 0; back -= d.tokens[keep].size() {
		keep--
		bit = int(d.tokens[keep].bit)
	}
	s.w.copy(d.raw, s.copied, bit)
	s.copied = bit
	d.count = copy(d.tokens[:], d.tokens[keep:d.count])
}

// sum adds the window up to an index to the checksum.
func (s *Splicer) sum(to int) {
	if s.summed < to {
		s.sums.add(s.d.window[s.summed:to])
		s.summed = to
	}
}

// insert ends the current block before the last back bytes, and begins to encode: what is inserted, and the tokens after it.
func (s *Splicer) insert(back int, insert []byte) {
	d := &s.d
	s.place, s.inserted, s.after = d.n-back, len(insert), uint64(back)
	s.total -= uint64(back)
	s.sum(s.place)
	s.sums.insert(insert)

	next, at, bit, end := d.count, d.n, d.bit, uint32(0)
	if d.opened {
		end = d.endCode
	}
	for ; next > 0 && at > s.place; at -= d.tokens[next].size() {
		next--
		bit, end = int(d.tokens[next].bit), d.tokens[next].end
	}
	s.w.copy(d.raw, s.copied, bit)
	s.w.bits(end>>16, uint(end&0xffff))
	tokens := d.tokens[next:d.count]
	divided := at < s.place
	if divided {
		s.encode(tokens[0].symbol, at, s.place)
	}
	s.e.literals(insert)
	if divided {
		end := at + tokens[0].size()
		s.encode(tokens[0].symbol, s.place, end)
		tokens, at = tokens[1:], end
	}
	s.encodeAll(tokens, at)
	d.count = 0
	s.stage, s.dirty = shifting, true
}
