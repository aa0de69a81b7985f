package cause

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// network builds a preset with random weights, slopes and statistics under which all layers are
// alive, and a batch for it.
func network(t testing.TB, name string, in nn.Shape, act string, seed uint64, samples int) (*nn.Network, *nn.Tensor) {
	t.Helper()
	net, err := preset.Build(name, in, 10, activation.Must(act))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	net.Init(nn.KerasInit, seed)
	x := images(in, samples, rng)
	randomise(t, net, x, rng)
	return net, x
}

// images are smooth random pictures from 0 to 1.
func images(in nn.Shape, samples int, rng *rand.Rand) *nn.Tensor {
	x := nn.NewTensor(append([]int{samples}, in...)...)
	h, w := in[1], in[2]
	for i := range samples * in[0] {
		a, b, c := rng.Float64()*0.8, rng.Float64()*0.8, rng.Float64()*6
		for k := range h * w {
			v := 0.5 + 0.3*math.Sin(a*float64(k/w)+b*float64(k%w)+c) + 0.2*rng.Float64()
			x.Data[i*h*w+k] = float32(v)
		}
	}
	return x
}

func randomise(t testing.TB, net *nn.Network, x *nn.Tensor, rng *rand.Rand) {
	t.Helper()
	uniform := func(v []float32, from, to float64) {
		for i := range v {
			v[i] = float32(from + rng.Float64()*(to-from))
		}
	}
	for _, p := range net.Params() {
		switch p.Role {
		case nn.Bias:
			uniform(p.Data, -0.3, 0.3)
		case nn.Slope:
			uniform(p.Data, -0.3, 0.6)
		case nn.Beta:
			uniform(p.Data, 0.6, 1.6)
		case nn.Scale:
			uniform(p.Data, 0.6, 1.4)
		}
	}
	for _, node := range net.Nodes() {
		if _, ok := node.Layer.(layer.BatchNorm); !ok {
			continue
		}
		values, err := run(net, batch{"input": x}, node.Inputs[0])
		if err != nil {
			t.Fatal(err)
		}
		statistics(values[node.Inputs[0]], net.Param(node.Name+".running_mean").Data, net.Param(node.Name+".running_var").Data)
	}
}

func statistics(x *nn.Tensor, mean, variance []float32) {
	for c, values := range profiles(x, len(mean)) {
		s := 0.0
		for _, v := range values {
			s += v * v
		}
		size := len(x.Data) / x.Shape[0] / len(mean)
		first := float64(x.Data[c*size]) - values[0]
		mean[c], variance[c] = float32(first), float32(s/float64(len(values)))
	}
}

// tolerance is the usual one of comparisons: 1e-5 + 1e-5 of the largest value.
func tolerance(got, want *nn.Tensor) float64 {
	scale, most := 0.0, 0.0
	for _, v := range want.Data {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i, v := range got.Data {
		d := math.Abs(float64(v) - float64(want.Data[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		most = max(most, d)
	}
	return most / (1e-5 + 1e-5*scale)
}

// record are all values of a network, rounded in another way than those of executors of one
// sample, as another framework's are.
func record(t testing.TB, net *nn.Network, x *nn.Tensor) batch {
	t.Helper()
	var names []string
	for _, node := range net.Nodes() {
		names = append(names, node.Name)
	}
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{InBlocks: true, Outputs: names})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(batch{"input": x}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Outputs
}

// caseOf is the case of a port against the recorded values of a reference: all of them, or those
// of the outputs alone.
func caseOf(port *nn.Network, x *nn.Tensor, recorded batch, reference *nn.Network, inner bool) Case {
	c := Case{Net: port, Inputs: batch{"input": x}, Want: batch{}, Error: tolerance, Budget: time.Minute}
	for _, p := range port.Outputs() {
		c.Want[p.Name] = recorded[reference.Outputs()[0].Name]
	}
	if !inner {
		return c
	}
	for name, v := range recorded {
		if port.Node(name) != nil {
			c.Want[name] = v
		} else {
			c.Unplaced = append(c.Unplaced, Tensor{name, v})
		}
	}
	return c
}

func find(t testing.TB, c Case) *Finding {
	t.Helper()
	f, err := Find(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// edited is a copy of a network with some layers changed.
func edited(t testing.TB, net *nn.Network, edit func(*nn.Node) nn.Layer) *nn.Network {
	t.Helper()
	m, err := net.Builder(edit).Build()
	if err != nil {
		return nil
	}
	return m
}
