package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
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
}

// ModelScore is how one of them does, and the slopes that it has learned.
type ModelScore struct {
	Name     string         `json:"name"`
	Loss     float64        `json:"loss"`
	Accuracy float64        `json:"accuracy"`
	Slopes   []SlopeSummary `json:"slopes"`
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
	histogram string
}

// SideBySideOf reports the answers of two models on a data set.
func SideBySideOf(data string, a, b *model.Model, r parity.Answers) *SideBySide {
	return &SideBySide{
		Data: data, Samples: r.A.Samples, Agree: r.Agree, Agreement: r.Agreement(),
		Models: [2]ModelScore{scoreOf(a, r.A), scoreOf(b, r.B)},
	}
}

func scoreOf(m *model.Model, st nn.Stats) ModelScore {
	s := ModelScore{Name: m.Name, Loss: st.Loss(), Accuracy: st.Accuracy(), Slopes: []SlopeSummary{}}
	for _, v := range SlopesOf(m.Net) {
		s.Slopes = append(s.Slopes, summaryOf(v))
	}
	return s
}

func summaryOf(v Slopes) SlopeSummary {
	return SlopeSummary{v.Layer, v.Kind, v.Sharing, len(v.Values), v.Mean, v.Std, v.Min, v.Max, v.Below, histogramOf(v)}
}

// Text writes a table of the models and one of their slopes.
func (r *SideBySide) Text(w *Page) {
	fmt.Fprintf(w, "both on %s, %d test samples:\n", r.Data, r.Samples)
	t := table.New(table.Column{Title: "  model", Shrink: 1, Min: 20}, table.Column{Title: "loss", Right: true}, table.Column{Title: "accuracy", Right: true})
	for _, m := range r.Models {
		t.Row("  "+m.Name, fmt.Sprintf("%.4f", m.Loss), fmt.Sprintf("%.4f", m.Accuracy))
	}
	w.table(t)
	fmt.Fprintf(w, "  same class for %d of %d samples (%.2f %%)\n", r.Agree, r.Samples, 100*r.Agreement)
	if len(r.Models[0].Slopes)+len(r.Models[1].Slopes) == 0 {
		return
	}
	t = table.New(append([]table.Column{{Title: "  slopes", Shrink: 3, Min: 12}, {Title: "model", Shrink: 2, Min: 12}}, slopeColumns...)...)
	for i := range max(len(r.Models[0].Slopes), len(r.Models[1].Slopes)) {
		for _, m := range r.Models {
			if i < len(m.Slopes) {
				s := m.Slopes[i]
				t.Row(append([]string{fmt.Sprintf("  %s (%s:%s)", s.Layer, s.Kind, s.Sharing), m.Name}, slopeCells(s)...)...)
			}
		}
	}
	w.table(t)
}
