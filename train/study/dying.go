package study

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

var dying = claimed(Claim{
	Name: "dying-units", Title: "ReLU's troubles: dead units and exploding gradients",
	Says: "ReLU's units die, the more the higher the learning rate, its gradients explode, and it is sensitive to the initial weights.",
	How: fmt.Sprintf("Dead units: the network mlp trains by plain SGD on few digits at several learning rates; a unit is dead if it was active for no sample of the last epoch (gonn train --metrics dead). A training that comes to numbers that are not finite has diverged. "+
		"Initial weights: a multilayer perceptron of %d hidden layers with Glorot's random weights times a factor, at the start, with a batch of %d digits: the norm of the first layer's gradient, and the share of the last hidden layer's units that are 0 for all of the batch. That share does not depend on the factor, since biases start at 0 and ReLU is homogeneous.", hiddenLayers, deepSamples),
	Costs: [2]float64{15, 2},
}, measureDying)

// dyingNumbers are by learning rate and by factor of the initial weights.
type dyingNumbers struct {
	Rates   []dyingRate   `json:"rates"`
	Factors []dyingFactor `json:"factors"`
	Samples int           `json:"samples"`
	Epochs  int           `json:"epochs"`
}

// dyingRate are the trainings with a learning rate, a value a seed that did not diverge.
type dyingRate struct {
	Rate     float64   `json:"lr"`
	Dead     []float64 `json:"dead"` // share of the hidden units
	Accuracy []float64 `json:"test_accuracy"`
	Diverged int       `json:"diverged"`
}

// dyingFactor are the starts with a factor of the weights.
type dyingFactor struct {
	Factor float64     `json:"factor"`
	Starts []deepStart `json:"starts"`
}

// dyingEpochs are those of the trainings.
const dyingEpochs = 5

var (
	dyingRates   = []float64{0.01, 0.1, 0.3, 1, 3}
	dyingFactors = []float64{0.25, 0.5, 1, 1.5, 2, 4}
)

func (l *Lab) dyingGrid() sweep.Grid {
	s := recipe.Default()
	s.Net, s.Data, s.Act, s.Optimizer, s.LR, s.Metrics = "mlp", "mnist", "relu", "sgd", 0.1, "dead"
	s.Limit, s.Epochs, s.Batch = l.Scale.SmallLimit, dyingEpochs, 32
	g := sweep.Grid{Settings: s, Axes: []sweep.Axis{{Setting: "lr"}}, Seeds: seedsTo(l.Scale.Seeds)}
	for _, rate := range dyingRates {
		g.Axes[0].Values = append(g.Axes[0].Values, strconv.FormatFloat(rate, 'g', -1, 64))
	}
	return g
}

func measureDying(ctx context.Context, l *Lab) (*dyingNumbers, error) {
	cells, err := l.train(ctx, "dying-units", l.dyingGrid())
	if err != nil {
		return nil, err
	}
	n := &dyingNumbers{Samples: l.Scale.SmallLimit, Epochs: dyingEpochs}
	for i, c := range cells {
		of := dyingRate{Rate: dyingRates[i]}
		for _, cell := range c.Cells {
			if cell.State != sweep.Finished {
				of.Diverged++
				continue
			}
			dead, ok := cell.Epochs[len(cell.Epochs)-1].Get("dead/act")
			if !ok {
				return nil, fmt.Errorf("%s: its last epoch has no value dead/act", cell.Dir)
			}
			of.Dead, of.Accuracy = append(of.Dead, dead), append(of.Accuracy, cell.Result.Test.Accuracy)
		}
		n.Rates = append(n.Rates, of)
	}
	return n, l.measureFactors(ctx, n)
}

func (l *Lab) measureFactors(ctx context.Context, n *dyingNumbers) error {
	set, err := l.open("mnist", deepSamples, data.Options{})
	if err != nil {
		return err
	}
	for i, factor := range dyingFactors {
		l.step(fmt.Sprintf("starts with weights times %g", factor), i, len(dyingFactors))
		of := dyingFactor{Factor: factor}
		for _, seed := range seedsTo(l.Scale.Starts) {
			if err := ctx.Err(); err != nil {
				return err
			}
			net, err := deepNetwork(set.Train.Shape(), set.Train.Classes(), "relu", seed, float32(factor))
			if err != nil {
				return err
			}
			d, err := startOf(net, set.Train, l.Workers)
			if err != nil {
				return err
			}
			of.Starts = append(of.Starts, d)
		}
		n.Factors = append(n.Factors, of)
	}
	return nil
}

// firstGradients are the norms of the first layer's gradient, by start.
func (d dyingFactor) firstGradients() (x []float64) {
	for _, s := range d.Starts {
		x = append(x, s.Gradients[0])
	}
	return x
}

// lastDead are the shares of dead units in the last hidden layer, by start.
func (d dyingFactor) lastDead() (x []float64) {
	for _, s := range d.Starts {
		x = append(x, s.Dead[len(s.Dead)-1])
	}
	return x
}

func (n *dyingNumbers) tell(f *Finding) {
	rates := Table{Title: fmt.Sprintf("SGD on %d digits, %d epochs: means over seeds", n.Samples, n.Epochs), Columns: []string{"learning rate", "dead units", "test accuracy", "diverged"}}
	factors := Table{Title: "Starts of a deep network: means over " + counted(len(n.Factors[0].Starts), "start"), Columns: []string{"initial weights times", "gradient of the first layer", "dead units, last hidden layer"}}
	dead := &plot.Panel{Title: "dead units after training", X: plot.Axis{Label: "learning rate", Log: true}, Y: plot.Axis{Label: "share"}}
	norms := &plot.Panel{Title: "gradient of the first layer at the start", X: plot.Axis{Label: "initial weights times", Log: true}, Y: plot.Axis{Label: "norm", Log: true}}
	var x, y, fx, fy []float64
	for _, r := range n.Rates {
		diverged := fmt.Sprintf("%d of %d", r.Diverged, r.Diverged+len(r.Dead))
		if len(r.Dead) == 0 {
			rates.row(short(r.Rate), "", "", diverged)
			continue
		}
		rates.row(short(r.Rate), percents(r.Dead), percents(r.Accuracy), diverged)
		x, y = append(x, r.Rate), append(y, stats.Mean(r.Dead))
	}
	for _, d := range n.Factors {
		g := geometricMean(d.firstGradients())
		factors.row(short(d.Factor), short(g), percents(d.lastDead()))
		fx, fy = append(fx, d.Factor), append(fy, g)
	}
	dead.Line("", x, y, plot.Style{Color: 0})
	dead.Points("", x, y, plot.Style{Color: 0})
	norms.Line("", fx, fy, plot.Style{Color: 1})
	norms.Points("", fx, fy, plot.Style{Color: 1})
	f.Tables = []Table{rates, factors}
	f.Notes = []string{"Gradients of starts are geometric means."}
	f.Figures = []Figure{{&plot.Figure{Title: "Dead units and exploding gradients of ReLU", Panels: []*plot.Panel{dead, norms}, Aspect: 0.75},
		"Dead units by learning rate: " + listed(shorts(x), y, percent) + ". Gradient norms by the factor of the initial weights: " + listed(shorts(fx), fy, short) + "."}}
	f.Commands = append(f.Commands, fmt.Sprintf("gonn sweep --net mlp --data mnist --act relu --optimizer sgd --lr 0.01,0.1,0.3,1,3 --metrics dead --limit %d --epochs %d --batch 32 --seeds %d",
		n.Samples, n.Epochs, len(n.Rates[0].Dead)+n.Rates[0].Diverged))
	n.judge(f)
}

// geometricMean is 0 if a value is.
func geometricMean(x []float64) float64 {
	logs := make([]float64, len(x))
	for i, v := range x {
		if v == 0 {
			return 0
		}
		logs[i] = math.Log(v)
	}
	return math.Exp(stats.Mean(logs))
}

func (n *dyingNumbers) judge(f *Finding) {
	low, high := n.Rates[0], n.Rates[0]
	diverged := 0
	for _, r := range n.Rates {
		diverged += r.Diverged
		if len(r.Dead) > 0 {
			high = r
		}
	}
	first, last := n.Factors[0], n.Factors[len(n.Factors)-1]
	least, most := geometricMean(first.firstGradients()), geometricMean(last.firstGradients())
	dies := stats.Mean(high.Dead) > stats.Mean(low.Dead)+0.1
	explodes := most > 1000*least
	f.Verdict = Fails
	switch {
	case dies && explodes:
		f.Verdict = Holds
	case dies || explodes:
		f.Verdict = Partly
	}
	f.Because = fmt.Sprintf("At a learning rate of %s, %s of the units are dead after training, at %s %s; %s diverged. With initial weights from %s to %s times Glorot's the first layer's gradient at the start goes from %s to %s.",
		short(low.Rate), percent(stats.Mean(low.Dead)), short(high.Rate), percent(stats.Mean(high.Dead)), counted(diverged, "training"), short(first.Factor), short(last.Factor), short(least), short(most))
}
