package report

import (
	"fmt"
	"text/tabwriter"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/model"
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
	return SlopeSummary{v.Layer, v.Kind, v.Sharing, v.Mean, v.Std, v.Min, v.Max, v.Below, histogramOf(v)}
}

// Text writes a table of the models and one of their slopes.
func (r *SideBySide) Text(w *Page) {
	fmt.Fprintf(w, "both on %s, %d test samples:\n", r.Data, r.Samples)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  model\tloss\taccuracy")
	for _, m := range r.Models {
		fmt.Fprintf(t, "  %s\t%.4f\t%.4f\n", m.Name, m.Loss, m.Accuracy)
	}
	t.Flush()
	fmt.Fprintf(w, "  same class for %d of %d samples (%.2f %%)\n", r.Agree, r.Samples, 100*r.Agreement)
	if len(r.Models[0].Slopes)+len(r.Models[1].Slopes) == 0 {
		return
	}
	fmt.Fprintln(t, "  slopes\tmodel\tshared\tmean\tstd\tmin\tmax\tbelow 0\thistogram (min…max)")
	for i := range max(len(r.Models[0].Slopes), len(r.Models[1].Slopes)) {
		for _, m := range r.Models {
			if i < len(m.Slopes) {
				s := m.Slopes[i]
				fmt.Fprintf(t, "  %s (%s)\t%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.1f %%\t%s\n",
					s.Layer, s.Kind, m.Name, s.Sharing, s.Mean, s.Std, s.Min, s.Max, 100*s.Below, s.histogram)
			}
		}
	}
	t.Flush()
}
