package study

import (
	"context"
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/stats"
)

var negative = claimed(Claim{
	Name: "negative-slopes", Title: "Why negative slopes win on inverted data",
	Says: "With a negative slope a unit answers to a digit and to its inverse: the size of z matters, not its sign. So units stay alive for both, and the network gets better.",
	How: "Each trained network runs the test digits and their inverses. A unit is an element of an activation's map with the input z and the output y. " +
		"It is dead for digits, say, if z > 0 for none of them, and silent for a picture if y is exactly 0: then the picture says nothing through it, forward or backward. " +
		"Agreement is the correlation of y for a digit with y for its inverse, over pictures and as a mean over units: 1 if only |z| counts, −1 for a linear network. " +
		"Test losses are compared by t-tests, paired by seed, with Holm's correction over all pairs.",
	Costs: [2]float64{600, 22},
}, measureNegative)

// negativeNumbers are in the order of slopes.
type negativeNumbers struct {
	Acts     []unitsOfAct `json:"acts"`
	Pictures int          `json:"pictures"`
}

// unitsOfAct are the networks of an activation: units by seed and layer, results by seed.
type unitsOfAct struct {
	Act      string      `json:"act"`
	Units    [][]unitsOf `json:"units"`
	Loss     []float64   `json:"test_loss"`
	Accuracy []float64   `json:"test_accuracy"`
}

func measureNegative(ctx context.Context, l *Lab) (*negativeNumbers, error) {
	cells, err := l.train(ctx, "study", l.studyGrid(l.Scale.Seeds, slopes...))
	if err != nil {
		return nil, err
	}
	set, err := l.data()
	if err != nil {
		return nil, err
	}
	n := &negativeNumbers{Pictures: set.Test.Len() / 2}
	for i, c := range cells {
		l.step("units of "+c.Label, i, len(cells))
		of := unitsOfAct{Act: c.Values[0]}
		for _, cell := range c.Cells {
			net, err := lastNetwork(cell)
			if err != nil {
				return nil, err
			}
			units, err := measureUnits(ctx, net, set.Test, l.Workers)
			if err != nil {
				return nil, err
			}
			last := lastResult(cell)
			of.Units, of.Loss, of.Accuracy = append(of.Units, units), append(of.Loss, last.Test.Loss), append(of.Accuracy, last.Test.Accuracy)
		}
		n.Acts = append(n.Acts, of)
	}
	return n, nil
}

// over are the values of a layer over seeds.
func (a unitsOfAct) over(layer int, value func(unitsOf) float64) (x []float64) {
	for _, units := range a.Units {
		x = append(x, value(units[layer]))
	}
	return x
}

var unitMeasures = []struct {
	title string
	of    func(unitsOf) float64
	text  func([]float64) string
}{
	{"dead for digits", func(u unitsOf) float64 { return u.DeadDigits }, percents},
	{"dead for inverses", func(u unitsOf) float64 { return u.DeadInverses }, percents},
	{"dead for both", func(u unitsOf) float64 { return u.DeadBoth }, percents},
	{"silent, digits", func(u unitsOf) float64 { return u.SilentDigits }, percents},
	{"silent, inverses", func(u unitsOf) float64 { return u.SilentInverses }, percents},
	{"agreement", agreement, func(x []float64) string { return meanText(x, 2) }},
}

func agreement(u unitsOf) float64 { return u.Agreement }

func (n *negativeNumbers) tell(f *Finding) {
	results := Table{Title: "Results on the test set: means over seeds ± half of their 95 % interval", Columns: []string{"activation", "test loss", "test accuracy"}}
	units := Table{Title: "Units, on the test set", Columns: []string{"activation", "layer"}}
	for _, m := range unitMeasures {
		units.Columns = append(units.Columns, m.title)
	}
	for _, a := range n.Acts {
		results.row(actText(a.Act), meanText(a.Loss, 4), percents(a.Accuracy))
		for layer, u := range a.Units[0] {
			row := []string{actText(a.Act), u.Layer}
			for _, m := range unitMeasures {
				row = append(row, m.text(a.over(layer, m.of)))
			}
			units.row(row...)
		}
	}
	f.Tables = []Table{results, units, n.tests()}
	f.Figures = []Figure{n.picture()}
	f.Commands = append(f.Commands,
		f.sweepStudy("study-slopes", "--act leaky:-1,-0.5,0,0.5,1,prelu", len(n.Acts[0].Loss)),
		"gonn train --act leaky:-0.5 --metrics dead && gonn plot dead")
	n.judge(f)
}

// picture shows dead units and agreement by activation, for each layer.
func (n *negativeNumbers) picture() Figure {
	dead := &plot.Panel{Title: "units that are dead", Y: plot.Axis{Label: "share"}}
	agree := &plot.Panel{Title: "agreement of digits and inverses", Y: plot.Axis{Limits: &[2]float64{-1.05, 1.05}}}
	agree.HLine("", 0, plot.Style{Muted: true})
	var shortNames, texts []string
	for _, a := range n.Acts {
		shortNames = append(shortNames, minus(shortAct(a.Act)))
	}
	for layer, u := range n.Acts[0].Units[0] {
		var x, digits, inverses, both []float64
		for i, a := range n.Acts {
			x = append(x, float64(i))
			digits = append(digits, stats.Mean(a.over(layer, func(u unitsOf) float64 { return u.DeadDigits })))
			inverses = append(inverses, stats.Mean(a.over(layer, func(u unitsOf) float64 { return u.DeadInverses })))
			both = append(both, stats.Mean(a.over(layer, agreement)))
		}
		dead.Points("digits, "+u.Layer, shifted(x, -0.1), digits, plot.Style{Color: 2 * layer})
		dead.Points("inverses, "+u.Layer, shifted(x, 0.1), inverses, plot.Style{Color: 2*layer + 1})
		agree.Points("agreement, "+u.Layer, x, both, plot.Style{Color: 4 + 2*layer})
		texts = append(texts, "in "+u.Layer+" "+listed(shortNames, both, func(v float64) string { return number(v, 2) }))
	}
	dead.X.Names, agree.X.Names = shortNames, shortNames
	categories(dead, agree)
	return Figure{&plot.Figure{Title: "Units of trained networks, by slope", Note: "means over seeds; test digits and their inverses", Panels: []*plot.Panel{dead, agree}, Aspect: 0.75},
		"Agreement of the outputs for a digit and its inverse: " + strings.Join(texts, "; ") + "."}
}

// tests compares test losses.
func (n *negativeNumbers) tests() Table {
	t := Table{Title: "Differences of test losses, paired by seed", Columns: []string{"pair", "difference", "95 % interval", "p", "p after Holm"}}
	for _, p := range n.pairs() {
		a, b := n.Acts[p.A], n.Acts[p.B]
		t.row(actText(a.Act)+" − "+actText(b.Act), number(p.Difference, 4),
			number(p.Interval.Low, 4)+" … "+number(p.Interval.High, 4), pText(p.P), pText(p.Adjusted))
	}
	return t
}

// pairs leaves the linear network out, of which there is nothing to prove.
func (n *negativeNumbers) pairs() []stats.Pair {
	var losses [][]float64
	for _, a := range n.Acts {
		if a.Act != linear {
			losses = append(losses, a.Loss)
		}
	}
	pairs := stats.AllPairs(losses)
	for i, p := range pairs {
		pairs[i].A, pairs[i].B = n.index(p.A), n.index(p.B)
	}
	return pairs
}

// index is that of an activation by its number among those that are not linear.
func (n *negativeNumbers) index(k int) int {
	for i, a := range n.Acts {
		if a.Act == linear {
			continue
		}
		if k == 0 {
			return i
		}
		k--
	}
	return -1
}

// judge asks whether negative slopes have lower losses than slopes of 0 and above, and whether
// digits and inverses agree more at a slope of −1 than at 1.
func (n *negativeNumbers) judge(f *Finding) {
	var won, undecided, lost []string
	for _, p := range n.pairs() {
		a, b := n.Acts[p.A].Act, n.Acts[p.B].Act
		if !strings.HasPrefix(a, "leaky:-") || strings.HasPrefix(b, "leaky:-") || b == "prelu" {
			continue
		}
		text := fmt.Sprintf("%s against %s (%s, %s)", actText(a), actText(b), number(p.Difference, 4), pText(p.Adjusted))
		switch {
		case p.Adjusted > 1-level:
			undecided = append(undecided, text)
		case p.Difference < 0:
			won = append(won, text)
		default:
			lost = append(lost, text)
		}
	}
	falls := n.agreementFalls()
	switch {
	case len(lost) > 0 || !falls:
		f.Verdict = Fails
	case len(undecided) == 0:
		f.Verdict = Holds
	case len(won) > 0:
		f.Verdict = Partly
	default:
		f.Verdict = Unclear
	}
	f.Because = n.agreementText()
	for _, part := range []struct {
		text string
		list []string
	}{{"Lower test loss", won}, {"Higher test loss", lost}, {"Not distinguishable", undecided}} {
		if len(part.list) > 0 {
			f.Because += " " + part.text + ": " + strings.Join(part.list, ", ") + "."
		}
	}
}

// agreements are the means of a layer for the fixed slopes, which ascend.
func (n *negativeNumbers) agreements(layer int) (x []float64) {
	for _, a := range n.Acts {
		if a.Act != "prelu" {
			x = append(x, stats.Mean(a.over(layer, agreement)))
		}
	}
	return x
}

func (n *negativeNumbers) agreementFalls() bool {
	for layer := range n.Acts[0].Units[0] {
		x := n.agreements(layer)
		if x[len(x)-1] > x[0] {
			return false
		}
	}
	return true
}

func (n *negativeNumbers) agreementText() string {
	var parts []string
	for layer, u := range n.Acts[0].Units[0] {
		x := n.agreements(layer)
		parts = append(parts, fmt.Sprintf("%s in %s", minus(fmt.Sprintf("%.2f at α = −1, %.2f at α = 0 and %.2f at α = 1", x[0], x[2], x[4])), u.Layer))
	}
	return "The answers of units to a digit and to its inverse agree by " + strings.Join(parts, "; ") + "."
}
