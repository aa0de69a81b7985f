package run

import (
	"math"

	"github.com/gonn-toolkit/gonn/train"
)

// epoch is what run.json says of one. Numbers that are not finite, which JSON does not
// have, are left out, and so is a rate that is not known.
type epoch struct {
	Epoch            int      `json:"epoch"`
	Loss             *float64 `json:"loss,omitempty"`
	Accuracy         *float64 `json:"accuracy,omitempty"`
	Validated        bool     `json:"validated,omitempty"`
	ValLoss          *float64 `json:"val_loss,omitempty"`
	ValAccuracy      *float64 `json:"val_accuracy,omitempty"`
	LR               *float64 `json:"lr,omitempty"`
	Seconds          *float64 `json:"seconds,omitempty"`
	SamplesPerSecond *float64 `json:"samples_per_s,omitempty"`
}

// history is the table as run.json has it. What the clock decides is rounded as in
// metrics.csv.
func (t table) history() []epoch {
	list := make([]epoch, len(t.metrics))
	for i, m := range t.metrics {
		e := epoch{
			Epoch: m.Epoch, Loss: finite(m.Loss), Accuracy: finite(m.Accuracy), Validated: m.Validated,
			Seconds: finite(math.Round(m.Seconds*1000) / 1000), SamplesPerSecond: finite(math.Round(m.SamplesPerSecond*10) / 10),
		}
		if m.Validated {
			e.ValLoss, e.ValAccuracy = finite(m.ValLoss), finite(m.ValAccuracy)
		}
		if !t.noRate[m.Epoch] {
			e.LR = finite(m.LR)
		}
		list[i] = e
	}
	return list
}

// tableOf is the table of a history.
func tableOf(history []epoch) table {
	t := table{noRate: map[int]bool{}}
	for _, e := range history {
		m := train.EpochMetrics{
			Epoch: e.Epoch, Loss: orNaN(e.Loss), Accuracy: orNaN(e.Accuracy), Validated: e.Validated,
			Seconds: orNaN(e.Seconds), SamplesPerSecond: orNaN(e.SamplesPerSecond),
		}
		if m.Validated {
			m.ValLoss, m.ValAccuracy = orNaN(e.ValLoss), orNaN(e.ValAccuracy)
		}
		if e.LR == nil {
			t.noRate[e.Epoch] = true
		} else {
			m.LR = *e.LR
		}
		t.metrics = append(t.metrics, m)
	}
	return t
}

// finite is a number for JSON, nil if it has none.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
