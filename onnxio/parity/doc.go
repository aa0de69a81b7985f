// Package parity reports whether two computations are the same: how far two tensors
// are apart on the scale that matters, whether a network gives the results that
// another framework recorded, and how two networks answer the same data.
package parity
