package splice

import "slices"

// codeLengthsFor gives every symbol that occurs a code of at most longest bits, the shorter the more often it occurs (Huffman's
// algorithm, without a tree). There are at least two codes, as some decoders want.
func codeLengthsFor(frequency []uint32, longest int, lengths []uint8) {
	clear(lengths)
	var keys [numLiterals]uint64 // how often << 16, and the symbol
	sorted := keys[:0]
	for symbol, often := range frequency {
		if often > 0 {
			sorted = append(sorted, uint64(often)<<16|uint64(symbol))
		}
	}
	for symbol := 0; len(sorted) < 2; symbol++ {
		if frequency[symbol] == 0 {
			sorted = append(sorted, 1<<16|uint64(symbol))
		}
	}
	slices.Sort(sorted)

	// Two queues: the symbols, and the nodes that join two, which are made in order. depth turns from the index of a node's parent into its depth.
	var weight [numLiterals]uint64
	var parent [2 * numLiterals]uint16
	n := len(sorted)
	leaf, node := 0, 0
	for made := range n - 1 {
		for range 2 {
			var index int
			if leaf < n && (node == made || sorted[leaf]>>16 <= weight[node]) {
				weight[made] += sorted[leaf] >> 16
				index = leaf
				leaf++
			} else {
				weight[made] += weight[node]
				index = n + node
				node++
			}
			parent[index] = uint16(n + made)
		}
	}
	var depth [2 * numLiterals]uint8
	var count [numLiterals + 1]int
	for i := 2*n - 3; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
		if i < n {
			count[depth[i]]++
		}
	}
	limit(count[:], longest)
	// The rarest have the longest codes.
	i := 0
	for length := longest; length > 0; length-- {
		for range count[length] {
			lengths[sorted[i]&0xffff] = uint8(length)
			i++
		}
	}
}

// limit shortens codes to at most longest bits, given how many there are of each length, and makes others longer for it.
func limit(count []int, longest int) {
	over := 0
	for length, n := range count {
		if length > longest {
			count[longest] += n
			count[length] = 0
		}
	}
	for length := 1; length <= longest; length++ {
		over += count[length] << (longest - length)
	}
	for over -= 1 << longest; over > 0; over-- {
		count[longest]--
		length := longest - 1
		for count[length] == 0 {
			length--
		}
		count[length]--
		count[length+1] += 2
	}
}
