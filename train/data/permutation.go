package data

import (
	"math/bits"
	"math/rand/v2"
)

// Permutation is the order in which epoch (from 0) visits n samples: each of
// 0…n−1 once. It is a function of its three arguments alone, so a resumed run
// needs no state of a random generator to go on as if it had not stopped.
//
// It is Fisher and Yates' shuffle driven by PCG-DXSM (math/rand/v2), written
// out here so that no change of the library's own shuffle can change a run.
func Permutation(seed uint64, epoch, n int) []int {
	return shuffled(rand.NewPCG(seed, uint64(epoch)), n)
}

func shuffled(src *rand.PCG, n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		// The high word of a 64-bit draw times i+1 is even to within
		// (i+1)/2⁶⁴, which no data set can notice.
		j, _ := bits.Mul64(src.Uint64(), uint64(i+1))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
