package seal

// Info gives a place as the info of HPKE for signalling.
func (p Place) Info() []byte { return p.info(version) }

// RelayInfo gives a place as the info of HPKE for a relay.
func (p Place) RelayInfo() []byte { return p.info(relayVersion) }

// Spend uses up all numbers of this end but n.
func (r *Relay) Spend(n uint64) { r.out.next = maxNumber + 1 - n }
