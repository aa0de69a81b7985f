package study

import (
	"context"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

var start = claimed(Claim{
	Name: "losses", Title: "Losses at a random start, and at worst",
	Says: "A classifier of two classes at its random start answers a ≈ 0.5, so BCE starts at ln 2 ≈ 0.69 and MSE at 0.25. At worst BCE is unbounded, and MSE is 1.",
	How: "The study's network with one output and ReLU, at the random starts of several seeds, on test digits below 5 against the others. " +
		"A network of all weights 0 answers exactly 0.5; random weights spread the answers, which raises the mean loss a little. " +
		"The losses of answers that are ever more wrong are computed by gonn's losses from logits from 0 down to −80, for samples of class 1.",
	Costs: [2]float64{4, 0.5},
}, measureStart)

// startNumbers are measured without training.
type startNumbers struct {
	Answers []float64 `json:"answers"` // mean a, a value a seed
	Spreads []float64 `json:"spreads"` // standard deviation of a over samples
	BCE     []float64 `json:"bce"`
	MSE     []float64 `json:"mse"`
	Zero    struct {  // of a network of zeros
		BCE float64 `json:"bce"`
		MSE float64 `json:"mse"`
	} `json:"zero"`
	// Logits of samples of class 1 with their losses.
	Logits   []float64 `json:"logits"`
	WorstBCE []float64 `json:"worst_bce"`
	WorstMSE []float64 `json:"worst_mse"`
	Samples  int       `json:"samples"`
}

// startSamples is the number of test digits; more do not change the means much.
const startSamples = 1000

func measureStart(ctx context.Context, l *Lab) (*startNumbers, error) {
	set, err := l.open("mnist", startSamples, data.Options{})
	if err != nil {
		return nil, err
	}
	n := &startNumbers{Samples: set.Test.Len()}
	samples := data.Relabel(set.Test, []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 2)
	net, err := recipe.Preset(sweep.StudyGrid().Settings.Net, "relu", samples.Shape(), 1)
	if err != nil {
		return nil, err
	}
	for seed := range l.Scale.Starts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.step("starts", seed, l.Scale.Starts)
		net.Init(nn.KerasInit, uint64(seed+1))
		z, err := net.Predict(samples, l.Workers)
		if err != nil {
			return nil, err
		}
		var a []float64
		for _, v := range z.Data {
			a = append(a, 1/(1+math.Exp(-float64(v))))
		}
		bce, mse, err := startLosses(net, samples, l.Workers)
		if err != nil {
			return nil, err
		}
		n.Answers, n.Spreads = append(n.Answers, stats.Mean(a)), append(n.Spreads, stats.Std(a))
		n.BCE, n.MSE = append(n.BCE, bce), append(n.MSE, mse)
	}
	for _, p := range net.Params() {
		clear(p.Data)
	}
	if n.Zero.BCE, n.Zero.MSE, err = startLosses(net, samples, l.Workers); err != nil {
		return nil, err
	}
	return n, n.measureWorst(samples)
}

// startLosses are those of a network with one logit.
func startLosses(net *nn.Network, samples nn.Samples, workers int) (bce, mse float64, err error) {
	st, err := net.Evaluate(samples, loss.BCELogits{}, workers)
	if err != nil {
		return 0, 0, err
	}
	probabilities, err := net.ForTraining(loss.MSE{})
	if err != nil {
		return 0, 0, err
	}
	st2, err := probabilities.Evaluate(samples, loss.MSE{}, workers)
	return st.Loss(), st2.Loss(), err
}

// measureWorst computes losses of a sample of class 1 by its logit.
func (n *startNumbers) measureWorst(samples nn.Samples) error {
	one := 0
	for samples.Label(one) != 1 {
		one++
	}
	for z := 0.0; z >= -80; z -= 4 {
		logit := &nn.Tensor{Shape: []int{1, 1}, Data: []float32{float32(z)}}
		answer := &nn.Tensor{Shape: []int{1, 1}, Data: []float32{float32(1 / (1 + math.Exp(-z)))}}
		_, bce, err := nn.LossGradient(loss.BCELogits{}, logit, samples, []int{one})
		if err != nil {
			return err
		}
		_, mse, err := nn.LossGradient(loss.MSE{}, answer, samples, []int{one})
		if err != nil {
			return err
		}
		n.Logits, n.WorstBCE, n.WorstMSE = append(n.Logits, z), append(n.WorstBCE, bce.Loss()), append(n.WorstMSE, mse.Loss())
	}
	return nil
}

func (n *startNumbers) tell(f *Finding) {
	seeds := counted(len(n.BCE), "start")
	t := Table{Title: fmt.Sprintf("%s on %d digits: means ± half of their 95 %% interval", seeds, n.Samples), Columns: []string{"", "answer a", "spread of a", "BCE", "MSE"}}
	t.row("random starts", meanText(n.Answers, 3), meanText(n.Spreads, 3), meanText(n.BCE, 4), meanText(n.MSE, 4))
	t.row("weights of 0", "0.500", "0", number(n.Zero.BCE, 4), number(n.Zero.MSE, 4))
	t.row("formula at a = 0.5", "", "", number(math.Ln2, 4), "0.2500")
	f.Tables = []Table{t}
	f.Figures = []Figure{n.picture()}
	f.Commands = append(f.Commands, "gonn plot losses")
	n.judge(f)
}

func (n *startNumbers) picture() Figure {
	starts := &plot.Panel{Title: "losses at random starts", X: plot.Axis{Names: []string{"BCE", "MSE"}}}
	for i, x := range [][]float64{n.BCE, n.MSE} {
		at := make([]float64, len(x))
		for k := range at {
			at[k] = float64(i)
		}
		starts.Points("", at, x, plot.Style{Color: i})
	}
	categories(starts)
	starts.HLine("ln 2", math.Ln2, plot.Style{Color: 0, Dashed: true})
	starts.HLine("1/4", 0.25, plot.Style{Color: 1, Dashed: true})
	worst := &plot.Panel{Title: "ever more wrong, for class 1", X: plot.Axis{Label: "logit z"}, Y: plot.Axis{Log: true, Label: "loss"}}
	worst.Line("BCE", n.Logits, n.WorstBCE, plot.Style{Color: 0})
	worst.Line("MSE", n.Logits, n.WorstMSE, plot.Style{Color: 1})
	return Figure{&plot.Figure{Title: "BCE and MSE at the start and at worst", Panels: []*plot.Panel{starts, worst}, Aspect: 0.75},
		"A point a start; then the losses by the logit, down to " + short(n.Logits[len(n.Logits)-1]) + ", where BCE is " + short(n.WorstBCE[len(n.Logits)-1]) + " and MSE " + short(n.WorstMSE[len(n.Logits)-1]) + "."}
}

// nearStart is how far the mean of random starts may be from the formula, as a share of it.
const nearStart = 0.1

func (n *startNumbers) judge(f *Finding) {
	bce, mse := stats.Mean(n.BCE), stats.Mean(n.MSE)
	last := len(n.Logits) - 1
	atStart := math.Abs(bce-math.Ln2) <= nearStart*math.Ln2 && math.Abs(mse-0.25) <= nearStart*0.25
	atWorst := n.WorstBCE[last] > 0.99*-n.Logits[last] && n.WorstMSE[last] <= 1 && n.WorstMSE[last] > 0.999
	f.Verdict = Fails
	switch {
	case atStart && atWorst:
		f.Verdict = Holds
	case atStart || atWorst:
		f.Verdict = Partly
	}
	f.Because = fmt.Sprintf("Over %s BCE is %s and MSE %s, with answers of %s on average; all weights 0 give %s and %s. At z = %s the losses are %s and %s.",
		counted(len(n.BCE), "start"), meanText(n.BCE, 4), meanText(n.MSE, 4), number(stats.Mean(n.Answers), 2), number(n.Zero.BCE, 4), number(n.Zero.MSE, 4),
		minus(fmt.Sprint(n.Logits[last])), number(n.WorstBCE[last], 1), number(n.WorstMSE[last], 4))
}
