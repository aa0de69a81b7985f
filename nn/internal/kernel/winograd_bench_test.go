package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// cpuTime is that of this thread, in nanoseconds.
func cpuTime() int64 {
	var ts syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 3, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

type winogradLayer struct {
	name             string
	in, out, side, n int
}

var winogradNets = map[string][]winogradLayer{
	"resnet20": {{"3-16@32", 3, 16, 32, 1}, {"16@32", 16, 16, 32, 6}, {"32@16", 32, 32, 16, 5}, {"64@8", 64, 64, 8, 5}},
	"vgg8":     {{"3-32@32", 3, 32, 32, 1}, {"32@32", 32, 32, 32, 1}, {"32-64@16", 32, 64, 16, 1}, {"64@16", 64, 64, 16, 1}, {"64-128@8", 64, 128, 8, 1}, {"128@8", 128, 128, 8, 1}},
	"other":    {{"8@16", 8, 8, 16, 1}, {"12@16", 12, 12, 16, 1}, {"8-32@16", 8, 32, 16, 1}, {"32-8@16", 32, 8, 16, 1}, {"16-32@16", 16, 32, 16, 1}, {"256@4", 256, 256, 4, 1}, {"64@4", 64, 64, 4, 1}, {"64@5", 64, 64, 5, 1}, {"64@6", 64, 64, 6, 1}, {"64@7", 64, 64, 7, 1}, {"64@9", 64, 64, 9, 1}, {"64@13", 64, 64, 13, 1}, {"64@3", 64, 64, 3, 1}},
}

// TestWinogradSpeed prints a table if WINO is set.
func TestWinogradSpeed(t *testing.T) {
	if os.Getenv("WINO") == "" {
		t.Skip("WINO is not set")
	}
	runtime.LockOSThread()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, net := range strings.Fields(os.Getenv("WINO")) {
		var sumDirect, sumFast float64
		for _, l := range winogradNets[net] {
			sq := square(l.in, l.out, l.side, 3, 1)
			c := sq.Plan()
			const blocks = 4
			x, y := Aligned(blocks*c.inputs()), Aligned(blocks*c.outputs())
			copy(x, random(rng, len(x)))
			w, b := random(rng, c.numWeights()), random(rng, c.Out)
			flops := float64(2*Lanes*9*l.in*l.out*l.side*l.side) * blocks
			f := c.fast()
			u := Aligned(f.Weights())
			FastWeights(u, w, nil, f)
			loads := []func(){func() {
				for k := range blocks {
					ConvForward(y[k*c.outputs():], x[k*c.inputs():], w, b, c)
				}
			}, func() {
				for k := range blocks {
					ConvFast(y[k*c.outputs():], x[k*c.inputs():], u, b, nil, f)
				}
			}}
			times := make([][]float64, len(loads))
			for range 30 {
				for i, load := range loads {
					begin := cpuTime()
					load()
					times[i] = append(times[i], float64(cpuTime()-begin))
				}
			}
			var ratio []float64
			for k := range times[0] {
				ratio = append(ratio, times[0][k]/times[1][k])
			}
			med := func(v []float64) float64 { v = slices.Sorted(slices.Values(v)); return v[len(v)/2] }
			sumDirect += med(times[0]) * float64(l.n)
			sumFast += med(times[1]) * float64(l.n)
			fmt.Printf("%-9s %-9s direct %6.1f GFLOP/s, fast %6.1f effective, %.2fx (chunk %v)\n", net, l.name, flops/med(times[0]), flops/med(times[1]), med(ratio), f.chunk)
		}
		fmt.Printf("%s sum: %.2fx\n", net, sumDirect/sumFast)
	}
}
