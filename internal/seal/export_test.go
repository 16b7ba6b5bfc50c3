package seal

// Info gives a place as the info of HPKE.
func (p Place) Info() []byte { return p.info() }
