// Package nntest tests layers. Layer checks that a layer computes what its formula says, forward
// and backward, and keeps the contract of package op. A Case has the layer, the shapes of its
// inputs, and its formula for one sample: plain float64 loops without blocks and lanes.
//
//	func TestScale(t *testing.T) {
//		nntest.Layer(t, nntest.Case{
//			Layer:   Scale{},
//			In:      []nn.Shape{{3, 4, 5}},
//			Formula: func(w, x [][]float64) []float64 { … },
//		})
//	}
//
// Refuses checks that a layer rejects inputs with a clear error.
package nntest
