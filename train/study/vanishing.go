package study

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// saturating are compared in how gradients come through.
var saturating = []string{"relu", "tanh", "sigmoid"}

var vanishing = claimed(Claim{
	Name: "vanishing-gradients", Title: "ReLU against sigmoid and tanh",
	Says: "ReLU's gradient does not vanish for x > 0, its exact zeros make activations sparse, and it is cheap.",
	How: fmt.Sprintf("A multilayer perceptron of %d hidden layers of %d units at random starts (Glorot uniform) with the first %d digits of the training set: norms of the gradients of the cross-entropy by each layer's weights, and the share of outputs that are exactly 0. "+
		"Fading is the norm of the first layer by that of the last hidden one. The cost is the time of the kernels, forward and backward, of the best of several runs; it depends on the machine and is no part of the verdict.", hiddenLayers, hiddenUnits, deepSamples),
	Costs: [2]float64{3, 0.5},
}, measureVanishing)

// vanishingNumbers are in the order of saturating.
type vanishingNumbers struct {
	Acts []vanishingOf `json:"acts"`
}

type vanishingOf struct {
	Act    string      `json:"act"`
	Starts []deepStart `json:"starts"` // by seed
	// Nanoseconds of an element, forward and backward together.
	Nanoseconds float64 `json:"nanoseconds"`
}

func measureVanishing(ctx context.Context, l *Lab) (*vanishingNumbers, error) {
	set, err := l.open("mnist", deepSamples, data.Options{})
	if err != nil {
		return nil, err
	}
	n := &vanishingNumbers{}
	for i, act := range saturating {
		l.step("starts with "+act, i, len(saturating))
		of := vanishingOf{Act: act}
		if of.Nanoseconds, err = nanoseconds(act); err != nil {
			return nil, err
		}
		for _, seed := range seedsTo(l.Scale.Starts) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			net, err := deepNetwork(set.Train.Shape(), set.Train.Classes(), act, seed, 1)
			if err != nil {
				return nil, err
			}
			d, err := startOf(net, set.Train, l.Workers)
			if err != nil {
				return nil, err
			}
			of.Starts = append(of.Starts, d)
		}
		n.Acts = append(n.Acts, of)
	}
	return n, nil
}

// nanoseconds is the time of the kernels for an element of the study's first map, forward and
// backward.
func nanoseconds(spelled string) (float64, error) {
	shape := nn.Shape{8, 22, 22}
	f, err := activation.Must(spelled).Bind([]nn.Shape{shape})
	if err != nil {
		return 0, err
	}
	x, y, dy, dx := nn.NewBlock(shape), nn.NewBlock(shape), nn.NewBlock(shape), nn.NewBlock(shape)
	for i := range x.Data {
		x.Data[i], dy.Data[i] = float32(i%64)/8-4, 1
	}
	const repeats = 50
	best := math.Inf(1)
	for range repeats {
		began := time.Now()
		f.Forward(&op.Call{X: []nn.Block{x}, Y: y})
		f.Backward(&op.Call{X: []nn.Block{x}, Y: y, DY: dy, DX: []nn.Block{dx}})
		best = min(best, float64(time.Since(began).Nanoseconds())/float64(len(x.Data)))
	}
	return best, nil
}

func (o vanishingOf) fadings() (x []float64) {
	for _, d := range o.Starts {
		x = append(x, d.fading())
	}
	return x
}

func (n *vanishingNumbers) tell(f *Finding) {
	t := Table{Title: "Means over " + counted(len(n.Acts[0].Starts), "start"),
		Columns: []string{"activation", "gradient, first layer", "gradient, last hidden layer", "fading", "exact zeros", "kernels, ns an element"}}
	norms := &plot.Panel{Title: "gradient of the layer's weights, norm", X: plot.Axis{Label: "hidden layer", Whole: true}, Y: plot.Axis{Log: true}}
	shares := &plot.Panel{Title: "outputs that are exactly 0, share", X: plot.Axis{Label: "hidden layer", Whole: true}, Y: plot.Axis{Limits: &[2]float64{0, 1}}}
	for i, a := range n.Acts {
		g, z := byLayer(a.Starts, gradients), byLayer(a.Starts, zeros)
		t.row(actText(a.Act), short(g[0]), short(g[len(g)-1]), short(stats.Mean(a.fadings())), percent(stats.Mean(z)), number(a.Nanoseconds, 2))
		norms.Line(actText(a.Act), epochs(len(g)), g, plot.Style{Color: i})
		shares.Line(actText(a.Act), epochs(len(z)), z, plot.Style{Color: i})
	}
	f.Tables = []Table{t}
	f.Figures = []Figure{{&plot.Figure{Title: "Gradients through ten layers at the start", Note: "means over starts", Panels: []*plot.Panel{norms, shares}, Aspect: 0.75},
		fmt.Sprintf("Gradient norms by layer, and shares of zeros. From the last hidden layer to the first the norm changes by a factor of %s with ReLU, %s with tanh and %s with sigmoid.",
			short(stats.Mean(n.Acts[0].fadings())), short(stats.Mean(n.Acts[1].fadings())), short(stats.Mean(n.Acts[2].fadings())))}}
	f.Commands = append(f.Commands, "gonn train --act sigmoid --metrics grad-norm && gonn plot dead", "gonn bench --kernels")
	n.judge(f)
}

// much is a factor that is taken for vanishing.
const much = 10

func (n *vanishingNumbers) judge(f *Finding) {
	relu, tanh, sig := n.Acts[0], n.Acts[1], n.Acts[2]
	fr, ft, fs := stats.Mean(relu.fadings()), stats.Mean(tanh.fadings()), stats.Mean(sig.fadings())
	zr, zt, zs := stats.Mean(byLayer(relu.Starts, zeros)), stats.Mean(byLayer(tanh.Starts, zeros)), stats.Mean(byLayer(sig.Starts, zeros))
	sparse := zr > 0.1 && zt < 0.01 && zs < 0.01
	f.Verdict = Fails
	switch {
	case fr > much*fs && fr > much*ft && sparse:
		f.Verdict = Holds
	case fr > much*fs || sparse:
		f.Verdict = Partly
	}
	f.Because = fmt.Sprintf("From the last hidden layer to the first the gradient's norm changes by a factor of %s with ReLU, %s with tanh and %s with sigmoid. Of the outputs %s, %s and %s are exactly 0. "+
		"An element takes %s, %s and %s ns.", short(fr), short(ft), short(fs), percent(zr), percent(zt), percent(zs),
		number(relu.Nanoseconds, 2), number(tanh.Nanoseconds, 2), number(sig.Nanoseconds, 2))
}
