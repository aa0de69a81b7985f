package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

func TestWinogradEqualsDirect(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][3]int{{16, 16, 32}, {32, 32, 16}, {64, 64, 8}, {5, 7, 9}, {3, 10, 7}, {8, 12, 13}} {
		for _, m := range []int{2, 4} {
			for _, size := range []int{4, 8} {
				for _, pad := range []int{0, 1} {
					sq := square(shape[0], shape[1], shape[2], 3, pad)
					c := sq.Plan()
					x, w, b := random(rng, c.inputs()), random(rng, c.numWeights()), random(rng, c.Out)
					y, want := make([]float32, c.outputs()), make([]float32, c.outputs())
					ConvForward(want, x, w, b, c)
					f := NewWinograd(c, m, size, 0, 0)
					u := make([]float32, f.Weights())
					f.Transform(u, w)
					f.Forward(y, x, u, b)
					worst, sum := 0., 0.
					for i := range y {
						worst = max(worst, math.Abs(float64(y[i]-want[i])))
						sum += float64(want[i]) * float64(want[i])
					}
					rms := math.Sqrt(sum / float64(len(y)))
					if !(worst/rms < 1e-4) {
						t.Errorf("%v F(%d) size %d pad %d: %g", shape, m, size, pad, worst/rms)
					}
				}
			}
		}
	}
}

type winogradLayer struct {
	name             string
	in, out, side, n int
}

var winogradNets = map[string][]winogradLayer{
	"resnet20": {{"16@32", 16, 16, 32, 6}, {"32@16", 32, 32, 16, 5}, {"64@8", 64, 64, 8, 5}},
	"vgg8":     {{"32@32", 32, 32, 32, 1}, {"32-64@16", 32, 64, 16, 1}, {"64@16", 64, 64, 16, 1}, {"64-128@8", 64, 128, 8, 1}, {"128@8", 128, 128, 8, 1}},
}

// TestWinogradSpeed prints a table if WINO is set.
func TestWinogradSpeed(t *testing.T) {
	if os.Getenv("WINO") == "" {
		t.Skip("WINO is not set")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	type variant struct{ m, size, rows, outs int }
	for _, net := range []string{"resnet20", "vgg8"} {
		for _, l := range winogradNets[net] {
			sq := square(l.in, l.out, l.side, 3, 1)
			c := sq.Plan()
			const blocks = 4
			x, y := Aligned(blocks*c.inputs()), Aligned(blocks*c.outputs())
			copy(x, random(rng, len(x)))
			w, b := random(rng, c.numWeights()), random(rng, c.Out)
			flops := float64(2*Lanes*9*l.in*l.out*l.side*l.side) * blocks
			var variants []variant
			for _, m := range []int{2, 4} {
				for _, size := range []int{4, 8} {
					for _, tiles := range []int{4, 8, 16, 24} {
						rows := tiles * m / l.side
						if rows < 1 || rows*m > l.side {
							continue
						}
						for _, outs := range []int{0, 16, 32} {
							if outs < l.out {
								variants = append(variants, variant{m, size, rows, outs})
							}
						}
					}
				}
			}
			loads := []func(){func() {
				for k := range blocks {
					ConvForward(y[k*c.outputs():], x[k*c.inputs():], w, b, c)
				}
			}}
			var fs []*Winograd
			var us [][]float32
			for _, v := range variants {
				f := NewWinograd(c, v.m, v.size, v.rows, v.outs)
				u := Aligned(f.Weights())
				f.Transform(u, w)
				fs, us = append(fs, f), append(us, u)
				loads = append(loads, func() {
					for k := range blocks {
						f.Forward(y[k*c.outputs():], x[k*c.inputs():], u, b)
					}
				})
			}
			times := make([][]float64, len(loads))
			for range 25 {
				for i, load := range loads {
					begin := time.Now()
					for range 2 {
						load()
					}
					times[i] = append(times[i], float64(time.Since(begin))/2)
				}
			}
			direct := slices.Clone(times[0])
			slices.Sort(direct)
			fmt.Printf("%s %s direct %.1f GFLOP/s\n", net, l.name, flops/direct[len(direct)/2])
			for i, v := range variants {
				ratio := make([]float64, len(direct))
				for k := range ratio {
					ratio[k] = times[0][k] / times[i+1][k]
				}
				slices.Sort(ratio)
				own := slices.Clone(times[i+1])
				slices.Sort(own)
				f := fs[i]
				f.Times = new([3]int64)
				for range 4 {
					for k := range blocks {
						f.Forward(y[k*c.outputs():], x[k*c.inputs():], us[i], b)
					}
				}
				tot := float64(f.Times[0]+f.Times[1]+f.Times[2]) / 100
				fmt.Printf("  F(%d) size %d tiles %2d outs %3d: %.2fx  %6.1f eff. GFLOP/s, split %2.0f/%2.0f/%2.0f %%, products at %.1f GFLOP/s\n", v.m, v.size, f.rows*f.tileW, f.outs,
					ratio[len(ratio)/2], flops/own[len(own)/2],
					float64(f.Times[0])/tot, float64(f.Times[1])/tot, float64(f.Times[2])/tot,
					4*flops*float64(f.n*f.n)/float64(9*f.m*f.m)/float64(f.Times[1]))
			}
		}
	}
}
