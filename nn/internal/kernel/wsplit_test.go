package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
)

func TestWinogradSplit(t *testing.T) {
	if os.Getenv("WINO") == "" {
		t.Skip()
	}
	runtime.LockOSThread()
	rng := rand.New(rand.NewPCG(1, 2))
	k, width := avx512.winograd, 16
	peak := Prober(Peak)
	p0 := cpuTime()
	n := 0
	for range 200 {
		n += peak()
	}
	fmt.Printf("peak %.1f GFLOP/s\n", float64(n)/float64(cpuTime()-p0))
	for _, l := range []winogradLayer{{"16@32", 16, 16, 32, 6}, {"32@16", 32, 32, 16, 5}, {"64@8", 64, 64, 8, 5}, {"32@32", 32, 32, 32, 1}, {"64@16", 64, 64, 16, 1}, {"128@8", 128, 128, 8, 1}} {
		sq := square(l.in, l.out, l.side, 3, 1)
		c := sq.Plan()
		for _, chunk := range [][2]int{{1, 2}, {2, 2}, {1, 4}, {1, 8}, {2, 4}, {4, 4}, {2, 8}} {
			for _, outs := range []int{16, 32, 64} {
				if chunk[1]*4 > l.side || chunk[0]*4 > l.side || outs > l.out {
					continue
				}
				const blocks = 2
				x, y := Aligned(blocks*c.inputs()), Aligned(blocks*c.outputs())
				copy(x, random(rng, len(x)))
				w, b := random(rng, c.numWeights()), random(rng, c.Out)
				flops := float64(2*Lanes*9*l.in*l.out*l.side*l.side) * blocks
				f := newFast(c, c.forward)
				f.chunk, f.outs = chunk, outs
				u := Aligned(f.Weights())
				FastWeights(u, w, f)
				var tm [3]int64
				kk := *k
				kk.input = func(a *winogradInputArgs) { s := cpuTime(); k.input(a); tm[0] += cpuTime() - s }
				kk.output = func(a *winogradOutputArgs) { s := cpuTime(); k.output(a); tm[2] += cpuTime() - s }
				kk.products = nil
				for _, pr := range k.products {
					kk.products = append(kk.products, func(a *winogradProductArgs) { s := cpuTime(); pr(a); tm[1] += cpuTime() - s })
				}
				plain, timed := k.winograds(width), kk.winograds(width)
				best := int64(1 << 60)
				for range 20 {
					s := cpuTime()
					for i := range blocks {
						plain.convFast(y[i*c.outputs():], x[i*c.inputs():], u, b, f)
					}
					best = min(best, cpuTime()-s)
				}
				btm := [3]int64{1 << 60, 1 << 60, 1 << 60}
				for range 20 {
					tm = [3]int64{}
					for i := range blocks {
						timed.convFast(y[i*c.outputs():], x[i*c.inputs():], u, b, f)
					}
					for i := range tm {
						btm[i] = min(btm[i], tm[i])
					}
				}
				tiles := float64(blocks * l.side * l.side / 16)
				fmt.Printf("%-6s chunk %v outs %2d: best %6.1f eff GFLOP/s; input %.0f ns/tile·ch, output %.0f ns/tile·ch, products %.1f GFLOP/s; share %.0f %.0f %.0f us\n", l.name, chunk, outs, flops/float64(best),
					float64(btm[0])/tiles/float64(l.in), float64(btm[2])/tiles/float64(l.out), flops/4/float64(btm[1]), float64(btm[0])/1000, float64(btm[1])/1000, float64(btm[2])/1000)
			}
		}
	}
}
