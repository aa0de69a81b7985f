package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// sums holds float32 sums against float64: value[i] of n[i] terms may be off by
// n·2⁻²⁴·Σ|x·y|, the bound for any order of summation.
type sums struct {
	value, weight []float64 // Σ x·y and Σ |x·y|
	n             []int
}

func newSums(size int) *sums {
	return &sums{make([]float64, size), make([]float64, size), make([]int, size)}
}

func (s *sums) add(i int, a, b float32) {
	p := float64(a) * float64(b)
	s.value[i] += p
	s.weight[i] += math.Abs(p)
	s.n[i]++
}

// start counts what was there before as a term.
func (s *sums) start(v []float32) {
	for i, x := range v {
		s.add(i, x, 1)
	}
}

func (s *sums) check(t *testing.T, what string, got []float32) {
	t.Helper()
	for i, v := range got {
		bound := float64(s.n[i]) * s.weight[i] / (1 << 24)
		if d := math.Abs(float64(v) - s.value[i]); !(d <= bound) {
			t.Fatalf("%s[%d] = %g, want %g ± %.1e (%d terms)", what, i, v, s.value[i], bound, s.n[i])
		}
	}
}

// some is n, or a few in short mode: emulated processors take long.
func some(n int) int {
	if testing.Short() {
		return max(1, n/10)
	}
	return n
}

func random(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

// randomConv draws a geometry, and makes one dimension in three awkward.
func randomConv(rng *rand.Rand) *Conv {
	for {
		c := Conv{
			Groups: 1 + rng.IntN(3), H: 1 + rng.IntN(9), W: 1 + rng.IntN(12),
			KH: 1 + rng.IntN(5), KW: 1 + rng.IntN(9),
			StrideH: 1 + rng.IntN(3), StrideW: 1 + rng.IntN(3)*rng.IntN(2),
			DilationH: 1 + rng.IntN(2), DilationW: 1 + rng.IntN(3)*rng.IntN(2),
			PadTop: rng.IntN(4), PadLeft: rng.IntN(6),
		}
		c.In, c.Out = c.Groups*(1+rng.IntN(2)), c.Groups*(1+rng.IntN(9))
		if rng.IntN(8) == 0 { // many channels, which are padded and taken in blocks
			c.In, c.Out = c.Groups*(1+rng.IntN(20)), c.Groups*(32+rng.IntN(6))
			c.H, c.KH, c.KW = min(c.H, 4), min(c.KH, 3), min(c.KW, 4) // whose few pixels are as good a test
		}
		if rng.IntN(8) == 0 { // whole cache pages
			c.H, c.W = 8, 8
		}
		if rng.IntN(6) == 0 { // depthwise
			c.Groups = 2 + rng.IntN(5)
			c.In, c.Out = c.Groups, c.Groups
			if rng.IntN(3) > 0 {
				c.KH, c.KW = 3, 3
			}
		}
		height := c.H + c.PadTop + rng.IntN(4) - c.DilationH*(c.KH-1) - 1
		width := c.W + c.PadLeft + rng.IntN(6) - c.DilationW*(c.KW-1) - 1
		if height >= 0 && width >= 0 {
			c.OH, c.OW = height/c.StrideH+1, width/c.StrideW+1
			return c.Plan()
		}
	}
}

func (c *Conv) inputs() int     { return c.In * c.H * c.W * Lanes }
func (c *Conv) outputs() int    { return c.Out * c.OH * c.OW * Lanes }
func (c *Conv) numWeights() int { return c.Out * c.In / c.Groups * c.KH * c.KW }

// eachProduct calls f for every product of a convolution: output pixel y, input
// pixel x (times 16, plus the lane) and weight.
func (c *Conv) eachProduct(f func(y, x, w int)) {
	perGroup, outPerGroup := c.In/c.Groups, c.Out/c.Groups
	for oc := range c.Out {
		for oy := range c.OH {
			for ox := range c.OW {
				for k := range perGroup {
					for ky := range c.KH {
						for kx := range c.KW {
							iy, ix := oy*c.StrideH+ky*c.DilationH-c.PadTop, ox*c.StrideW+kx*c.DilationW-c.PadLeft
							if iy < 0 || iy >= c.H || ix < 0 || ix >= c.W {
								continue
							}
							ic := oc/outPerGroup*perGroup + k
							f((oc*c.OH+oy)*c.OW+ox, (ic*c.H+iy)*c.W+ix, ((oc*perGroup+k)*c.KH+ky)*c.KW+kx)
						}
					}
				}
			}
		}
	}
}

func TestConvEqualsPlainLoopsOnRandomGeometry(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for i := range some(400) {
		c := randomConv(rng)
		eachBackend(t, fmt.Sprintf("%d: %d→%d channels, %d×%d by %d×%d", i, c.In, c.Out, c.H, c.W, c.KH, c.KW), func(t *testing.T) {
			x, dy := random(rng, c.In*c.H*c.W*Lanes), random(rng, c.Out*c.OH*c.OW*Lanes)
			w, b := random(rng, c.Out*c.In/c.Groups*c.KH*c.KW), random(rng, c.Out)
			if i%4 == 0 {
				b = nil
			}
			checkConvForward(t, c, x, w, b)
			checkConvInputGrad(t, c, dy, w)
			checkConvWeightGrad(t, c, dy, x, random(rng, len(w)), random(rng, c.Out))
		})
	}
}

// A map one column wide has rows of one pixel at its edges, for which there are tiles of
// more channels than are packed together.
func TestConvOfOneColumnWithPackedWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	c := Conv{In: 21, Out: 37, H: 64, W: 1, OH: 64, OW: 1, KH: 3, KW: 1, PadTop: 1}.withDefaults().Plan()
	eachBackend(t, "", func(t *testing.T) {
		checkConvForward(t, c, random(rng, c.inputs()), random(rng, c.numWeights()), random(rng, c.Out))
		checkConvInputGrad(t, c, random(rng, c.outputs()), random(rng, c.numWeights()))
	})
}

func checkConvForward(t *testing.T, c *Conv, x, w, b []float32) {
	t.Helper()
	y := garbage(c.Out * c.OH * c.OW * Lanes)
	ConvForward(y, x, w, b, c)
	want := newSums(len(y))
	for i := range y {
		if b != nil {
			want.add(i, b[i/(c.OH*c.OW*Lanes)], 1)
		}
	}
	c.eachProduct(func(yi, xi, wi int) {
		for l := range Lanes {
			want.add(yi*Lanes+l, w[wi], x[xi*Lanes+l])
		}
	})
	want.check(t, "y", y)
}

func checkConvInputGrad(t *testing.T, c *Conv, dy, w []float32) {
	t.Helper()
	dx := garbage(c.In * c.H * c.W * Lanes)
	ConvInputGrad(dx, dy, w, c)
	want := newSums(len(dx))
	c.eachProduct(func(yi, xi, wi int) {
		for l := range Lanes {
			want.add(xi*Lanes+l, w[wi], dy[yi*Lanes+l])
		}
	})
	want.check(t, "dx", dx)
	before := random(rand.New(rand.NewPCG(1, 2)), len(dx))
	for i, v := range before {
		want.add(i, v, 1)
	}
	ConvAddInputGrad(before, dy, w, c)
	want.check(t, "dx that is added to", before)
}

func checkConvWeightGrad(t *testing.T, c *Conv, dy, x, dw, db []float32) {
	t.Helper()
	wantW, wantB := newSums(len(dw)), newSums(len(db))
	wantW.start(dw)
	wantB.start(db)
	c.eachProduct(func(yi, xi, wi int) {
		for l := range Lanes {
			wantW.add(wi, dy[yi*Lanes+l], x[xi*Lanes+l])
		}
	})
	for i, g := range dy {
		wantB.add(i/(c.OH*c.OW*Lanes), g, 1)
	}
	again := append([]float32(nil), dw...)
	ConvWeightGrad(dw, db, dy, x, c)
	wantW.check(t, "dw", dw)
	wantB.check(t, "db", db)
	ConvWeightGrad(again, nil, dy, x, c)
	wantW.check(t, "dw without bias", again)
}

// garbage is what an output holds before: it must be overwritten.
func garbage(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(math.NaN())
	}
	return v
}
