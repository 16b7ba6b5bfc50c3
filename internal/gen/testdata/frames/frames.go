// Package frames shows frame operations: a sink, a writer and a reader.
package frames

// NodeID is a number.
type NodeID uint32

// Op is the union of operations, which are no JSON.
type Op interface{ wireOp() }

var opTypes = []Op{Page{}, Every{}, Nothing{}}

// Page begins anew: remembered strings are forgotten.
type Page struct {
	URL string
}

// Every has a field of every sort.
type Every struct {
	Node NodeID
	N    uint32
	I    int32
	B    bool
	CSS  string
	Data []byte
	List []string
	Nums []uint32
	IDs  []NodeID
}

// Nothing has no fields.
type Nothing struct{}

// PointerMove is no operation, but written as one.
type PointerMove struct {
	X int32
}

func (Page) wireOp()    {}
func (Every) wireOp()   {}
func (Nothing) wireOp() {}
