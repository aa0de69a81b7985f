package report

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Data describes a data set.
type Data struct {
	Data       string          `json:"data"`
	SHA256     string          `json:"sha256"`
	ClassNames data.ClassNames `json:"class_names,omitempty"`
	Mean       []float64       `json:"mean"` // of the training set, one a channel
	Std        []float64       `json:"std"`
	Normalize  string          `json:"normalize"` // what --normalize auto stands for
	Sets       []DataPart      `json:"sets"`
	Augment    string          `json:"augment,omitempty"`
	Montage    string          `json:"montage,omitempty"`
	Notes      []string        `json:"notes,omitempty"`
}

// DataPart describes one of its sets.
type DataPart struct {
	Set         string   `json:"set"`
	Samples     int      `json:"samples"`
	Shape       nn.Shape `json:"shape"`
	ClassCounts []int    `json:"class_counts"`
}

// DataOf describes a set.
func DataOf(set *data.Set) (*Data, error) {
	norm, err := data.NormOf(set.Train)
	if err != nil {
		return nil, err
	}
	r := &Data{
		Data: set.Name, SHA256: set.SHA256, ClassNames: set.ClassNames,
		Mean: norm.Mean, Std: norm.Std, Normalize: norm.String(),
	}
	for i, s := range []nn.Samples{set.Train, set.Val, set.Test} {
		if s != nil {
			r.Sets = append(r.Sets, DataPart{[]string{"train", "val", "test"}[i], s.Len(), s.Shape(), data.Counts(s)})
		}
	}
	r.Notes = set.Notes
	return r, nil
}

// Text writes a few lines.
func (r *Data) Text(w *Page) {
	fmt.Fprintf(w, "%s, SHA-256 %s\n", table.Printable(r.Data), r.SHA256)
	if r.ClassNames != nil {
		w.fill("classes: %s", strings.Join(r.ClassNames, ", "))
	}
	for _, s := range r.Sets {
		w.fill("%s: %d samples of shape %v; per class: %s",
			s.Set, s.Samples, s.Shape, strings.Trim(fmt.Sprint(s.ClassCounts), "[]"))
	}
	w.fill("mean and deviation of the training pixels: %s, as --normalize auto takes them", r.Normalize)
	if r.Augment != "" {
		fmt.Fprintf(w, "augmented by %s\n", r.Augment)
	}
	if r.Montage != "" {
		fmt.Fprintf(w, "montage: %s\n", table.Printable(r.Montage))
	}
}
