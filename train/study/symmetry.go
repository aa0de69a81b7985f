package study

import (
	"context"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// slopes are the activations of the study's table, LeakyReLU by slope.
var slopes = []string{"leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1", "prelu"}

const linear = "leaky:1"

var symmetry = claimed(Claim{
	Name: "symmetry", Title: "A linear network stays at chance",
	Says: "With slope α = 1 the network is linear, and on digits and their inverses it cannot learn anything.",
	Proof: []string{
		"A linear network has logits z(x) = Wx + b. The inverse of x is 1 − x, so z(x) + z(1 − x) = W·1 + 2b = c for every picture x.",
		"A picture of class y and its inverse together cost lse(z) − z_y + lse(c − z) − (c − z)_y = lse(z) + lse(c − z) − c_y: the label enters only through c, which is the same for all pictures.",
		"lse is convex, so lse(z) + lse(c − z) ≥ 2·lse(c/2), which is reached at z = c/2.",
		"So the least loss is that of one answer, c/2, for every picture: the entropy of the classes, and an accuracy at chance.",
	},
	How: "The logits of test pictures and of their inverses. The deviation is the largest |z(x) + z(1 − x) − c| of all pictures and classes, by the largest |z|, with c the mean over pictures: 0 if z is linear. " +
		"Every z has an odd part, (z(x) − z(1 − x))/2, and an even part, which is the same for a picture and its inverse; " +
		"the even share is the even part's share of their variance over pictures. Only through the even part do a picture and its inverse get the same class.",
	Costs: [2]float64{30, 1},
}, measureSymmetry)

// symmetryNumbers are in the order of slopes.
type symmetryNumbers struct {
	Acts []symmetryOf `json:"acts"`
	// MostCommon is the largest share of a class in the test set, Entropy that of the shares
	// (nats): the best accuracy and loss of one answer for all pictures.
	MostCommon float64 `json:"most_common"`
	Entropy    float64 `json:"entropy"`
	Pictures   int     `json:"pictures"`
	Classes    int     `json:"classes"`
}

// symmetryOf are the networks of an activation, a value a seed.
type symmetryOf struct {
	Act      string     `json:"act"`
	Start    []evenness `json:"start"`
	Trained  []evenness `json:"trained"`
	Loss     []float64  `json:"test_loss"`
	Accuracy []float64  `json:"test_accuracy"`
	// Points are z(x) and z(1 − x) of a class, for some pictures, of the first seed.
	Points [][2]float64 `json:"points"`
}

// evenness says how far logits are from z(x) + z(1 − x) = c.
type evenness struct {
	Deviation float64 `json:"deviation"` // max |z(x) + z(1−x) − c| / max |z|
	Even      float64 `json:"even"`      // share of the even part in the variance
}

func measureSymmetry(ctx context.Context, l *Lab) (*symmetryNumbers, error) {
	cells, err := l.train(ctx, "study", l.studyGrid(l.Scale.Seeds, slopes...))
	if err != nil {
		return nil, err
	}
	set, err := l.data()
	if err != nil {
		return nil, err
	}
	n := &symmetryNumbers{Pictures: set.Test.Len() / 2, Classes: set.Test.Classes()}
	n.MostCommon, n.Entropy = constantAnswer(set.Test)
	for i, c := range cells {
		l.step("logits of "+c.Label, i, len(cells))
		of := symmetryOf{Act: c.Values[0]}
		for _, cell := range c.Cells {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			start, err := l.startNetwork(cell)
			if err != nil {
				return nil, err
			}
			trained, err := lastNetwork(cell)
			if err != nil {
				return nil, err
			}
			for _, net := range []*nn.Network{start, trained} {
				z, err := net.Predict(set.Test, l.Workers)
				if err != nil {
					return nil, err
				}
				e := evennessOf(z)
				if net == start {
					of.Start = append(of.Start, e)
					continue
				}
				of.Trained = append(of.Trained, e)
				if len(of.Points) == 0 {
					of.Points = pointsOf(z, 300)
				}
			}
			last := lastResult(cell)
			of.Loss, of.Accuracy = append(of.Loss, last.Test.Loss), append(of.Accuracy, last.Test.Accuracy)
		}
		n.Acts = append(n.Acts, of)
	}
	return n, nil
}

// constantAnswer is the best accuracy and the least loss, in nats, of one answer for all samples.
func constantAnswer(s nn.Samples) (accuracy, loss float64) {
	counts := make([]float64, s.Classes())
	for i := range s.Len() {
		counts[s.Label(i)]++
	}
	for _, k := range counts {
		if share := k / float64(s.Len()); share > 0 {
			accuracy, loss = max(accuracy, share), loss-share*math.Log(share)
		}
	}
	return accuracy, loss
}

// evennessOf looks at outputs of shape (2N, K): those of N pictures, then of their inverses.
func evennessOf(z *nn.Tensor) (e evenness) {
	n, classes := z.Shape[0]/2, z.Shape[1]
	var largest, deviation, even, odd float64
	for k := range classes {
		at := func(i int) float64 { return float64(z.Data[i*classes+k]) }
		c, d := 0.0, 0.0 // means of z(x) + z(1−x) and of z(x) − z(1−x)
		for i := range n {
			c += (at(i) + at(n+i)) / float64(n)
			d += (at(i) - at(n+i)) / float64(n)
		}
		for i := range n {
			sum, difference := at(i)+at(n+i)-c, at(i)-at(n+i)-d
			largest = max(largest, math.Abs(at(i)), math.Abs(at(n+i)))
			deviation = max(deviation, math.Abs(sum))
			even, odd = even+sum*sum, odd+difference*difference
		}
	}
	if largest > 0 {
		e.Deviation = deviation / largest
	}
	if even+odd > 0 {
		e.Even = even / (even + odd)
	}
	return e
}

// pointsOf are the outputs of class 0 for the first pictures and for their inverses.
func pointsOf(z *nn.Tensor, most int) (points [][2]float64) {
	n, classes := z.Shape[0]/2, z.Shape[1]
	for i := range min(n, most) {
		points = append(points, [2]float64{float64(z.Data[i*classes]), float64(z.Data[(n+i)*classes])})
	}
	return points
}

func (n *symmetryNumbers) tell(f *Finding) {
	t := Table{Title: "Logits of a picture and its inverse: means over seeds",
		Columns: []string{"activation", "deviation at the start", "after training", "even share at the start", "after training", "test loss", "test accuracy"}}
	shares := &plot.Panel{Title: "even share of the logits' variance", Y: plot.Axis{Limits: &[2]float64{0, 1}}}
	var x, start, trained []float64
	for i, a := range n.Acts {
		t.row(actText(a.Act), short(stats.Mean(deviations(a.Start))), short(stats.Mean(deviations(a.Trained))),
			percent(stats.Mean(evens(a.Start))), percent(stats.Mean(evens(a.Trained))), meanText(a.Loss, 4), percents(a.Accuracy))
		shares.X.Names = append(shares.X.Names, minus(shortAct(a.Act)))
		x, start, trained = append(x, float64(i)), append(start, stats.Mean(evens(a.Start))), append(trained, stats.Mean(evens(a.Trained)))
	}
	shares.Points("at the start", x, start, plot.Style{Color: 1})
	shares.Points("after training", x, trained, plot.Style{Color: 0})
	f.Tables = []Table{t}
	categories(shares)
	f.Figures = []Figure{n.scatter(), {
		&plot.Figure{Title: "What a network can tell of digits and inverses together", Panels: []*plot.Panel{shares}, Aspect: 0.4},
		"Even share of the logits' variance after training: " + listed(shares.X.Names, trained, percent) + ".",
	}}
	f.Commands = append(f.Commands, f.sweepStudy("study-slopes", "--act leaky:-1,-0.5,0,0.5,1,prelu", len(n.Acts[0].Loss)))
	n.judge(f)
}

// scatter shows the logit of class 0 of pictures against that of their inverses.
func (n *symmetryNumbers) scatter() Figure {
	f := &plot.Figure{Title: "The logit of class 0 of digits and of their inverses", Columns: 3, Aspect: 0.9,
		Note: fmt.Sprintf("a point a digit, of the first %d of the test set; networks of the first seed", len(n.Acts[0].Points))}
	for _, a := range n.Acts {
		p := &plot.Panel{Title: actText(a.Act), X: plot.Axis{Label: "z(x)"}, Y: plot.Axis{Label: "z(1 − x)"}}
		var x, y []float64
		for _, at := range a.Points {
			x, y = append(x, at[0]), append(y, at[1])
		}
		p.Points("", x, y, plot.Style{Color: 0, Faint: true})
		f.Panels = append(f.Panels, p)
	}
	return Figure{f, "Points on a falling line have z(x) + z(1 − x) constant; points on the rising diagonal have the same logit for a digit and its inverse."}
}

// Limits of the verdict: rounding of float32 in sums of some thousand products, and what a
// training that has not come to its minimum yet lacks.
const (
	roundingOfSums = 1e-4
	nearEntropy    = 0.02
)

func (n *symmetryNumbers) judge(f *Finding) {
	var lin symmetryOf
	worst := math.Inf(1) // accuracy of the others
	for _, a := range n.Acts {
		if a.Act == linear {
			lin = a
			continue
		}
		worst = min(worst, stats.Mean(a.Accuracy))
	}
	deviation := max(stats.Mean(deviations(lin.Start)), stats.Mean(deviations(lin.Trained)))
	loss, accuracy := stats.Mean(lin.Loss), stats.Mean(lin.Accuracy)
	f.Verdict = Fails
	if deviation < roundingOfSums && loss > n.Entropy-nearEntropy && accuracy < n.MostCommon+nearEntropy && worst > n.MostCommon+nearEntropy {
		f.Verdict = Holds
	}
	f.Because = fmt.Sprintf("The linear network's logits keep the symmetry to %s of their size, before and after training. It ends at a test loss of %s and an accuracy of %s. "+
		"One answer for all pictures has at best %s and %s. Every other slope gets at least %s.",
		short(deviation), number(loss, 4), percent(accuracy), number(n.Entropy, 4), percent(n.MostCommon), percent(worst))
}

func deviations(list []evenness) (x []float64) {
	for _, e := range list {
		x = append(x, e.Deviation)
	}
	return x
}

func evens(list []evenness) (x []float64) {
	for _, e := range list {
		x = append(x, e.Even)
	}
	return x
}
