package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
)

func TestWinogradHack(t *testing.T) {
	if os.Getenv("WINO") == "" {
		t.Skip()
	}
	runtime.LockOSThread()
	rng := rand.New(rand.NewPCG(1, 2))
	k, width := avx512.winograd, 16
	for _, l := range []winogradLayer{{"16@32", 16, 16, 32, 6}, {"64@8", 64, 64, 8, 5}} {
		sq := square(l.in, l.out, l.side, 3, 1)
		c := sq.Plan()
		for hack := range 6 {
			const blocks = 2
			x, y := Aligned(blocks*c.inputs()), Aligned(blocks*c.outputs())
			copy(x, random(rng, len(x)))
			w, b := random(rng, c.numWeights()), random(rng, c.Out)
			f := newFast(c, c.forward)
			u := Aligned(f.Weights())
			FastWeights(u, w, f)
			var tm [3]int64
			kk := *k
			kk.input = func(a *winogradInputArgs) {
				aa := *a
				if hack&1 != 0 { // stores of v stay in L1
					a.vC = 0
				}
				if hack == 2 || hack == 3 { // loads of x stay in L1
					a.x0C, a.x1C, a.x2C, a.x3C, a.x4C, a.x5C = 0, 0, 0, 0, 0, 0
				}
				if hack >= 4 {
					a.vP, a.vD = 64, ^uintptr(0)-63+0*a.vD
					a.vD = uintptr(6*64) - a.tiles*64
				}
				s := cpuTime()
				k.input(a)
				tm[0] += cpuTime() - s
				aa.v = a.v
				*a = aa
			}
			kk.output = func(a *winogradOutputArgs) {
				aa := *a
				if hack&1 != 0 {
					a.mC = 0
				}
				if hack == 2 || hack == 3 {
					a.yC = 0
				}
				s := cpuTime()
				k.output(a)
				tm[2] += cpuTime() - s
				*a = aa
			}
			timed := kk.winograds(width)
			btm := [3]int64{1 << 60, 1 << 60, 1 << 60}
			for range 40 {
				tm = [3]int64{}
				for i := range blocks {
					timed.convFast(y[i*c.outputs():], x[i*c.inputs():], u, b, f)
				}
				for i := range tm {
					btm[i] = min(btm[i], tm[i])
				}
			}
			tiles := float64(blocks * l.side * l.side / 16)
			fmt.Printf("%-6s hack %d: input %.0f ns/tile·ch, output %.0f ns/tile·ch\n", l.name, hack, float64(btm[0])/tiles/float64(l.in), float64(btm[2])/tiles/float64(l.out))
		}
	}
}
