package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// fanOut is a graph in which one map is read three times, twice by one layer, and
// another path goes around:
//
//	input → a → left → ┐
//	        a ────────→ join → scores
//	        a ────────→ ┘
//	input → around ───→ ┘
func fanOut(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.NewBuilder(nn.Shape{5}).
		Add("a", layer.Dense{Out: 4}).
		Add("left", activation.Must("tanh")).
		Add("around", layer.Dense{Out: 4, NoBias: true}, nn.InputName).
		Add("join", sum{}, "left", "a", "a", "around").
		Add("scores", layer.Dense{Out: 3}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// fanOutLoss is the mean cross-entropy of fanOut in float64.
func fanOutLoss(w [][]float64, x [][]float64, labels []int) float64 {
	dense := func(w, b, x []float64) []float64 {
		y := make([]float64, len(w)/len(x))
		for o := range y {
			if b != nil {
				y[o] = b[o]
			}
			for i, v := range x {
				y[o] += w[o*len(x)+i] * v
			}
		}
		return y
	}
	var total float64
	for s, v := range x {
		a, around := dense(w[0], w[1], v), dense(w[2], nil, v)
		join := make([]float64, len(a))
		for i := range a {
			join[i] = math.Tanh(a[i]) + 2*a[i] + around[i]
		}
		z := dense(w[3], w[4], join)
		var e float64
		for _, v := range z {
			e += math.Exp(v)
		}
		total += math.Log(e) - z[labels[s]]
	}
	return total / float64(len(x))
}

func TestGradientsAddUpWhereAMapIsReadSeveralTimes(t *testing.T) {
	net := fanOut(t)
	randomize(net, 3)
	const n = 21
	data := randomSamples(t, n, 3, nn.Shape{5})
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	st, err := s.Step(data, upTo(n))
	if err != nil {
		t.Fatal(err)
	}

	var w, x [][]float64
	for _, p := range net.Params() {
		w = append(w, float64s(p.Data))
	}
	for i := range n {
		x = append(x, float64s(data.X.Sample(i)))
	}
	if loss := fanOutLoss(w, x, data.Labels); math.Abs(loss-st.Loss()) > 1e-6 {
		t.Errorf("loss %g, want %g", st.Loss(), loss)
	}
	const h = 1e-5
	for p, grad := range s.Grads().Of(net.Params()) {
		want := make([]float32, len(grad))
		for j, at := range w[p] {
			w[p][j] = at + h
			up := fanOutLoss(w, x, data.Labels)
			w[p][j] = at - h
			want[j] = float32((up - fanOutLoss(w, x, data.Labels)) / (2 * h))
			w[p][j] = at
		}
		near(t, "gradient of "+net.Params()[p].FullName(), grad, want, 1e-5)
	}
}

func float64s(v []float32) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = float64(x)
	}
	return w
}

func TestNodesTellTheGraph(t *testing.T) {
	net := fanOut(t)
	var names []string
	for _, node := range net.Nodes() {
		names = append(names, node.Name)
	}
	if want := []string{"a", "left", "around", "join", "scores"}; !slices.Equal(names, want) {
		t.Errorf("layers %q, want %q", names, want)
	}
	if got, want := net.Node("join").Inputs, []string{"left", "a", "a", "around"}; !slices.Equal(got, want) {
		t.Errorf("join reads %q, want %q", got, want)
	}
	if got, want := net.Node("left").Inputs, []string{"a"}; !slices.Equal(got, want) {
		t.Errorf("left reads %q, want %q: without names the layer before", got, want)
	}
	if !net.InputShape().Equal(nn.Shape{5}) || !net.OutputShape().Equal(nn.Shape{3}) {
		t.Errorf("from %v to %v, want from (5) to (3)", net.InputShape(), net.OutputShape())
	}
	if got := net.Node("scores").MACs(); got != 12 {
		t.Errorf("scores takes %d multiply-accumulates, want 12", got)
	}
	if net.Node("none") != nil || net.Param("none.weight") != nil || net.Param("a") != nil {
		t.Error("names that are not there are found")
	}
}
