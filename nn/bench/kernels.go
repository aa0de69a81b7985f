package bench

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// KernelRow is the speed of one kernel alone, on blocks of 16 samples, a block of its
// own for each worker.
type KernelRow struct {
	Kernel  string `json:"kernel"`
	Shape   string `json:"shape"`
	Workers int    `json:"workers"`
	// US are microseconds for all blocks, 16 samples for each worker.
	US float64 `json:"us"`
	// Convolutions and dense layers have FLOPs, counted where kernel and map overlap.
	GFLOPS      float64 `json:"gflops,omitempty"`
	ShareOfPeak float64 `json:"share_of_peak,omitempty"`
	// Activations, losses and updates have elements.
	ElementsPerS float64 `json:"elements_per_s,omitempty"`
}

// A kernelCase is a kernel on one shape. A call of what prepare returns does it once.
type kernelCase struct {
	name, shape string
	flops       int // of a call
	elements    int // of a call, if there are no FLOPs
	prepare     func() func()
}

// Kernels measures each kernel whose name contains the text alone, with each number of
// workers, and calls row as soon as it has one.
func Kernels(text string, workers []int, seconds float64, row func(KernelRow)) error {
	cases, err := kernelCases()
	if err != nil {
		return err
	}
	for _, k := range cases {
		if !strings.Contains(k.name, text) {
			continue
		}
		var loads []load // for each number of workers the kernel, then the peak
		for _, w := range workers {
			loads = append(loads, k.load(w), peak(w))
		}
		m, err := alternate(seconds, loads...)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		for i, w := range workers {
			r := KernelRow{Kernel: k.name, Shape: k.shape, Workers: w}
			calls := m.rate(2 * i)
			r.US = float64(w) / calls * 1e6
			if k.flops > 0 {
				r.GFLOPS = calls * float64(k.flops) / 1e9
				r.ShareOfPeak = m.ratio(2*i, 2*i+1) * float64(k.flops)
			} else {
				r.ElementsPerS = calls * float64(k.elements)
			}
			row(r)
		}
	}
	return nil
}

// KernelNames lists the names that Kernels looks at, each once.
func KernelNames() (names []string, err error) {
	cases, err := kernelCases()
	for _, k := range cases {
		if !slices.Contains(names, k.name) {
			names = append(names, k.name)
		}
	}
	return names, err
}

// load counts calls.
func (k kernelCase) load(workers int) (l load) {
	for range workers {
		call := k.prepare()
		l = append(l, func() (float64, error) {
			call()
			return 1, nil
		})
	}
	return l
}

// kernelCases are those of the study's network, then convolutions of other sizes.
func kernelCases() ([]kernelCase, error) {
	cases := convCases("study conv1", square(1, 8, 28, 7, 0))
	cases = cases[:2] // nobody wants the gradient of the pictures
	cases = append(cases, convCases("study conv2", square(8, 8, 22, 5, 0))...)
	cases = append(cases, denseCases(2592, 10)...)
	acts, err := activationCases()
	if err != nil {
		return nil, err
	}
	cases = append(cases, acts...)
	cases = append(cases, stepCases()...)
	for _, s := range []struct{ channels, side int }{{16, 32}, {64, 16}, {256, 8}} {
		for _, size := range []int{3, 1} {
			name := fmt.Sprintf("conv %d×%d", size, size)
			cases = append(cases, convCases(name, square(s.channels, s.channels, s.side, size, size/2))...)
		}
	}
	return cases, nil
}

// square is a convolution with square maps and kernel.
func square(in, out, side, size, pad int) kernel.Conv {
	o := side + 2*pad - size + 1
	return kernel.Conv{
		In: in, Out: out, H: side, W: side, OH: o, OW: o, KH: size, KW: size,
		StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, PadTop: pad, PadLeft: pad, Groups: 1,
	}
}

// convCases are the three directions of a convolution with stride 1: forward, gradient
// of the weights, gradient of the input.
func convCases(name string, g kernel.Conv) []kernelCase {
	c := g.Plan() // which may take the map for another one of the same size
	shape := fmt.Sprintf("(%d, %d, %d) to %d channels", g.In, g.H, g.W, g.Out)
	flops := 2 * kernel.Lanes * g.In * g.Out * overlaps(g.H, g.OH, g.KH, g.PadTop) * overlaps(g.W, g.OW, g.KW, g.PadLeft)
	x, y, w := g.In*g.H*g.W*kernel.Lanes, g.Out*g.OH*g.OW*kernel.Lanes, g.In*g.Out*g.KH*g.KW
	prepare := func(run func(x, y, w, b []float32)) func() func() {
		return func() func() {
			x, y, w, b := numbers(x), numbers(y), numbers(w), numbers(g.Out)
			return func() { run(x, y, w, b) }
		}
	}
	return []kernelCase{
		{name: name + " forward", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, b []float32) { kernel.ConvForward(y, x, w, b, c) })},
		{name: name + " dW", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, b []float32) { kernel.ConvWeightGrad(w, b, y, x, c) })},
		{name: name + " dX", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, _ []float32) { kernel.ConvInputGrad(x, y, w, c) })},
	}
}

// overlaps is how many pairs of output and tap along one axis meet the map: zeros
// around it are no work that anybody asked for.
func overlaps(in, out, size, pad int) (n int) {
	for o := range out {
		for k := range size {
			if i := o + k - pad; i >= 0 && i < in {
				n++
			}
		}
	}
	return n
}

func denseCases(in, out int) []kernelCase {
	d := kernel.NewDense(in, out)
	shape := fmt.Sprintf("%d to %d", in, out)
	prepare := func(run func(x, y, w, b []float32)) func() func() {
		return func() func() {
			x, y, w, b := numbers(in*kernel.Lanes), numbers(out*kernel.Lanes), numbers(in*out), numbers(out)
			return func() { run(x, y, w, b) }
		}
	}
	flops := 2 * kernel.Lanes * in * out
	return []kernelCase{
		{name: "study dense forward", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, b []float32) { kernel.DenseForward(y, x, w, b, d) })},
		{name: "study dense dW", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, b []float32) { kernel.DenseWeightGrad(w, b, y, x, d) })},
		{name: "study dense dX", shape: shape, flops: flops,
			prepare: prepare(func(x, y, w, _ []float32) { kernel.DenseInputGrad(x, y, w, d) })},
	}
}

// numbers are n values between −1 and 1, none of them denormal.
func numbers(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32((i*37)%101-50)/50 + 1e-3
	}
	return v
}
