package study

import (
	"context"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// patience is that of early stopping, in epochs.
const patience = 10

var overfitting = claimed(Claim{
	Name: "overfitting", Title: "BCE overfits, and early stopping gives the best weights back",
	Says: "In a long training BCE's validation curve parts from its training curve, while MSE's, which is bounded, still falls. Early stopping and a checkpoint of the best epoch give the best weights back.",
	How: "The network mlp, with a sigmoid for each class, trains long on few digits, a fifth of them held out, with BCE and with MSE. " +
		"The rise is the validation loss after the last epoch by the lowest one. " +
		"Then the same with early stopping (patience 10) and the best epoch restored; the test losses of both are compared, paired by seed.",
	Costs: [2]float64{60, 3},
}, measureOverfitting)

// overfittingNumbers are in the order bce, mse.
type overfittingNumbers struct {
	Losses  []overfittingOf `json:"losses"`
	Samples int             `json:"samples"`
	Epochs  int             `json:"epochs"`
}

// overfittingOf are the trainings with a loss, a value a seed.
type overfittingOf struct {
	Loss     string      `json:"loss"`
	Train    [][]float64 `json:"train"` // losses by epoch
	Val      [][]float64 `json:"val"`
	LastTest []float64   `json:"last_test"` // loss without early stopping
	// With early stopping: the test loss, the epoch that is restored, and the last one.
	BestTest []float64 `json:"best_test"`
	Best     []int     `json:"best_epoch"`
	Stopped  []int     `json:"stopped"`
}

// smallGrid trains long on few samples.
func (l *Lab) smallGrid() sweep.Grid {
	s := recipe.Default()
	s.Net, s.Data, s.Act, s.Limit, s.Val, s.Epochs, s.Batch = "mlp", "mnist", "relu", l.Scale.SmallLimit, 0.2, l.Scale.SmallEpochs, 32
	return sweep.Grid{Settings: s, Axes: []sweep.Axis{{Setting: "loss", Values: []string{"bce", "mse"}}}, Seeds: seedsTo(l.Scale.Seeds)}
}

func measureOverfitting(ctx context.Context, l *Lab) (*overfittingNumbers, error) {
	g := l.smallGrid()
	long, err := l.train(ctx, "overfitting", g)
	if err != nil {
		return nil, err
	}
	g.Settings.Patience, g.Settings.RestoreBest = patience, true
	short, err := l.train(ctx, "early-stopping", g)
	if err != nil {
		return nil, err
	}
	n := &overfittingNumbers{Samples: l.Scale.SmallLimit, Epochs: l.Scale.SmallEpochs}
	for i, c := range long {
		of := overfittingOf{Loss: c.Values[0]}
		for k, cell := range c.Cells {
			stopped := short[i].Cells[k]
			for _, cell := range []*sweep.Cell{cell, stopped} {
				if cell.State != sweep.Finished || cell.Result.Best == nil {
					return nil, fmt.Errorf("%s: %s %s", cell.Dir, cell.State, cell.Failure)
				}
			}
			var train, val []float64
			for _, e := range cell.Epochs {
				train, val = append(train, e.Loss()), append(val, e.ValLoss())
			}
			of.Train, of.Val = append(of.Train, train), append(of.Val, val)
			of.LastTest, of.BestTest = append(of.LastTest, lastResult(cell).Test.Loss), append(of.BestTest, stopped.Result.Test.Loss)
			of.Best, of.Stopped = append(of.Best, stopped.Result.Best.Epoch), append(of.Stopped, len(stopped.Epochs))
		}
		n.Losses = append(n.Losses, of)
	}
	return n, nil
}

// rises are the last validation losses by the lowest.
func (o overfittingOf) rises() (x []float64) {
	for _, val := range o.Val {
		lowest := math.Inf(1)
		for _, v := range val {
			lowest = min(lowest, v)
		}
		x = append(x, val[len(val)-1]/lowest)
	}
	return x
}

// lowest are the epochs of the lowest validation losses, from 1.
func (o overfittingOf) lowest() (x []float64) {
	for _, val := range o.Val {
		best := 0
		for i, v := range val {
			if v < val[best] {
				best = i
			}
		}
		x = append(x, float64(best+1))
	}
	return x
}

func (n *overfittingNumbers) tell(f *Finding) {
	t := Table{Title: fmt.Sprintf("%d epochs on %d digits: means over %s", n.Epochs, n.Samples, counted(len(n.Losses[0].LastTest), "seed")),
		Columns: []string{"loss", "epoch of the lowest validation loss", "rise until the last", "test loss, last epoch", "stopped after", "best epoch", "test loss, best epoch", "last − best", "p"}}
	for _, o := range n.Losses {
		test := stats.PairedT(o.LastTest, o.BestTest)
		t.row(lossText(o.Loss), meanText(o.lowest(), 0), "×"+meanText(o.rises(), 2), meanText(o.LastTest, 4), meanText(floatsOf(o.Stopped), 0), meanText(floatsOf(o.Best), 0), meanText(o.BestTest, 4),
			number(test.Difference, 4), pText(test.P))
	}
	f.Tables = []Table{t}
	f.Figures = []Figure{n.curves()}
	flags := fmt.Sprintf("gonn sweep --net mlp --data mnist --act relu --loss bce,mse --limit %d --val 0.2 --epochs %d --batch 32 --seeds %d", n.Samples, n.Epochs, len(n.Losses[0].LastTest))
	f.Commands = append(f.Commands, flags+" --dir sweeps/overfitting", fmt.Sprintf("%s --patience %d --restore-best --dir sweeps/early-stopping", flags, patience))
	n.judge(f)
}

func (n *overfittingNumbers) curves() Figure {
	f := &plot.Figure{Title: "Long trainings on few digits", Columns: 2, Aspect: 0.8,
		Note: fmt.Sprintf("loss by epoch, mean over seeds; %d digits, a fifth of them for validation", n.Samples)}
	for i, o := range n.Losses {
		p := &plot.Panel{Title: lossText(o.Loss), X: plot.Axis{Label: "epoch", Whole: true}, Y: plot.Axis{Log: true}}
		p.Line("training", epochs(n.Epochs), meanCurve(o.Train), plot.Style{Color: i, Dashed: true})
		p.Line("validation", epochs(n.Epochs), meanCurve(o.Val), plot.Style{Color: i})
		p.VLine("", stats.Mean(o.lowest()), plot.Style{Muted: true, Dashed: true})
		f.Panels = append(f.Panels, p)
	}
	return Figure{f, fmt.Sprintf("Training and validation losses by epoch. The vertical lines are the epochs of the lowest validation loss: %s with BCE, %s with MSE.",
		number(stats.Mean(n.Losses[0].lowest()), 0), number(stats.Mean(n.Losses[1].lowest()), 0))}
}

func epochs(n int) (x []float64) {
	for i := range n {
		x = append(x, float64(i+1))
	}
	return x
}

// meanCurve is the mean of curves of one length.
func meanCurve(curves [][]float64) []float64 {
	mean := make([]float64, len(curves[0]))
	for _, c := range curves {
		for i := range mean {
			mean[i] += c[i] / float64(len(curves))
		}
	}
	return mean
}

func (n *overfittingNumbers) judge(f *Finding) {
	bce, mse := n.Losses[0], n.Losses[1]
	rise := stats.PairedT(bce.rises(), mse.rises())
	saved := stats.PairedT(bce.LastTest, bce.BestTest)
	f.Verdict = Unclear
	switch parts, saves := rise.Difference > 0 && rise.P <= 1-level, saved.Difference > 0 && saved.P <= 1-level; {
	case parts && saves:
		f.Verdict = Holds
	case parts || saves:
		f.Verdict = Partly
	case rise.Difference < 0 && rise.P <= 1-level:
		f.Verdict = Fails
	}
	f.Because = fmt.Sprintf("BCE's validation loss is lowest after epoch %s and then rises to %s times that by epoch %d; MSE's is lowest after epoch %s and rises to %s times (%s). "+
		"Early stopping leaves BCE with a test loss of %s in place of %s (%s), and MSE with %s in place of %s.",
		number(stats.Mean(bce.lowest()), 0), number(stats.Mean(bce.rises()), 2), n.Epochs, number(stats.Mean(mse.lowest()), 0), number(stats.Mean(mse.rises()), 2), pText(rise.P),
		number(stats.Mean(bce.BestTest), 4), number(stats.Mean(bce.LastTest), 4), pText(saved.P), number(stats.Mean(mse.BestTest), 4), number(stats.Mean(mse.LastTest), 4))
}

func lossText(name string) string {
	return map[string]string{"bce": "BCE", "mse": "MSE"}[name]
}

func floatsOf(list []int) (x []float64) {
	for _, v := range list {
		x = append(x, float64(v))
	}
	return x
}
