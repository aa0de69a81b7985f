package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

const (
	// MostDisagreements is how many of the samples that two models take for different classes
	// are reported and drawn.
	MostDisagreements = 50
	// disagreementsShown is how many of them a text without a picture lists.
	disagreementsShown = 10
	// PictureColumns is how many samples stand in a row of the picture of them.
	PictureColumns = 10
)

// Disagreement is a sample of the test set that two models take for different classes.
type Disagreement struct {
	Sample int       `json:"sample"` // its index
	Label  int       `json:"label"`
	Name   string    `json:"label_name,omitempty"`
	Models [2]Chosen `json:"models"`
}

// Chosen is what a model takes a sample for.
type Chosen struct {
	Class       int     `json:"class"`          // -1 if its output is not a number
	Name        string  `json:"name,omitempty"` // of the class, if it is known
	Probability float32 `json:"probability"`
}

func disagreementsOf(set *data.Set, a, b *model.Model, all []parity.Disagreement) []Disagreement {
	rows := []Disagreement{}
	for _, d := range all[:min(len(all), MostDisagreements)] {
		r := Disagreement{Sample: d.Sample, Label: set.Test.Label(d.Sample), Models: [2]Chosen{chosenOf(a, d.A), chosenOf(b, d.B)}}
		if set.ClassNames != nil {
			r.Name = set.ClassNames.Of(r.Label)
		}
		rows = append(rows, r)
	}
	return rows
}

func chosenOf(m *model.Model, a parity.Answer) Chosen {
	c := Chosen{Class: a.Class, Probability: a.Probability}
	if names := m.ClassNames(); names != nil && a.Class != nn.NoClass {
		c.Name = names.Of(a.Class)
	}
	return c
}

// printDisagreements writes a table of the samples on which the models disagree, in the order of
// the picture.
func (r *SideBySide) printDisagreements(w *Page) {
	n := len(r.Disagreements)
	if n == 0 {
		return
	}
	if r.Picture == "" {
		n = min(n, disagreementsShown)
	}
	of := r.Samples - r.Agree
	switch {
	case r.Picture != "":
		w.fill("\nsamples of different classes, %d of %d, the surest first, as in %s from left to right, %d in a row", n, of, oneLine(r.Picture), PictureColumns)
	default:
		fmt.Fprintf(w, "\nsamples of different classes, %d of %d, the surest first\n", n, of)
	}
	t := table.New(table.Column{Title: "  sample", Right: true}, table.Column{Title: "label", Shrink: 3},
		table.Column{Title: r.Models[0].Name, Shrink: 1, Min: 14}, table.Column{Title: r.Models[1].Name, Shrink: 2, Min: 14})
	for _, d := range r.Disagreements[:n] {
		t.Row(fmt.Sprint("  ", d.Sample), named(d.Label, d.Name), d.Models[0].text(), d.Models[1].text())
	}
	w.table(t)
}

func (c Chosen) text() string {
	if c.Class == nn.NoClass {
		return "not a number"
	}
	return fmt.Sprintf("%s (%.1f %%)", named(c.Class, c.Name), 100*c.Probability)
}

// named is the name of a class, its number if it has none.
func named(class int, name string) string {
	if name == "" {
		return fmt.Sprint(class)
	}
	return name
}
