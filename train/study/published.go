package study

import (
	"context"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

var published = claimed(Claim{
	Name: "table", Title: "The published table, repeated",
	Says: "The study has a table of losses and accuracies, of one run a row, and the mean and standard deviation of PReLU's learned slopes.",
	How: "gonn sweep study trains each row with several seeds: Adam at 0.001 in Keras's form, batches of 128, 5 epochs, a tenth of the training set held out. " +
		"A published figure agrees if it lies in the 95 % prediction interval of one run. " +
		"The study does not say with which optimizer, batch and epochs it trained, nor whether its training figures are running means over the last epoch or were measured afterwards. " +
		"So for the rows that have a figure outside, also one of learned slopes, trainings with other settings are tried, and the training figures are looked at both ways. " +
		"An experiment makes a figure plausible, it does not prove how it came about.",
	Costs: [2]float64{4500, 15},
}, measurePublished)

// publishedNumbers are what trainings have come to.
type publishedNumbers struct {
	Acts        []tableRow   `json:"acts"`
	Experiments []experiment `json:"experiments"`
	Limit       int          `json:"limit"` // of samples, 0 for all
}

// tableRow are the trainings of an activation, a value a seed, after the last epoch.
type tableRow struct {
	Act string `json:"act"`
	// Values are by figure, in the order of figureNames.
	Values    [][]float64    `json:"values"`
	Published []float64      `json:"published,omitempty"` // of the figures; nil if there are none
	Slopes    []layerOfSlope `json:"slopes,omitempty"`
}

// layerOfSlope are the learned slopes of a layer, a value a seed.
type layerOfSlope struct {
	Layer string    `json:"layer"`
	Mean  []float64 `json:"mean"`
	Std   []float64 `json:"std"` // over the layer, the population's
}

// experiment are trainings with another setting.
type experiment struct {
	Name  string     `json:"name"`
	Flags string     `json:"flags"` // of gonn sweep study
	Sweep string     `json:"sweep"` // folder
	Acts  []tableRow `json:"acts"`
}

// figureNames are the figures of a training. The published training figures may be running means,
// so both kinds are held against them.
var figureNames = []string{"train loss", "train accuracy", "running train loss", "running train accuracy", "test loss", "test accuracy"}

// figuresOf are those of a cell.
func figuresOf(c *sweep.Cell) []float64 {
	r, last := lastResult(c), c.Epochs[len(c.Epochs)-1]
	return []float64{r.Train.Loss, r.Train.Accuracy, last.Loss(), last.Accuracy(), r.Test.Loss, r.Test.Accuracy}
}

// publishedOf are the study's for an activation, nil if it has none. Quick trainings are held
// against them too, which they are not meant to reach.
func publishedOf(s run.Settings) []float64 {
	s.Limit = 0
	p, ok := sweep.Published(s)
	if !ok {
		return nil
	}
	return []float64{p.TrainLoss, p.TrainAccuracy, p.TrainLoss, p.TrainAccuracy, p.TestLoss, p.TestAccuracy}
}

// variants are the experiments.
var variants = []struct {
	name, flags string
	sweep       string // folder
	change      func(*sweep.Grid)
	only        string // activation; "" for all
}{
	{"nothing held out", "--val 0", "study-val-0", func(g *sweep.Grid) { g.Settings.Val = 0 }, ""},
	{"10 epochs", "--epochs 10", "study-epochs-10", func(g *sweep.Grid) { g.Settings.Epochs = 10 }, ""},
	{"batches of 32", "--batch 32", "study-batch-32", func(g *sweep.Grid) { g.Settings.Batch = 32 }, ""},
	{"PyTorch's start of weights", "--init pytorch", "study-init-pytorch", func(g *sweep.Grid) {
		g.Settings.Init = "pytorch"
		replaceAct(g, "prelu", "prelu:element:0")
	}, ""},
	{"one slope a channel", "", "study-channel", func(g *sweep.Grid) { replaceAct(g, "prelu", "prelu:channel") }, "prelu"},
}

func replaceAct(g *sweep.Grid, old, act string) {
	values := slices.Clone(g.Axes[0].Values)
	if i := slices.Index(values, old); i >= 0 {
		values[i] = act
	}
	g.Axes = []sweep.Axis{{Setting: "act", Values: values}}
}

func measurePublished(ctx context.Context, l *Lab) (*publishedNumbers, error) {
	cells, err := l.train(ctx, sweep.Study, l.studyGrid(l.Scale.SweepSeeds, append(slices.Clone(slopes), "swish", "mish")...))
	if err != nil {
		return nil, err
	}
	n := &publishedNumbers{Limit: l.Scale.Limit}
	if n.Acts, err = tableRows(cells); err != nil {
		return nil, err
	}
	var outside []string
	for _, a := range n.Acts {
		if inside, of := a.slopesInside(); len(a.outside()) > 0 || inside < of {
			outside = append(outside, a.Act)
		}
	}
	for _, v := range variants {
		acts := outside
		if v.only != "" {
			acts = slices.DeleteFunc(slices.Clone(outside), func(a string) bool { return a != v.only })
		}
		if len(acts) == 0 {
			continue
		}
		g := l.studyGrid(l.Scale.Seeds, acts...)
		v.change(&g)
		cells, err := l.train(ctx, v.sweep, g)
		if err != nil {
			return nil, err
		}
		e := experiment{Name: v.name, Flags: strings.TrimSpace(v.flags + " --act " + strings.Join(g.Axes[0].Values, ",")), Sweep: v.sweep}
		if e.Acts, err = tableRows(cells); err != nil {
			return nil, err
		}
		for k := range e.Acts {
			e.Acts[k].Published = n.row(acts[k]).Published
		}
		n.Experiments = append(n.Experiments, e)
	}
	return n, nil
}

func (n *publishedNumbers) row(act string) *tableRow {
	for i := range n.Acts {
		if n.Acts[i].Act == act {
			return &n.Acts[i]
		}
	}
	return nil
}

func tableRows(cells []sweep.Combination) (rows []tableRow, err error) {
	for _, c := range cells {
		r := tableRow{Act: c.Values[0], Values: make([][]float64, len(figureNames)), Published: publishedOf(c.Cells[0].Settings)}
		for _, cell := range c.Cells {
			net, err := lastNetwork(cell)
			if err != nil {
				return nil, err
			}
			for i, v := range figuresOf(cell) {
				r.Values[i] = append(r.Values[i], v)
			}
			r.addSlopes(net)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// estimate sums up a figure over seeds.
func (r tableRow) estimate(figure int) sweep.Estimate {
	return sweep.EstimateOf(figureNames[figure], r.Values[figure])
}

// agrees reports whether a published figure lies in the prediction interval of one run.
func (r tableRow) agrees(figure int) bool {
	return r.estimate(figure).Run95.Contains(r.Published[figure])
}

// outside are the published figures that do not agree. A training figure agrees if it does either
// way of measuring it.
func (r tableRow) outside() (names []string) {
	if r.Published == nil {
		return nil
	}
	for i, name := range figureNames {
		switch i {
		case 0, 1:
			if !r.agrees(i) && !r.agrees(i+2) {
				names = append(names, name)
			}
		case 4, 5:
			if !r.agrees(i) {
				names = append(names, name)
			}
		}
	}
	return names
}
