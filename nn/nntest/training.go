package nntest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// trainingTolerance is by norm. A layer that subtracts means over the batch loses some digits.
const trainingTolerance = 3e-5

// checkTraining compares a training step with finite differences of the loss over the whole
// batch, if Case.Training is set. Each input of the layer is multiplied by weights, whose
// gradients check those of the inputs.
func checkTraining(b *fixture, r *report) error {
	if b.Training == nil {
		return nil
	}
	for _, n := range []int{2, 5, 16, 17, 33} {
		t, err := newTraining(b, n)
		if err != nil {
			return err
		}
		if err := t.check(r); err != nil {
			return fmt.Errorf("in a step on %d samples, %w", n, err)
		}
	}
	return nil
}

// training is a network around the layer, a batch, and its parameters in float64.
type training struct {
	*fixture
	net    *nn.Network
	data   *nn.TensorSamples
	idx    []int
	params [][]float64
}

func newTraining(b *fixture, n int) (*training, error) {
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	net, data, idx, err := b.network(n, rng, func(s nn.Shape) nn.Layer { return weigh{s} })
	if err != nil {
		return nil, err
	}
	t := &training{fixture: b, net: net, data: data, idx: idx}
	for _, p := range net.Params() {
		t.params = append(t.params, wide([][]float32{p.Data})[0])
	}
	return t, nil
}

func (t *training) check(r *report) error {
	s := nn.NewStepper(t.net, loss.CrossEntropy{}, 2)
	stats, err := s.Step(t.data, t.idx)
	if err != nil {
		return err
	}
	if want := t.loss(); !(math.Abs(stats.Loss()-want) <= 1e-5*want) {
		return fmt.Errorf("the loss is %.9g, that of the formula %.9g", stats.Loss(), want)
	}
	want := partials(t.params, t.loss)
	for i, p := range t.net.Params() {
		if !p.Role.Trained() {
			continue
		}
		got := wide([][]float32{s.Grads()[p]})[0]
		d := distance(got, want[i])
		r.training = max(r.training, d)
		r.values += len(got)
		if !(d <= trainingTolerance) {
			return fmt.Errorf("the gradient of %s is %.1e from finite differences, need %.0e; %s", p.FullName(), d, trainingTolerance, worst(got, want[i]))
		}
	}
	return nil
}

// loss is the mean cross-entropy of the batch by formulas.
func (t *training) loss() (sum float64) {
	inputs := len(t.In)
	layer, dense := t.params[inputs:len(t.params)-2], t.params[len(t.params)-2:]
	x := make([][][]float64, len(t.idx))
	for s := range x {
		sample := t.data.X.Sample(s)
		for i := range inputs {
			v := make([]float64, len(t.params[i]))
			for j, w := range t.params[i] {
				v[j] = w * float64(sample[j%len(sample)])
			}
			x[s] = append(x[s], v)
		}
	}
	for s, y := range t.Training(layer, x) {
		z, total := make([]float64, classes), 0.0
		for k := range z {
			z[k] = dense[1][k]
			for i, v := range y {
				z[k] += dense[0][k*len(y)+i] * v
			}
			total += math.Exp(z[k])
		}
		sum += (math.Log(total) - z[t.data.Label(s)]) / float64(len(x))
	}
	return sum
}

// weigh maps the network's input to any shape with a weight for each value:
// y[i] = w[i]·x[i mod len(x)].
type weigh struct{ shape nn.Shape }

func (weigh) Kind() string { return "weigh" }
func (weigh) Stem() string { return "weigh" }

func (w weigh) Bind([]nn.Shape) (op.Op, error) { return weighOp(w), nil }

type weighOp struct{ shape nn.Shape }

func (o weighOp) Shape() nn.Shape { return o.shape }
func (o weighOp) MACs() int       { return 0 }
func (o weighOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "weight", Shape: o.shape, Role: nn.Weight, FanIn: 1, FanOut: 1}}
}

func (o weighOp) Forward(c *op.Call) {
	for i := range c.Y.Data {
		c.Y.Data[i] = c.W[0][i/nn.Lanes] * c.X[0].Data[i%len(c.X[0].Data)]
	}
}

func (o weighOp) Backward(c *op.Call) {
	dw, x, dy := c.DW, c.X, c.DY
	for i, g := range dy.Data {
		dw[0][i/nn.Lanes] += g * x[0].Data[i%len(x[0].Data)]
	}
}
