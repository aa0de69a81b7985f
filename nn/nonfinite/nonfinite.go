// Package nonfinite finds numbers that are NaN or infinite: in a slice, in the parameters of a
// network, and the layer in which they first appear in a forward or backward pass.
package nonfinite

import "math"

// Any reports whether a number of v is NaN or infinite. Those are the numbers whose exponent is
// all ones, and one more then carries into the sign's bit: a loop without branches, so that
// checking every step of a training costs little.
func Any(v []float32) bool {
	const exponent, one = 0xff << 23, 1 << 23
	var carry uint32
	for _, x := range v {
		carry |= math.Float32bits(x)&exponent + one
	}
	return carry>>31 != 0
}

// Count counts the numbers of v that are NaN or infinite. first is the index of the first of them,
// -1 if there are none.
func Count(v []float32) (n, first int) {
	first = -1
	for i, x := range v {
		if x-x != 0 {
			if n++; n == 1 {
				first = i
			}
		}
	}
	return n, first
}
