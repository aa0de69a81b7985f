// Package nntest checks a layer for what every layer owes its network. Whoever
// writes a layer gives a Case: the layer, the shapes it reads, and what it computes
// for one sample as plain float64 loops that know nothing of blocks and lanes.
//
//	func TestScale(t *testing.T) {
//		nntest.Layer(t, nntest.Case{
//			Layer:   Scale{},
//			In:      []nn.Shape{{3, 4, 5}},
//			Formula: func(w, x [][]float64) []float64 { … },
//		})
//	}
package nntest
