package report

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Eval is how a model does on a data set.
type Eval struct {
	Model    string  `json:"model"`
	Engine   string  `json:"engine"` // gonn, or reference for a file without a trainable form
	Data     string  `json:"data"`
	Set      string  `json:"set"`
	Samples  int     `json:"samples"`
	LossName string  `json:"loss_name"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
	// Unanswered is the number of samples whose output is not a number. They count as wrong.
	Unanswered int `json:"unanswered"`
	// The model's own, if it brings one.
	Normalize string `json:"normalize,omitempty"`
	// Of the data, if they are known.
	ClassNames data.ClassNames `json:"class_names,omitempty"`
	Top5       *float64        `json:"top5,omitempty"` // of more than 5 classes
	Macro      ClassScore      `json:"macro"`
	Classes    []ClassScore    `json:"classes"`
	Confusion  [][]int         `json:"confusion"` // [true class][answer]
	// ShowConfusion makes Text print the matrix too.
	ShowConfusion bool `json:"-"`
}

// ClassScore is one row of the table, or their mean.
type ClassScore struct {
	Class     *int    `json:"class,omitempty"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

// Fill enters the scores. Of a data set that has only some of the network's classes, the
// others do not count in the means, and have a row only if something was taken for them.
func (r *Eval) Fill(s *score.Scores, some bool) {
	r.Samples, r.Loss, r.Accuracy, r.Confusion = s.Samples, s.Loss(), s.Accuracy(), s.Confusion
	if len(s.Ranks) > 5 {
		top := s.Top(5)
		r.Top5 = &top
	}
	for _, n := range s.Unanswered {
		r.Unanswered += n
	}
	row := func(class *int, c score.Class) ClassScore {
		return ClassScore{class, c.Precision, c.Recall, c.F1, c.Support}
	}
	r.Macro = row(nil, s.Macro())
	for k, c := range s.Classes() {
		r.Classes = append(r.Classes, row(&k, c))
	}
	if some {
		r.dropAbsent()
	}
}

// dropAbsent leaves out what the data set has no samples of.
func (r *Eval) dropAbsent() {
	r.Macro = ClassScore{}
	var kept []ClassScore
	present := 0.0
	for _, c := range r.Classes {
		taken := slices.ContainsFunc(r.Confusion, func(row []int) bool { return row[*c.Class] > 0 })
		if c.Support > 0 || taken {
			kept = append(kept, c)
		}
		if c.Support > 0 {
			present++
			r.Macro.Precision, r.Macro.Recall, r.Macro.F1 = r.Macro.Precision+c.Precision, r.Macro.Recall+c.Recall, r.Macro.F1+c.F1
			r.Macro.Support += c.Support
		}
	}
	r.Classes = kept
	for _, v := range []*float64{&r.Macro.Precision, &r.Macro.Recall, &r.Macro.F1} {
		*v /= max(present, 1)
	}
}

// Text writes a line and a table of the classes.
func (r *Eval) Text(w *Page) {
	fmt.Fprintf(w, "%s on %s (%s set, %d samples%s%s): %s %.4f, accuracy %.4f", table.Printable(r.Model), table.Printable(r.Data), r.Set, r.Samples, normalizedBy(r.Normalize), ranOn(r.Engine), r.LossName, r.Loss, r.Accuracy)
	if r.Top5 != nil {
		fmt.Fprintf(w, ", top-5 %.4f", *r.Top5)
	}
	fmt.Fprintln(w)
	if r.Unanswered > 0 {
		w.fill("%s samples have no answer: the output for them is not a number. They count as wrong.", thousands(r.Unanswered))
	}
	fmt.Fprintln(w)
	t := table.New(table.Column{Title: "class", Shrink: 1}, table.Column{Title: "precision", Right: true}, table.Column{Title: "recall", Right: true},
		table.Column{Title: "F1", Right: true}, table.Column{Title: "samples", Right: true})
	number := func(v float64) string { return fmt.Sprintf("%.4f", v) }
	row := func(name string, c ClassScore) {
		t.Row(name, number(c.Precision), number(c.Recall), number(c.F1), fmt.Sprint(c.Support))
	}
	for _, c := range r.Classes {
		row(r.ClassNames.Of(*c.Class), c)
	}
	row("macro mean", r.Macro)
	w.table(t)
	if r.ShowConfusion {
		printConfusion(w, r.Confusion, r.ClassNames)
	}
}

// normalizedBy tells how pixels were read.
func normalizedBy(spec string) string {
	if spec == "" {
		return ""
	}
	return ", normalised by " + spec
}

// ranOn tells what ran a model, if it was not gonn's kernels.
func ranOn(name string) string {
	if name == (engine.Reference{}).Name() {
		return ", on the reference evaluator, float64"
	}
	return ""
}

// printConfusion prints the matrix with a dot where no sample was. Columns have the
// numbers of classes, which are narrower than names; those that do not fit follow below.
func printConfusion(w *Page, m [][]int, names data.ClassNames) {
	fmt.Fprintln(w, "\nconfusion (rows: true class, columns: answer)")
	for first := 0; first < len(m); {
		t, next := confusionPart(m, names, first, w.Width)
		w.table(t)
		if first = next; first < len(m) {
			fmt.Fprintln(w)
		}
	}
}

// confusionPart is the columns from first on that fit, one at least; next is the one behind.
func confusionPart(m [][]int, names data.ClassNames, first, width int) (t *table.Table, next int) {
	for next = len(m); ; next-- {
		columns := []table.Column{{Right: true}}
		for k := first; k < next; k++ {
			columns = append(columns, table.Column{Title: fmt.Sprint(k), Right: true, Drop: 1})
		}
		t = table.New(columns...)
		for k, row := range m {
			label := fmt.Sprint(k)
			if names != nil {
				label = table.Shorten(names.Of(k), 24) + " " + label
			}
			cells := []string{label}
			for _, n := range row[first:next] {
				if n == 0 {
					cells = append(cells, ".")
				} else {
					cells = append(cells, fmt.Sprint(n))
				}
			}
			t.Row(cells...)
		}
		left := len(t.Dropped(width))
		if left == 0 || next == first+1 {
			return t, next
		}
		next = max(first+2, next-left+1)
	}
}
