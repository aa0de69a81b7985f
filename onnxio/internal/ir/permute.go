package ir

import "slices"

// PermutedIndex lists, for a row-major tensor of the given sizes whose axes are put into
// the given order, where each element of the result comes from.
func PermutedIndex(sizes, order []int) []int {
	index := make([]int, 0, Volume(sizes))
	EachPermuted(sizes, order, func(from int) { index = append(index, from) })
	return index
}

// EachPermuted calls f with what PermutedIndex lists.
func EachPermuted(sizes, order []int, f func(from int)) {
	stride := make([]int, len(sizes)) // by the axes of the result
	for i, n := len(sizes)-1, 1; i >= 0; i-- {
		stride[slices.Index(order, i)] = n
		n *= sizes[i]
	}
	at := make([]int, len(order))
	for k, from := 0, 0; k < Volume(sizes); k++ {
		f(from)
		for i := len(order) - 1; i >= 0; i-- { // one step on in the result
			if at[i]++; at[i] < sizes[order[i]] {
				from += stride[i]
				break
			}
			from -= stride[i] * (at[i] - 1)
			at[i] = 0
		}
	}
}
