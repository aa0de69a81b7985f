package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// Landscape says how sharp the loss of models is at their parameters.
type Landscape struct {
	Data       string      `json:"data"`
	Set        string      `json:"set"`
	Samples    int         `json:"samples"`
	Seed       uint64      `json:"seed"`
	Directions int         `json:"directions"`
	Distance   float64     `json:"distance"` // at which the rise is
	Models     []Sharpness `json:"models"`
}

// Sharpness is that of one model; nn/landscape describes what is measured.
type Sharpness struct {
	Model           string               `json:"model"`
	LossName        string               `json:"loss_name"`
	Loss            float64              `json:"loss"`
	Accuracy        float64              `json:"accuracy"`
	GradientNorm    float64              `json:"gradient_norm"`
	Curvature       Spread               `json:"curvature"`
	Rise            Spread               `json:"rise"`
	Largest         landscape.Eigenvalue `json:"largest_eigenvalue"`
	Smallest        landscape.Eigenvalue `json:"smallest_eigenvalue"`
	RelativeLargest landscape.Eigenvalue `json:"relative_largest_eigenvalue"`
	Trace           landscape.Estimate   `json:"trace"`
}

// Spread is the mean of values along random directions, and their standard deviation (divided by
// n−1).
type Spread struct {
	Mean   float64   `json:"mean"`
	Std    float64   `json:"std"`
	Values []float64 `json:"values"`
}

func spreadOf(values []float64) Spread {
	return Spread{stats.Mean(values), stats.Std(values), values}
}

// Add adds a model.
func (r *Landscape) Add(model, loss string, s *landscape.Sharpness) {
	r.Models = append(r.Models, Sharpness{
		Model: model, LossName: loss, Loss: s.Loss, Accuracy: s.Accuracy, GradientNorm: s.GradientNorm,
		Curvature: spreadOf(s.Curvature), Rise: spreadOf(s.Rise),
		Largest: s.Largest, Smallest: s.Smallest, RelativeLargest: s.Relative, Trace: s.Trace,
	})
}

// Text writes a table of what was measured along directions, and one of the Hessian.
func (r *Landscape) Text(w *Page) {
	w.fill("%s (%s set, %d samples)", r.Data, r.Set, r.Samples)
	fmt.Fprintln(w)
	number := func(title string, drop int) table.Column { return table.Column{Title: title, Right: true, Drop: drop} }
	t := table.New(table.Column{Title: "model", Shrink: 1}, number("loss", 0), number("accuracy", 2), number("gradient", 1),
		number("curvature", 0), number("rise", 0))
	for _, m := range r.Models {
		t.Row(m.Model, fmt.Sprintf("%.4f", m.Loss), fmt.Sprintf("%.4f", m.Accuracy), fmt.Sprintf("%.3g", m.GradientNorm),
			m.Curvature.text(), m.Rise.text())
	}
	w.table(t)
	w.fill("Curvature is the second derivative of the loss along %d random directions that change each filter by its own norm; rise is how much "+
		"the loss grows if each filter is changed by %g of its norm: means over the directions ± standard deviation.", r.Directions, r.Distance)
	fmt.Fprintln(w)
	t = table.New(table.Column{Title: "Hessian", Shrink: 1}, number("largest", 0), number("smallest", 0), number("relative", 0), number("trace", 0))
	for _, m := range r.Models {
		t.Row(m.Model, eigenvalueText(m.Largest), eigenvalueText(m.Smallest), eigenvalueText(m.RelativeLargest),
			fmt.Sprintf("%.4g ± %.2g", m.Trace.Value, m.Trace.Error))
	}
	w.table(t)
	w.fill("Largest and smallest eigenvalue ± residual; relative: the largest if each weight is measured by the norm of its filter; " +
		"trace ± standard error.")
}

func (s Spread) text() string { return fmt.Sprintf("%.3g ± %.2g", s.Mean, s.Std) }

func eigenvalueText(e landscape.Eigenvalue) string {
	return fmt.Sprintf("%.4g ± %.1g", e.Value, e.Residual)
}
