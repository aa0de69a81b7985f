package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/train/data"
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

// Fill enters the scores.
func (r *Eval) Fill(s *score.Scores) {
	r.Samples, r.Loss, r.Accuracy, r.Confusion = s.Samples, s.Loss(), s.Accuracy(), s.Confusion
	if len(s.Ranks) > 5 {
		top := s.Top(5)
		r.Top5 = &top
	}
	row := func(class *int, c score.Class) ClassScore {
		return ClassScore{class, c.Precision, c.Recall, c.F1, c.Support}
	}
	r.Macro = row(nil, s.Macro())
	for k, c := range s.Classes() {
		r.Classes = append(r.Classes, row(&k, c))
	}
}

// Text writes a line and a table of the classes.
func (r *Eval) Text(w *Page) {
	fmt.Fprintf(w, "%s on %s (%s set, %d samples%s%s): %s %.4f, accuracy %.4f", r.Model, r.Data, r.Set, r.Samples, normalizedBy(r.Normalize), ranOn(r.Engine), r.LossName, r.Loss, r.Accuracy)
	if r.Top5 != nil {
		fmt.Fprintf(w, ", top-5 %.4f", *r.Top5)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "class\tprecision\trecall\tF1\tsamples")
	row := func(name string, c ClassScore) {
		fmt.Fprintf(t, "%s\t%.4f\t%.4f\t%.4f\t%d\n", name, c.Precision, c.Recall, c.F1, c.Support)
	}
	for _, c := range r.Classes {
		row(r.ClassNames.Of(*c.Class), c)
	}
	row("macro mean", r.Macro)
	t.Flush()
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
// numbers of classes, which are narrower than names.
func printConfusion(w io.Writer, m [][]int, names data.ClassNames) {
	fmt.Fprintln(w, "\nconfusion (rows: true class, columns: answer)")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for k := range m {
		fmt.Fprintf(t, "\t%d", k)
	}
	fmt.Fprintln(t, "\t")
	for k, row := range m {
		label := fmt.Sprint(k)
		if names != nil {
			label = names.Of(k) + " " + label
		}
		fmt.Fprint(t, label)
		for _, n := range row {
			if n == 0 {
				fmt.Fprint(t, "\t.")
			} else {
				fmt.Fprintf(t, "\t%d", n)
			}
		}
		fmt.Fprintln(t, "\t")
	}
	t.Flush()
}
