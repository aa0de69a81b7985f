package study

import (
	"gonum.org/v1/gonum/stat"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// addSlopes adds the learned slopes of a network of a further seed.
func (r *tableRow) addSlopes(net *nn.Network) {
	k := 0
	for _, n := range net.Nodes() {
		if _, ok := n.Layer.(activation.Layer); !ok || len(n.Params) == 0 {
			continue
		}
		if k == len(r.Slopes) {
			r.Slopes = append(r.Slopes, layerOfSlope{Layer: n.Name})
		}
		mean, std := meanStd(n.Params[0].Data)
		r.Slopes[k].Mean, r.Slopes[k].Std = append(r.Slopes[k].Mean, mean), append(r.Slopes[k].Std, std)
		k++
	}
}

// meanStd are the mean and the standard deviation of a population.
func meanStd(values []float32) (mean, std float64) {
	x := make([]float64, len(values))
	for i, v := range values {
		x[i] = float64(v)
	}
	return stat.PopMeanStdDev(x, nil)
}

// slopesInside counts the published figures of learned slopes, a mean and a standard deviation a
// layer, that lie in the prediction interval of one run. There are none for other activations than
// a slope for each element.
func (r tableRow) slopesInside() (inside, of int) {
	if !r.hasPublishedSlopes() {
		return 0, 0
	}
	for i, s := range r.Slopes[:min(len(r.Slopes), len(sweep.PublishedSlopes))] {
		p := sweep.PublishedSlopes[i]
		for _, pair := range []struct {
			v float64
			x []float64
		}{{p.Mean, s.Mean}, {p.Std, s.Std}} {
			of++
			if stats.PredictionInterval(pair.x, level).Contains(pair.v) {
				inside++
			}
		}
	}
	return inside, of
}

// hasPublishedSlopes reports whether the study's slopes are of this activation: PReLU with a slope
// for each element.
func (r tableRow) hasPublishedSlopes() bool {
	act, err := activation.Parse(r.Act)
	return err == nil && act.Func == activation.PReLU && act.Sharing.String() == "element"
}

// slopesTable has the learned slopes beside the published ones.
func (n *publishedNumbers) slopesTable() Table {
	t := Table{Title: "Learned slopes: mean and standard deviation over a layer", Columns: []string{"trainings", "layer", "mean", "published", "std", "published"}}
	add := func(name string, rows []tableRow) {
		for _, r := range rows {
			for i, s := range r.Slopes {
				mean, std := "", ""
				if i < len(sweep.PublishedSlopes) && r.hasPublishedSlopes() {
					p := sweep.PublishedSlopes[i]
					mean, std = marked(p.Mean, s.Mean), marked(p.Std, s.Std)
				}
				t.row(name+" "+actText(r.Act), s.Layer, meanText(s.Mean, 3), mean, meanText(s.Std, 3), std)
			}
		}
	}
	add("study's,", n.Acts)
	for _, e := range n.Experiments {
		add(e.Name+",", e.Acts)
	}
	return t
}

// marked is a published figure, with a star if it lies outside of the prediction interval of x.
func marked(published float64, x []float64) string {
	text := number(published, 4)
	if !stats.PredictionInterval(x, level).Contains(published) {
		text += " *"
	}
	return text
}
