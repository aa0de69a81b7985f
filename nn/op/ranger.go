package op

// Ranger is an Op with one input, whose output has the same shape: element i of the output
// depends only on element i of the input. It can work on a range of elements by itself, so that
// another Op can apply it to values in the cache which it does not store.
type Ranger interface {
	Op
	// ForwardRange computes y from x, for elements lo, lo+1, …: x[0] to x[Lanes−1] are those of
	// element lo. y may be x.
	ForwardRange(w Weights, y, x []float32, lo int)
	// BackwardRange adds the gradient of the parameters to dw, whose nil entries are not wanted,
	// and overwrites dx, which may be dy, with the gradient of the input. dx is nil if it is not
	// wanted.
	BackwardRange(w, dw Weights, dx, dy, x []float32, lo int)
	// ChannelsApart reports whether elements of different channels, the first axis, share no
	// parameter, so that goroutines may call BackwardRange for different channels.
	ChannelsApart() bool
}
