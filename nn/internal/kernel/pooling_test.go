package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// randomPool draws a geometry in which each window has a pixel in the map.
func randomPool(rng *rand.Rand) (*Pool, Padding) {
	for {
		p := Pool{
			C: 1 + rng.IntN(4), H: 1 + rng.IntN(9), W: 1 + rng.IntN(9), KH: 1 + rng.IntN(4), KW: 1 + rng.IntN(4),
			StrideH: 1 + rng.IntN(4), StrideW: 1 + rng.IntN(4), DilationH: 1 + rng.IntN(2), DilationW: 1 + rng.IntN(3),
			PadTop: rng.IntN(3), PadLeft: rng.IntN(3),
		}
		pads := Padding{rng.IntN(3), rng.IntN(3)}
		height := p.H + p.PadTop + pads.Bottom - p.DilationH*(p.KH-1) - 1
		width := p.W + p.PadLeft + pads.Right - p.DilationW*(p.KW-1) - 1
		if height < 0 || width < 0 {
			continue
		}
		p.OH, p.OW = height/p.StrideH+1, width/p.StrideW+1
		g, full := p.Plan(), true
		g.windows(func(w window) { full = full && w.rows*w.cols > 0 })
		if full {
			return g, pads
		}
	}
}

// eachPixel calls f for every pixel of every window, in the map or not.
func (p *Pool) eachPixel(f func(out, in int, inMap bool, y, x int)) {
	for o := range p.C * p.OH * p.OW {
		c, oy, ox := o/(p.OH*p.OW), o/p.OW%p.OH, o%p.OW
		for ky := range p.KH {
			for kx := range p.KW {
				y, x := oy*p.StrideH+ky*p.DilationH-p.PadTop, ox*p.StrideW+kx*p.DilationW-p.PadLeft
				inMap := y >= 0 && y < p.H && x >= 0 && x < p.W
				f(o, (c*p.H+y)*p.W+x, inMap, y, x)
			}
		}
	}
}

func TestPoolsEqualPlainLoopsOnRandomGeometry(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 300 {
		p, pads := randomPool(rng)
		what := fmt.Sprintf("%d: %+v, pads %+v", i, *p, pads)
		x, dy := random(rng, p.inputs()), random(rng, p.outputs())
		for k := range x {
			x[k] = float32(math.Round(float64(x[k]))) // many are equal
		}
		eachBackend(t, what, func(t *testing.T) {
			checkMaxPool(t, what, p, x, dy)
			if p.DilationH*p.DilationW == 1 {
				checkAveragePool(t, what, p, x, dy, nil)
				checkAveragePool(t, what, p, x, dy, &pads)
			}
		})
	}
}

func checkMaxPool(t *testing.T, what string, p *Pool, x, dy []float32) {
	t.Helper()
	y, dx := garbage(len(dy)), garbage(len(x))
	MaxPoolForward(y, x, p)
	MaxPoolBackward(dx, dy, x, y, p)
	best := make([]int, len(dy)) // the first of the largest
	for i := range best {
		best[i] = -1
	}
	p.eachPixel(func(out, in int, inMap bool, _, _ int) {
		for l := range Lanes {
			if b := &best[out*Lanes+l]; inMap && (*b < 0 || x[in*Lanes+l] > x[*b]) {
				*b = in*Lanes + l
			}
		}
	})
	want := make([]float32, len(x))
	for i, b := range best {
		want[b] += dy[i]
		if y[i] != x[b] {
			t.Fatalf("%s: y[%d] = %g, want %g", what, i, y[i], x[b])
		}
	}
	for i := range want {
		if dx[i] != want[i] {
			t.Fatalf("%s: dx[%d] = %g, want %g", what, i, dx[i], want[i])
		}
	}
}

func checkAveragePool(t *testing.T, what string, p *Pool, x, dy []float32, pads *Padding) {
	t.Helper()
	y, dx := garbage(len(dy)), garbage(len(x))
	AveragePoolForward(y, x, p, pads)
	AveragePoolBackward(dx, dy, p, pads)
	n := make([]int, len(dy)/Lanes)
	p.eachPixel(func(out, _ int, inMap bool, iy, ix int) {
		if inMap || pads != nil && iy < p.H+pads.Bottom && ix < p.W+pads.Right {
			n[out]++
		}
	})
	wantY, wantX := make([]float64, len(dy)), make([]float64, len(x))
	p.eachPixel(func(out, in int, inMap bool, _, _ int) {
		for l := range Lanes {
			if inMap {
				wantY[out*Lanes+l] += float64(x[in*Lanes+l]) / float64(n[out])
				wantX[in*Lanes+l] += float64(dy[out*Lanes+l]) / float64(n[out])
			}
		}
	})
	for name, got := range map[string][2]any{"y": {y, wantY}, "dx": {dx, wantX}} {
		want := got[1].([]float64)
		for i, v := range got[0].([]float32) {
			if d := math.Abs(float64(v) - want[i]); !(d <= 1e-5) {
				t.Fatalf("%s: %s[%d] = %g, want %g", what, name, i, v, want[i])
			}
		}
	}
}

func BenchmarkPools(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	p := Pool{C: 16, H: 24, W: 24, OH: 12, OW: 12, KH: 2, KW: 2, StrideH: 2, StrideW: 2, DilationH: 1, DilationW: 1}.Plan()
	x, y := random(rng, 16*24*24*Lanes), random(rng, 16*12*12*Lanes)
	dy, dx := random(rng, len(y)), random(rng, len(x))
	for name, f := range map[string]func(){
		"max":           func() { MaxPoolForward(y, x, p) },
		"max back":      func() { MaxPoolBackward(dx, dy, x, y, p) },
		"average":       func() { AveragePoolForward(y, x, p, nil) },
		"average back":  func() { AveragePoolBackward(dx, dy, p, nil) },
		"copy of a map": func() { copy(dx, x) },
	} {
		b.Run(name, func(b *testing.B) {
			MaxPoolForward(y, x, p)
			b.SetBytes(int64(4 * len(x)))
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
