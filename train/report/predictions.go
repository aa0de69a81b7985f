package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Predictions are the answers of a model to pictures.
type Predictions []Prediction

// Prediction is the answer to one picture.
type Prediction struct {
	Image         string    `json:"image"`
	Class         int       `json:"class"`
	Name          string    `json:"name,omitempty"` // of the class, if it is known
	Probabilities []float32 `json:"probabilities"`

	names data.ClassNames
}

// PredictionOf is an answer from the probabilities of the classes. names may be nil.
func PredictionOf(image string, p []float32, names data.ClassNames) Prediction {
	r := Prediction{Image: image, Class: nn.ArgMax(p), Probabilities: p, names: names}
	if names != nil {
		r.Name = names.Of(r.Class)
	}
	return r
}

// Text writes a line a picture, with the likeliest classes.
func (r Predictions) Text(w *Page) {
	for _, p := range r {
		fmt.Fprintf(w, "%s: %s\n", table.Printable(p.Image), topClasses(p.Probabilities, p.names, 3))
	}
}

// topClasses lists the n likeliest classes: "7 (99.8 %), 1 (0.1 %)".
func topClasses(p []float32, names data.ClassNames, n int) string {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] > p[b]:
			return -1
		case p[a] < p[b]:
			return 1
		}
		return 0
	})
	var parts []string
	for _, k := range order[:min(n, len(order))] {
		parts = append(parts, fmt.Sprintf("%s (%.1f %%)", names.Of(k), 100*p[k]))
	}
	return strings.Join(parts, ", ")
}
