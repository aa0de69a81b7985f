package kernel

import (
	"fmt"
	"math"
	"testing"
)

// The pools of one sample are those of sixteen, up to the order of sums.
func TestPlanePoolsAreThoseOfBlocks(t *testing.T) {
	for i, p := range []Pool{
		{C: 1, H: 6, W: 8, OH: 3, OW: 4, KH: 2, KW: 2, StrideH: 2, StrideW: 2, DilationH: 1, DilationW: 1},
		{C: 1, H: 7, W: 5, OH: 4, OW: 3, KH: 3, KW: 3, StrideH: 2, StrideW: 2, DilationH: 1, DilationW: 1, PadTop: 1, PadLeft: 1},
		{C: 1, H: 9, W: 8, OH: 3, OW: 4, KH: 3, KW: 2, StrideH: 2, StrideW: 1, DilationH: 2, DilationW: 3},
		{C: 1, H: 2, W: planeRow + 3, OH: 1, OW: 1, KH: 2, KW: planeRow + 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1},
	} {
		for _, pads := range []*Padding{nil, {Bottom: 1, Right: 1}} {
			g := p.Plan()
			x, block := make([]float32, p.H*p.W), make([]float32, p.H*p.W*Lanes)
			for k := range x {
				x[k] = float32(k*7919%1000)/500 - 1
				if i == 1 && k == 8 {
					x[k] = float32(math.NaN())
				}
				block[k*Lanes] = x[k]
			}
			y, want := make([]float32, p.OH*p.OW), make([]float32, p.OH*p.OW*Lanes)
			check := func(what string, tolerance float64) {
				for k, v := range y {
					w := want[k*Lanes]
					if !(math.Abs(float64(v-w)) <= tolerance) && !(v != v && w != w) {
						t.Errorf("%s, pixel %d: %g, want %g", what, k, v, w)
					}
				}
			}
			MaxPoolPlane(y, x, g)
			MaxPoolForward(want, block, g)
			check(fmt.Sprint("maximum ", i), 0)
			AveragePoolPlane(y, x, g, pads)
			AveragePoolForward(want, block, g, pads)
			check(fmt.Sprint("mean ", i), 1e-6)
		}
	}
}

func TestDenseTransposedSingle(t *testing.T) {
	for rows := range 10 {
		const pitch, n = 5, 3
		x, w, y := make([]float32, rows), make([]float32, rows*pitch), []float32{7, 7, 7}
		var want [n]float32
		for i := range x {
			x[i] = float32(i%3) - 1.5
			for j := range pitch {
				w[i*pitch+j] = float32((i*pitch+j)*7%11) / 4
				if j < n {
					want[j] += x[i] * w[i*pitch+j]
				}
			}
		}
		if DenseTransposedSingle(y, x, w, pitch); [n]float32(y) != want {
			t.Errorf("%d rows give %v, want %v", rows, y, want)
		}
	}
}
