package match

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// The values are those of numpy.corrcoef.
func TestCorrelation(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x, y []float64
		want float64
	}{
		{[]float64{1, 2, 3}, []float64{2, 4, 6}, 1},
		{[]float64{1, 2, 3}, []float64{0, -1, -2}, -1},
		{[]float64{1, 2, 3, 4}, []float64{1, 3, 2, 5}, 0.8315218406202999},
		{[]float64{0.25, -1, 3, 7, 2}, []float64{1, 0.5, -2, 4, 4}, 0.4109623969372174},
		{[]float64{1, 1, 1}, []float64{1, 2, 3}, nan},
		{[]float64{1, 2, 3}, []float64{0.1, 0.1, 0.1}, nan},
		{[]float64{0, 0, 0}, []float64{0, 0, 0}, nan},
		{[]float64{1, nan, 3}, []float64{1, 2, 3}, nan},
		{[]float64{1, math.Inf(1), 3}, []float64{1, 2, 3}, nan},
	} {
		got := correlation(c.x, c.y)
		if math.IsNaN(got) != math.IsNaN(c.want) || math.Abs(got-c.want) > 1e-8 {
			t.Errorf("%v and %v: %.10g, want %g", c.x, c.y, got, c.want)
		}
	}
}

// Slopes of channels that are exchanged, or shared otherwise, are held against each other by
// their channels.
func TestSlopesOfMatchedChannels(t *testing.T) {
	build := func(act string) *nn.Network {
		net, err := nn.Sequential(nn.Shape{1, 6, 6}, conv(6, 3), activation.Must(act), layer.Flatten{}, layer.Dense{Out: 2})
		if err != nil {
			t.Fatal(err)
		}
		return random(net, 3)
	}
	for _, c := range []struct {
		a, b   string
		values int
		want   float64
	}{
		{"prelu:channel", "prelu:channel", 6, 1},
		{"prelu:element", "prelu:element", 96, 1},
		{"prelu:channel", "prelu:element", 6, 1},
		{"prelu:element", "swish-beta:channel", 6, 1},
		{"prelu:one", "prelu:one", 0, math.NaN()},
		{"prelu:one", "prelu:channel", 0, math.NaN()},
		{"prelu:channel", "relu", 0, math.NaN()},
		{"relu", "relu", 0, math.NaN()},
	} {
		net, other := build(c.a), build(c.b)
		if c.want == 1 { // the slopes of a channel have its mean in both
			for i := range 6 {
				for _, n := range []*nn.Network{net, other} {
					p := n.Node("act").Params[0]
					for k := range len(p.Data) / 6 {
						p.Data[i*len(p.Data)/6+k] = float32(i*i) + 0.1*float32(k%2)
					}
				}
			}
		}
		other, _ = exchanged(other, rand.New(rand.NewPCG(3, 4)))
		r := compared(t, net, other)
		if len(r.Activations) != 1 {
			t.Fatalf("%+v", r)
		}
		act := r.Activations[0]
		if act.Values != c.values || math.IsNaN(act.Correlation) != math.IsNaN(c.want) || math.Abs(act.Correlation-c.want) > 1e-6 {
			t.Errorf("%s and %s: %+v, want %d values and %g", c.a, c.b, act, c.values, c.want)
		}
	}
}
