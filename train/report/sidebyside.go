package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// SideBySide holds two networks beside each other on the same test set.
type SideBySide struct {
	Data      string        `json:"data"`
	Samples   int           `json:"samples"`
	Models    [2]ModelScore `json:"models"`
	Agree     int           `json:"agree"` // samples that both take for the same class
	Agreement float64       `json:"agreement"`
	McNemar   McNemar       `json:"mcnemar"`
	// Filters tells how the layers of both correspond; missing if NotMatched says why not.
	Filters    *Filters `json:"filters,omitempty"`
	NotMatched string   `json:"not_matched,omitempty"`
	// Disagreements are the samples that they take for different classes, at most
	// MostDisagreements of them, first those on which both are the surest.
	Disagreements []Disagreement `json:"disagreements"`
	Picture       string         `json:"picture,omitempty"` // the file that shows them
}

// ModelScore is how one of them does, and the slopes that it has learned.
type ModelScore struct {
	Name     string  `json:"name"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
	// Unanswered is the number of samples whose output is not a number.
	Unanswered int            `json:"unanswered,omitempty"`
	Slopes     []SlopeSummary `json:"slopes"`
}

// SlopeSummary is the statistics of one layer's slopes.
type SlopeSummary struct {
	Layer     string  `json:"layer"`
	Kind      string  `json:"kind"`
	Sharing   string  `json:"sharing"`
	Count     int     `json:"count"`
	Mean      float64 `json:"mean"`
	Std       float64 `json:"std"`
	Min       float64 `json:"min"`
	Max       float64 `json:"max"`
	Below     float64 `json:"share_below_0"`
	NotFinite int     `json:"not_finite,omitempty"` // values that are NaN or infinite, which do not count in the others
	histogram string
}

// McNemar is McNemar's test of whether one of two models is right more often.
type McNemar struct {
	RightAlone [2]int   `json:"right_alone"` // samples that one gets right and the other wrong
	P          float64  `json:"p"`
	Exact      bool     `json:"exact"`                 // by the binomial distribution
	Statistic  *float64 `json:"chi_squared,omitempty"` // missing if it is exact
}

func mcNemarOf(m score.McNemar) McNemar {
	r := McNemar{RightAlone: [2]int{m.OnlyA, m.OnlyB}, P: m.P, Exact: m.Exact}
	if !m.Exact {
		r.Statistic = &m.Statistic
	}
	return r
}

// SideBySideOf reports the answers of two models on the test set of some data.
func SideBySideOf(set *data.Set, a, b *model.Model, r parity.Answers) *SideBySide {
	s := &SideBySide{
		Data: set.Name, Samples: r.A.Samples, Agree: r.Agree, Agreement: r.Agreement(),
		Models:        [2]ModelScore{scoreOf(a, r.A, r.UnansweredA), scoreOf(b, r.B, r.UnansweredB)},
		McNemar:       mcNemarOf(score.McNemarOf(r.OnlyA, r.OnlyB)),
		Disagreements: disagreementsOf(set, a, b, r.Disagreements),
	}
	s.Filters, s.NotMatched = filtersOf(a, b)
	return s
}

func scoreOf(m *model.Model, st nn.Stats, unanswered int) ModelScore {
	s := ModelScore{Name: m.Name, Loss: st.Loss(), Accuracy: st.Accuracy(), Unanswered: unanswered, Slopes: []SlopeSummary{}}
	for _, v := range SlopesOf(m.Net) {
		s.Slopes = append(s.Slopes, summaryOf(v))
	}
	return s
}

func summaryOf(v Slopes) SlopeSummary {
	return SlopeSummary{v.Layer, v.Kind, v.Sharing, len(v.Values), v.Mean, v.Std, v.Min, v.Max, v.Below, v.NotFinite, histogramOf(v)}
}

// Text writes tables of the models, of the filters that correspond, of the slopes and of the
// samples on which the models disagree.
func (r *SideBySide) Text(w *Page) {
	fmt.Fprintf(w, "both on %s, %d test samples:\n", table.Printable(r.Data), r.Samples)
	t := table.New(table.Column{Title: "  model", Shrink: 1, Min: 20}, table.Column{Title: "loss", Right: true},
		table.Column{Title: "accuracy", Right: true}, table.Column{Title: "right alone", Right: true, Drop: 2})
	for i, m := range r.Models {
		t.Row("  "+m.Name, fmt.Sprintf("%.4f", m.Loss), fmt.Sprintf("%.4f", m.Accuracy), fmt.Sprint(r.McNemar.RightAlone[i]))
	}
	w.table(t)
	for _, m := range r.Models {
		if m.Unanswered > 0 {
			w.fill("  %s has no answer to %s samples: its output for them is not a number", m.Name, thousands(m.Unanswered))
		}
	}
	fmt.Fprintf(w, "  same class for %d of %d samples (%.2f %%)\n", r.Agree, r.Samples, 100*r.Agreement)
	r.McNemar.print(w)
	if r.NotMatched != "" {
		w.fill("  filters are not matched: %s", r.NotMatched)
	}
	if r.Filters != nil {
		r.Filters.print(w, [2]string{r.Models[0].Name, r.Models[1].Name})
	}
	r.printSlopes(w)
	r.printDisagreements(w)
}

// print says what the test gives, and what that means.
func (m McNemar) print(w *Page) {
	if m.RightAlone == [2]int{} {
		fmt.Fprintln(w, "  McNemar's test has nothing to go by: no sample is right for one model alone")
		return
	}
	test := "exact"
	if m.Statistic != nil {
		test = fmt.Sprintf("χ² = %.3f", *m.Statistic)
	}
	meaning := "such a difference is not unusual for models that are right equally often"
	if m.P < 0.05 {
		meaning = "such a difference is rare for models that are right equally often"
	}
	w.fill("  McNemar's test of %d against %d that one alone gets right: %s, p = %.3g; %s", m.RightAlone[0], m.RightAlone[1], test, m.P, meaning)
}
