package study

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

func (n *publishedNumbers) tell(f *Finding) {
	f.Tables = []Table{n.table()}
	if len(n.Experiments) > 0 {
		f.Tables = append(f.Tables, n.experimentsTable())
	}
	f.Tables = append(f.Tables, n.slopesTable())
	f.Figures = []Figure{n.picture()}
	f.Commands = append(f.Commands, f.sweepStudy(sweep.Study, "--act leaky:-1,-0.5,0,0.5,1,prelu,swish,mish", len(n.Acts[0].Values[0])))
	for _, e := range n.Experiments {
		f.Commands = append(f.Commands, f.sweepStudy(e.Sweep, e.Flags, len(e.Acts[0].Values[0])))
	}
	if n.Limit > 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("These trainings saw only %d samples. The published ones saw 120,000, so they are not comparable.", n.Limit))
	}
	n.judge(f)
}

// table has a row for the means, one for the intervals of one run, and one for what was published.
func (n *publishedNumbers) table() Table {
	t := Table{Title: fmt.Sprintf("After the last epoch, %s; * marks a published figure outside of the prediction interval", counted(len(n.Acts[0].Values[0]), "seed")),
		Columns: append([]string{"activation", ""}, figureNames...)}
	for _, r := range n.Acts {
		t.Rows = append(t.Rows, r.rows()...)
	}
	return t
}

func (r tableRow) rows() [][]string {
	means, runs, published := []string{actText(r.Act), "mean"}, []string{"", "one run, 95 %"}, []string{"", "published"}
	for i, x := range r.Values {
		means = append(means, meanText(x, 4))
		p := r.estimate(i).Run95
		runs = append(runs, number(p.Low, 4)+" … "+number(p.High, 4))
		if r.Published != nil {
			published = append(published, marked(r.Published[i], x))
		}
	}
	if r.Published == nil {
		return [][]string{means, runs}
	}
	return [][]string{means, runs, published}
}

// experimentsTable has the rows of other settings.
func (n *publishedNumbers) experimentsTable() Table {
	t := Table{Title: "Experiments for the rows with a figure outside", Columns: append([]string{"experiment", "activation", ""}, figureNames...)}
	for _, e := range n.Experiments {
		for _, r := range e.Acts {
			for i, row := range r.rows() {
				name := ""
				if i == 0 {
					name = e.Name
				}
				t.row(append([]string{name}, row...)...)
			}
		}
	}
	return t
}

// picture shows prediction intervals with the published figures.
func (n *publishedNumbers) picture() Figure {
	f := &plot.Figure{Title: "The published table and repeated trainings", Columns: 2, Aspect: 0.7,
		Note: "bars: 95 % prediction interval of one run; linear network left out"}
	for _, figure := range []int{0, 2, 4, 5} {
		p := &plot.Panel{Title: figureNames[figure]}
		var x, means, px, published []float64
		for _, r := range n.Acts {
			if r.Act == linear {
				continue
			}
			at := float64(len(p.X.Names))
			p.X.Names = append(p.X.Names, minus(shortAct(r.Act)))
			e := r.estimate(figure)
			p.Line("", []float64{at, at}, []float64{e.Run95.Low, e.Run95.High}, plot.Style{Color: 0})
			x, means = append(x, at), append(means, e.Mean)
			if r.Published != nil {
				px, published = append(px, at), append(published, r.Published[figure])
			}
		}
		p.Points("mean over seeds", x, means, plot.Style{Color: 0})
		p.Points("published", px, published, plot.Style{Color: 1})
		categories(p)
		f.Panels = append(f.Panels, p)
	}
	return Figure{f, "Prediction intervals by activation, with the published figures as points beside the means; the table has the numbers."}
}

func (n *publishedNumbers) judge(f *Finding) {
	all, inside := 0, 0
	var open []string
	for _, r := range n.Acts {
		if r.Published == nil {
			continue
		}
		outside := r.outside()
		all += 4
		inside += 4 - len(outside)
		if len(outside) == 0 {
			continue
		}
		left, by := n.explained(r.Act, outside)
		text := actText(r.Act) + ": " + strings.Join(outside, ", ")
		switch {
		case len(by) == 0:
			text += " (in no experiment)"
		case len(left) == 0:
			text += " (inside with " + strings.Join(by, ", ") + ")"
		default:
			text += " (some with " + strings.Join(by, ", ") + ", not " + strings.Join(left, ", ") + ")"
		}
		open = append(open, text)
	}
	switch {
	case n.Limit > 0:
		f.Verdict = Unclear // it is another experiment
	case inside == all:
		f.Verdict = Holds
	case 2*inside >= all:
		f.Verdict = Partly
	default:
		f.Verdict = Fails
	}
	f.Because = fmt.Sprintf("%d of %d published figures lie in the 95 %% prediction interval of one run.", inside, all)
	if len(open) > 0 {
		f.Because += " Outside: " + strings.Join(open, "; ") + "."
	}
	f.Because += n.slopesText()
}

// explained tells which figures of an activation lie inside in no experiment, and the experiments
// in which some do.
func (n *publishedNumbers) explained(act string, figures []string) (left, by []string) {
	in := map[string]bool{}
	for _, e := range n.Experiments {
		helps := false
		for _, r := range e.Acts {
			if !sameRow(r.Act, act) {
				continue
			}
			still := strings.Join(r.outside(), ",")
			for _, name := range figures {
				if !strings.Contains(still, name) {
					in[name], helps = true, true
				}
			}
		}
		if helps {
			by = append(by, e.Name)
		}
	}
	for _, name := range figures {
		if !in[name] {
			left = append(left, name)
		}
	}
	return left, by
}

// sameRow reports whether the trainings of an experiment stand for a row of the table.
func sameRow(tried, act string) bool {
	return tried == act || act == "prelu" && strings.HasPrefix(tried, "prelu")
}

// slopesText says how the learned slopes compare, and in which experiments more of them agree.
func (n *publishedNumbers) slopesText() string {
	r := n.row("prelu")
	if r == nil {
		return ""
	}
	inside, of := r.slopesInside()
	if of == 0 {
		return ""
	}
	text := fmt.Sprintf(" Of the learned slopes %d of %d published figures do", inside, of)
	var better []string
	for _, e := range n.Experiments {
		for _, r := range e.Acts {
			if more, _ := r.slopesInside(); more > inside {
				better = append(better, fmt.Sprintf("%d with %s", more, e.Name))
			}
		}
	}
	switch {
	case better != nil:
		text += " (" + strings.Join(better, ", ") + ")"
	case inside < of && len(n.Experiments) > 0:
		text += " (no more in any experiment)"
	}
	return text + "."
}
