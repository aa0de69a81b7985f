package study

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Claim is something that the study says.
type Claim struct {
	Name  string // as users choose it: "symmetry"
	Title string
	Says  string   // the claim, in plain words
	Proof []string // the lines of a proof; nil if there is none
	How   string   // how it is measured
	// Costs are about the processor time of Full and Quick, in seconds, trainings included. They
	// serve to tell the time left, no more.
	Costs [2]float64

	measure func(context.Context, *Lab) (numbers, error)
	decode  func([]byte) (numbers, error)
}

// Claims lists the claims in the order of the document.
var Claims = []*Claim{
	functions,
	vanishing,
	dying,
	start,
	overfitting,
	negative,
	symmetry,
	sharpness,
	published,
}

// numbers are what measuring a claim gives. Their JSON form is kept, so they are finite, and what
// follows from them is computed by tell.
type numbers interface {
	// tell fills in the verdict, tables and figures of a finding.
	tell(*Finding)
}

// Cost is that of a scale.
func (c *Claim) Cost(s Scale) float64 {
	if s.Name == Quick.Name {
		return c.Costs[1]
	}
	return c.Costs[0]
}

// claimed completes a claim with how it is measured.
func claimed[T any, P interface {
	*T
	numbers
}](c Claim, measure func(context.Context, *Lab) (P, error)) *Claim {
	c.measure = func(ctx context.Context, l *Lab) (numbers, error) {
		n, err := measure(ctx, l)
		if err != nil {
			return nil, err
		}
		return n, nil
	}
	c.decode = func(b []byte) (numbers, error) {
		n := P(new(T))
		return n, json.Unmarshal(b, n)
	}
	return &c
}

// Find finds claims by their names; no name stands for all.
func Find(names ...string) (list []*Claim, err error) {
	if len(names) == 0 {
		return Claims, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(Claims, func(c *Claim) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown claim %q: choose one of %s", name, strings.Join(Names(), ", "))
		}
		if !slices.Contains(list, Claims[i]) {
			list = append(list, Claims[i])
		}
	}
	return list, nil
}

// Names lists the names of the claims.
func Names() (names []string) {
	for _, c := range Claims {
		names = append(names, c.Name)
	}
	return names
}

// Verdict is what measurements say of a claim.
type Verdict string

const (
	Holds   Verdict = "holds"
	Fails   Verdict = "does not hold here"
	Partly  Verdict = "holds in part"
	Unclear Verdict = "not distinguishable"
)

// Finding is what has come of a claim.
type Finding struct {
	Claim    *Claim
	Verdict  Verdict
	Because  string // a sentence with the figures that decide
	Tables   []Table
	Figures  []Figure
	Notes    []string
	Commands []string // that repeat it
	Scale    Scale
	Numbers  any // what the rest follows from, with a JSON form
	Made     Made
}

// Table is a table of a finding. All rows are as long as Columns.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
}

func (t *Table) row(cells ...string) { t.Rows = append(t.Rows, cells) }

// Figure is a picture of a finding.
type Figure struct {
	*plot.Figure
	Alt string // what it shows, for those who do not see it
}
