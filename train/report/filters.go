package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/match"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Filters tells how the layers of two networks correspond, with the channels of the second in
// the order that fits the first best.
type Filters struct {
	// Equal reports whether all parameters are equal to the bit in that order.
	Equal bool `json:"equal"`
	// MaxError is the largest difference of parameters; missing if it is not finite.
	MaxError *float64        `json:"max_error,omitempty"`
	Layers   []MatchedLayer  `json:"layers"`
	Slopes   []MatchedSlopes `json:"slopes"`
	// Only are layers with parameters that one network alone has.
	Only  [2][]string `json:"only"`
	Notes []string    `json:"notes,omitempty"`
}

// MatchedLayer is a convolution or dense layer of both networks.
type MatchedLayer struct {
	Layers [2]string   `json:"layers"` // names
	Kind   string      `json:"kind"`
	Shapes [2]nn.Shape `json:"shapes"`        // of the weights
	Why    string      `json:"why,omitempty"` // the filters are not compared
	*MatchedFilters
}

// MatchedFilters tells how alike the filters of a layer are: by their cosine similarity, with
// their biases, before and after the channels of the second network are put in order.
type MatchedFilters struct {
	Permutation []int    `json:"permutation"` // channel i of the first is channel permutation[i] of the second
	Fixed       bool     `json:"fixed"`       // the order is given
	Moved       int      `json:"moved"`       // channels at another place
	Before      float64  `json:"similarity_before"`
	After       float64  `json:"similarity_after"`
	Chance      float64  `json:"similarity_by_chance"` // after, if the weights of the second had a random order
	Alike       int      `json:"alike"`                // filters with a similarity of 0.9 or more
	MaxError    *float64 `json:"max_error,omitempty"`
}

// filtersOf matches the filters of two models, or says why it does not.
func filtersOf(a, b *model.Model) (*Filters, string) {
	for _, m := range []*model.Model{a, b} {
		if m.Foreign != nil {
			return nil, m.Name + " has no trainable form"
		}
	}
	m, err := match.Networks(a.Net, b.Net)
	if err != nil {
		return nil, err.Error()
	}
	f := &Filters{Equal: m.Equal, MaxError: ifFinite(m.MaxError), Only: [2][]string{m.OnlyA, m.OnlyB}, Notes: m.Notes,
		Layers: []MatchedLayer{}, Slopes: matchedSlopesOf(a.Net, b.Net, m.Activations)}
	for i, only := range f.Only {
		if only == nil {
			f.Only[i] = []string{}
		}
	}
	for _, l := range m.Layers {
		row := MatchedLayer{Layers: [2]string{l.A, l.B}, Kind: l.Kind, Shapes: [2]nn.Shape{l.ShapeA, l.ShapeB}, Why: l.Why}
		if l.Why == "" {
			row.MatchedFilters = &MatchedFilters{l.Perm, l.Fixed, l.Moved, l.Before, l.After, l.Chance, l.Alike, ifFinite(l.MaxError)}
		}
		f.Layers = append(f.Layers, row)
	}
	return f, ""
}

func ifFinite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// print writes a table of the layers. names are those of the networks.
func (f *Filters) print(w *Page, names [2]string) {
	var other []string
	t, rows := table.New(table.Column{Title: "  layer", Shrink: 2, Min: 12}, table.Column{Title: "weight", Drop: 1},
		table.Column{Title: "before", Right: true}, table.Column{Title: "after", Right: true},
		table.Column{Title: "chance", Right: true, Drop: 5}, table.Column{Title: "≥ 0.9", Right: true}, table.Column{Title: "moved", Right: true, Drop: 3},
		table.Column{Title: "largest error", Right: true, Drop: 4}), 0
	for _, l := range f.Layers {
		if l.MatchedFilters == nil {
			other = append(other, fmt.Sprintf("%s %v and %v", l.name(), l.Shapes[0], l.Shapes[1]))
			continue
		}
		t.Row(l.cells()...)
		rows++
	}
	fmt.Fprintln(w, "\nfilters, matched by their cosine similarity")
	if rows > 0 {
		w.table(t)
		w.fill("  mean similarity before and after matching, and by chance: after matching weights in a random order")
	}
	if len(other) > 0 {
		w.fill("  not compared, since the weights differ in shape or groups: %s", oneLine(strings.Join(other, ", ")))
	}
	if f.Equal {
		fmt.Fprintln(w, "  the same network: with the channels in that order all parameters are equal")
	}
	for i, name := range names {
		if len(f.Only[i]) > 0 {
			w.fill("  only in %s: %s", name, oneLine(strings.Join(f.Only[i], ", ")))
		}
	}
	for _, note := range f.Notes {
		w.fill("  note: %s", sentence(note))
	}
}

// name is that in both networks.
func (l MatchedLayer) name() string {
	if l.Layers[0] == l.Layers[1] {
		return l.Layers[0]
	}
	return l.Layers[0] + " = " + l.Layers[1]
}

func (l MatchedLayer) cells() []string {
	moved, most := fmt.Sprint(l.Moved), "not finite"
	if l.Fixed {
		moved = "fixed"
	}
	if l.MaxError != nil {
		most = fmt.Sprintf("%.3g", *l.MaxError)
	}
	return []string{"  " + l.name(), l.Shapes[0].String(), fmt.Sprintf("%.3f", l.Before), fmt.Sprintf("%.3f", l.After), fmt.Sprintf("%.3f", l.Chance),
		fmt.Sprintf("%d/%d", l.Alike, len(l.Permutation)), moved, most}
}
