package nntest

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// line is y = slope·x + shift with all that an Op can say of itself, and ways to be wrong.
type line struct{ broken string }

func (line) Kind() string { return "line" }
func (line) Stem() string { return "line" }

func (l line) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return lineOp{l.broken, in[0], op.Whole}, nil
}

type lineOp struct {
	broken   string
	shape    nn.Shape
	op.Share // of the elements
}

func (o lineOp) is(broken string) bool { return o.broken == broken }

func (o lineOp) Shape() nn.Shape      { return o.shape }
func (o lineOp) MACs() int            { return 0 }
func (o lineOp) Split(i, n int) op.Op { return lineOp{o.broken, o.shape, op.Share{I: i, N: n}} }
func (o lineOp) InPlace() bool        { return true }
func (o lineOp) View(bool) bool       { return o.is("no view") }
func (o lineOp) Scratch() int         { return o.shape.Size() * nn.Lanes }

func (o lineOp) BackwardReads() (x, y bool) { return !o.is("reads x"), false }

func (o lineOp) Params() []nn.ParamSpec {
	one := nn.Shape{1}
	return []nn.ParamSpec{
		{Name: "slope", Shape: one, Role: nn.Weight, FanIn: 1, FanOut: 1},
		{Name: "shift", Shape: one, Role: nn.Bias, FanIn: 1, FanOut: 1},
	}
}

func (o lineOp) Forward(c *op.Call) {
	lo, hi := o.Of(len(c.Y.Data))
	x, y, product := c.X[0].Data[lo:hi], c.Y.Data[lo:hi], c.Scratch[lo:hi]
	if o.is("not in place") {
		fill(y, 0)
	}
	if !o.is("reads scratch") {
		clear(product)
	}
	for i, v := range x {
		product[i] += c.W[0][0] * v
		y[i] = product[i] + c.W[1][0]
	}
	if c.Training != nil && o.I == 1 && o.is("shares in training") {
		y[0]++
	}
}

func (o lineOp) Backward(c *op.Call) {
	x := c.X[0].Data
	if o.I == 0 && o.is("reads y") {
		for i, v := range c.Y.Data {
			c.Scratch[i] = (v - c.W[1][0]) / c.W[0][0]
		}
		x = c.Scratch
	}
	if o.I == 0 {
		for i, g := range c.DY.Data {
			if c.DW[0] != nil || o.is("writes unwanted") {
				c.DW[0][0] += g * x[i]
			}
			if c.DW[1] != nil {
				c.DW[1][0] += g
			}
		}
		if c.DW[0] == nil && c.DW[1] != nil && o.is("needs all") {
			c.DW[1][0]++
		}
	}
	c.Wait() // dx may be dy, of which the first share needs all
	dx := c.DX[0].Data
	if dx == nil {
		return
	}
	lo, hi := o.Of(len(dx))
	if o.is("dx not in place") {
		clear(dx[lo:hi])
	}
	for i := lo; i < hi; i++ {
		dx[i] = c.W[0][0] * c.DY.Data[i]
	}
}

// Planar multiplies in one step and adds in a second one.
func (o lineOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	maps := in[0]
	first := op.PlanarStep{To: maps, InPlace: !o.is("planar mixes")}
	first.Run = func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		o.planarProduct(s, w[0][0], maps, x[0], y)
	}
	pixels := o.is("planar scatters") || o.is("planar pixels")
	second := op.PlanarStep{To: maps, Mixes: pixels, Scatters: o.is("planar pixels")}
	second.Run = func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		lo, hi := maps.Share(s)
		lo, hi = lo*maps.Plane, hi*maps.Plane
		if pixels {
			lo, hi = s.Of(maps.Channels * maps.Plane)
		}
		for i := lo; i < hi; i++ {
			y[i] = x[0][i] + w[1][0]
		}
	}
	third := op.PlanarStep{To: maps, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := maps.Share(s)
		copy(y[lo*maps.Plane:hi*maps.Plane], x[0][lo*maps.Plane:])
	}}
	if o.is("planar shape") {
		third.To.H, third.To.W = maps.W, maps.H
	}
	if o.is("planar does nothing") {
		return nil, true
	}
	return []op.PlanarStep{first, second, third}, true
}

func (o lineOp) planarProduct(s op.Share, slope float32, maps op.Planes, x, y []float32) {
	lo, hi := maps.Share(s)
	if o.is("planar off") {
		slope *= 1.0001
	}
	if o.is("planar not in place") {
		fill(y[lo*maps.Plane:hi*maps.Plane], 0)
	}
	if o.is("planar writes x") {
		x[0] = 0
	}
	for c := lo; c < hi; c++ {
		for i := c * maps.Plane; i < (c+1)*maps.Plane; i++ {
			y[i] = slope * x[i]
		}
		switch {
		case o.is("planar mixes"):
			y[c*maps.Plane] += 0 * x[(maps.Channels-1-c)*maps.Plane]
		case o.is("planar reads between"):
			y[c*maps.Plane] += 0 * x[c*maps.Plane+maps.H*maps.W]
		case o.is("planar reads behind"):
			y[c*maps.Plane] += 0 * x[maps.Channels*maps.Plane]
		case o.is("planar workers"):
			y[c*maps.Plane] *= 1 + 1e-7*float32(s.N)
		}
	}
}

func lineFormula(w, x [][]float64) []float64 {
	y := make([]float64, len(x[0]))
	for i, v := range x[0] {
		y[i] = w[0][0]*v + w[1][0]
	}
	return y
}

func TestEachFalseClaimIsCaught(t *testing.T) {
	for broken, want := range map[string]string{
		"writes unwanted":      "the gradient of slope is not wanted: panic",
		"needs all":            "the gradient of shift changes when that of slope is not wanted",
		"reads x":              "reads more than BackwardReads says",
		"reads y":              "reads more than BackwardReads says",
		"not in place":         "the output changes when it has the memory of the input",
		"dx not in place":      "changes when that of the input has the memory",
		"no view":              "View, but the output",
		"shares in training":   "in training, 2 shares give other bits",
		"reads scratch":        "when the scratch held NaN",
		"planar off":           "from that in a block, need 2e-06",
		"planar mixes":         "the output changes with 2 workers",
		"planar scatters":      "the output changes with 2 workers",
		"planar reads between": "single sample: the output is NaN",
		"planar reads behind":  "single sample: the output is NaN",
		"planar not in place":  "in place, of which",
		"planar workers":       "the output changes with 2 workers",
		"planar writes x":      "input 0 changes",
		"planar does nothing":  "no steps, but it is no View",
		"planar shape":         "the output is laid out as",
	} {
		t.Run(broken, func(t *testing.T) {
			_, errs := check(Case{Layer: line{broken}, In: []nn.Shape{{3, 2, 5}}, Formula: lineFormula})
			wantError(t, errs, want)
		})
	}
	for _, right := range []string{"", "planar pixels"} {
		_, errs := check(Case{Layer: line{right}, In: []nn.Shape{{3, 2, 5}}, Formula: lineFormula})
		for _, err := range errs {
			t.Errorf("a correct layer (%s): %v", right, err)
		}
	}
}

// Layers that need statistics over the batch must be so in shares, too.
func TestSharesOfStatisticsAreChecked(t *testing.T) {
	for broken, want := range map[string]string{
		"":                    "",
		"not synchronized":    "its shares are not",
		"statistics":          "the statistics of block 0 change",
		"backward statistics": "in training, 2 shares give other bits",
		"merge":               "MergeForward of share 1 of 2",
		"running":             "UpdateRunning of share 1 of 2",
	} {
		b, err := newFixture(Case{Layer: layer.BatchNorm{}, In: []nn.Shape{{3, 2, 2}}})
		if err != nil {
			t.Fatal(err)
		}
		b.op = norm{b.op.(synchronizedSplitter), broken}
		if err := checkShares(b, nil); want != "" {
			wantError(t, []error{err}, want)
		} else if err != nil {
			t.Error(err)
		}
	}
}

type synchronizedSplitter interface {
	op.Synchronized
	op.Splitter
}

// norm is a batch normalisation whose shares are broken.
type norm struct {
	synchronizedSplitter
	broken string
}

func (o norm) Split(i, n int) op.Op {
	part := o.synchronizedSplitter.Split(i, n)
	if o.broken == "not synchronized" {
		return struct{ op.Op }{part}
	}
	return normShare{part.(op.Synchronized), o.broken, i}
}

type normShare struct {
	op.Synchronized
	broken string
	share  int
}

func (o normShare) is(broken string) bool { return o.share == 1 && o.broken == broken }

func (o normShare) ForwardStatistics(c *op.Call, stats []float64) {
	if !o.is("statistics") {
		o.Synchronized.ForwardStatistics(c, stats)
	}
}

func (o normShare) BackwardStatistics(c *op.Call, stats []float64) {
	if !o.is("backward statistics") {
		o.Synchronized.BackwardStatistics(c, stats)
	}
}

func (o normShare) MergeForward(blocks [][]float64, total []float64) {
	if !o.is("merge") {
		o.Synchronized.MergeForward(blocks, total)
	}
}

func (o normShare) UpdateRunning(w op.Weights, total []float64) {
	if !o.is("running") {
		o.Synchronized.UpdateRunning(w, total)
	}
}
