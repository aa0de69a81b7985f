package nntest

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// scale is y = gain·x, with ways to be wrong.
type scale struct{ broken string }

func (scale) Kind() string { return "scale" }
func (scale) Stem() string { return "scale" }

func (s scale) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) == 0 && s.broken == "takes nothing" {
		return &scaleOp{feedOp{nn.Shape{1}}, s.broken, 0}, nil
	}
	op, err := feed{}.Bind(in)
	if err != nil {
		return nil, err
	}
	f := op.(feedOp)
	f.shape = in[0]
	return &scaleOp{f, s.broken, 0}, nil
}

type scaleOp struct {
	feedOp
	broken string
	last   float32 // a state, which an Op must not have
}

func (o *scaleOp) Params() []nn.ParamSpec {
	p := o.feedOp.Params()
	if o.broken == "no fan" {
		p[0].FanIn = 0
	}
	return p
}

func (o *scaleOp) Forward(c *op.Call) {
	o.feedOp.Forward(c)
	switch o.broken {
	case "output off":
		c.Y.Data[3] *= 1.001
	case "lanes mixed":
		c.Y.Data[0] += 1e-7 * c.X[0].Data[1]
	case "writes input":
		c.X[0].Data[0] = 0
	}
}

func (o *scaleOp) Backward(c *op.Call) {
	w, dw, x, dy, dx := c.W, c.DW, c.X, c.DY, c.DX
	if dw[0] == nil { // nobody checks what is broken then
		o.feedOp.Backward(c)
		return
	}
	if o.broken == "sets dw" {
		dw[0][0] = 0
	}
	if o.broken == "adds dx" {
		for i, g := range dy.Data {
			dx[0].Data[i] += w[0][0] * g
			dw[0][0] += g * x[0].Data[i]
		}
		return
	}
	o.feedOp.Backward(c)
	switch o.broken {
	case "dw off":
		dw[0][0] *= 1.0001
	case "dx off":
		if dx[0].Data != nil {
			dx[0].Data[1] *= 1.01
		}
	case "needs dx":
		if dx[0].Data == nil {
			dw[0][0]++
		}
	case "leaks":
		dw[0][0] += 1e-6 * x[0].Data[nn.Lanes-1]
	case "leaks dx":
		if dx[0].Data != nil {
			dx[0].Data[nn.Lanes-1] += 1e-9 * x[0].Data[nn.Lanes-1]
		}
	case "remembers":
		o.last++
		dw[0][0] += 1e-5 * o.last
	}
}

func scaleFormula(w, x [][]float64) []float64 {
	y := make([]float64, len(x[0]))
	for i, v := range x[0] {
		y[i] = w[0][0] * v
	}
	return y
}

func TestACorrectLayerPasses(t *testing.T) {
	Layer(t, Case{Layer: scale{}, In: []nn.Shape{{2, 3, 4}}, Formula: scaleFormula})
	Layer(t, Case{Layer: feed{nn.Shape{7}}, In: []nn.Shape{{5}}, Formula: func(w, x [][]float64) []float64 {
		y := make([]float64, 7)
		for i := range y {
			y[i] = w[0][0] * x[0][i%5]
		}
		return y
	}})
}

func TestEachWrongLayerIsCaught(t *testing.T) {
	for broken, want := range map[string]string{
		"takes nothing": "Bind without inputs",
		"no fan":        "fan-in 0",
		"output off":    "forward is",
		"lanes mixed":   "alone gives another output",
		"writes input":  "changes its inputs",
		"sets dw":       "does not add",
		"adds dx":       "does not overwrite",
		"dw off":        "gradient of gain",
		"dx off":        "gradient of input 0",
		"needs dx":      "is not wanted",
		"leaks":         "leak into the gradient of gain",
		"leaks dx":      "in a lane without a sample",
	} {
		t.Run(broken, func(t *testing.T) {
			_, errs := check(Case{Layer: scale{broken}, In: []nn.Shape{{2, 3}}, Formula: scaleFormula})
			wantError(t, errs, want)
		})
	}
}

// A layer that does not compute in training what its formula says.
func TestWrongTrainingIsCaught(t *testing.T) {
	double := func(w [][]float64, x [][][]float64) (y [][]float64) {
		for _, sample := range x {
			y = append(y, scaleFormula([][]float64{{2 * w[0][0]}}, sample))
		}
		return y
	}
	_, errs := check(Case{Layer: scale{}, In: []nn.Shape{{2, 3}}, Formula: scaleFormula, Training: double})
	wantError(t, errs, "in a step on 2 samples, the loss is")

	same := func(w [][]float64, x [][][]float64) (y [][]float64) {
		for _, sample := range x {
			y = append(y, scaleFormula(w, sample))
		}
		return y
	}
	for broken, want := range map[string]string{"": "", "dw off": "the gradient of layer.gain", "dx off": "the gradient of weigh0.weight"} {
		_, errs := check(Case{Layer: scale{broken}, In: []nn.Shape{{2, 3}}, Formula: scaleFormula, Training: same})
		if want != "" {
			wantError(t, errs, want)
		} else if len(errs) > 0 {
			t.Error(errs)
		}
	}
}

// What two shares add to shows as twice the gradient.
func TestSharesThatOverlapAreCaught(t *testing.T) {
	b, err := newFixture(Case{Layer: scale{}, In: []nn.Shape{{2, 3}}, Formula: scaleFormula})
	if err != nil {
		t.Fatal(err)
	}
	b.op = twice{b.op, -1}
	wantError(t, []error{checkShares(b, nil)}, "2 shares give other bits")
}

// twice leaves all work to its first share, which adds to the parameter's gradient as
// two would.
type twice struct {
	op.Op
	share int // −1: the whole
}

func (o twice) Split(i, n int) op.Op { return twice{o.Op, i} }

func (o twice) Forward(c *op.Call) {
	if o.share <= 0 {
		o.Op.Forward(c)
	}
}

func (o twice) Backward(c *op.Call) {
	if o.share <= 0 {
		o.Op.Backward(c)
		c.DW[0][0] *= float32(2 + o.share)
	}
}

// A layer that remembers is caught serially too, so that it does not take a race.
func TestAnOpWithAStateIsCaught(t *testing.T) {
	b, err := newFixture(Case{Layer: scale{"remembers"}, In: []nn.Shape{{2, 3}}, Formula: scaleFormula})
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, []error{checkBackwardContract(b, nil)}, "Backward does not add")
}

func wantError(t *testing.T, errs []error, want string) {
	t.Helper()
	for _, err := range errs {
		if err != nil && strings.Contains(err.Error(), want) {
			return
		}
	}
	t.Errorf("no error says %q: %v", want, errs)
}

// A formula with a kink where two elements are equal must not meet one.
func TestDistinctInputsAreFarApart(t *testing.T) {
	b, err := newFixture(Case{Layer: scale{}, In: []nn.Shape{{6, 7, 8}}, Formula: scaleFormula, Distinct: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range b.x {
		v := slices.Clone(x[0])
		for i := range v {
			v[i] = max(v[i], -v[i])
		}
		slices.Sort(v)
		for i := 1; i < len(v); i++ {
			if v[i]-v[i-1] < 1e-3 || v[0] < 0.05 || v[len(v)-1] > 1.5 {
				t.Fatalf("%v and %v in a sample of %d", v[i-1], v[i], len(v))
			}
		}
	}
}
