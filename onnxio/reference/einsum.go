package reference

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var einsumOps = map[string]op{"Einsum": einsum}

// einsum multiplies tensors whose axes have letters, and sums over the letters that the
// result does not have: "ij,jk->ik" is the product of matrices. "..." stands for axes
// that broadcast. Where it is no product of matrices, every product is written down before the
// sums are taken.
func einsum(c *call) ([]*Tensor, error) {
	e, err := c.equation()
	if err != nil {
		return nil, err
	}
	in := c.in
	for _, t := range in {
		if t.Type != in[0].Type {
			return nil, fmt.Errorf("its inputs have types %v and %v, they must be the same", in[0].Type, t.Type)
		}
	}
	if p := e.product(in); p != nil {
		return one(p.multiplied(c, in))
	}
	var joint *Tensor
	for i, t := range in {
		if t, err = e.spread(t, e.terms[i]); err != nil {
			return nil, err
		}
		if joint == nil {
			joint = t
		} else if joint, err = reductions["mul"].apply(joint, t); err != nil {
			return nil, err
		}
	}
	if err := joint.numbers(); err != nil {
		return nil, err
	}
	var rest []int // axes to sum over
	for axis := e.kept; axis < len(e.labels); axis++ {
		rest = append(rest, axis)
	}
	return one(reducer{sum[float64], sum[int64], sum[uint64]}.reduce(joint, rest, false))
}

// equation is an Einsum's: a label for each axis. Labels are letters, and numbers for the
// axes of "...".
type equation struct {
	terms  [][]string
	labels []string // all of them, those of the result first
	kept   int      // the number of the result's
	sizes  []int    // of all labels
}

// equation is that of the node, whose inputs are all there.
func (c *call) equation() (*equation, error) {
	in, err := c.inputs(max(1, len(c.in)))
	if err != nil {
		return nil, err
	}
	text, err := c.node.String("equation", "")
	if err != nil {
		return nil, err
	}
	e, err := parseEquation(text, in)
	if err != nil {
		return nil, fmt.Errorf("equation %.100q: %w", text, err)
	}
	return e, nil
}

const maxEquation = 1 << 10

func parseEquation(text string, in []*Tensor) (*equation, error) {
	if len(text) > maxEquation {
		return nil, fmt.Errorf("it has %d letters, at most %d are allowed", len(text), maxEquation)
	}
	left, right, explicit := strings.Cut(strings.ReplaceAll(text, " ", ""), "->")
	terms := strings.Split(left, ",")
	if len(terms) != len(in) {
		return nil, fmt.Errorf("it has %d terms for %d inputs", len(terms), len(in))
	}
	e := &equation{}
	size := map[string]int{}
	most := 0 // axes of "..."
	for i, term := range terms {
		dots := in[i].Rank() - len(strings.Replace(term, "...", "", 1))
		labels, err := labelsOf(term, dots)
		if err != nil || len(labels) != in[i].Rank() {
			return nil, fmt.Errorf("term %q does not fit shape %v", term, in[i].Shape)
		}
		for axis, l := range labels {
			n := in[i].Shape[axis]
			if old, seen := size[l]; seen && old != n && old != 1 && n != 1 {
				return nil, fmt.Errorf("axis %s has sizes %d and %d", l, old, n)
			} else if !seen || old == 1 {
				size[l] = n
			}
		}
		e.terms = append(e.terms, labels)
		most = max(most, min(dots, len(labels)))
	}
	if !explicit {
		right = "..." + once(left)
	}
	kept, err := labelsOf(right, most)
	if err != nil {
		return nil, err
	}
	for _, l := range kept {
		if _, known := size[l]; !known || slices.Contains(e.labels, l) {
			return nil, fmt.Errorf("axis %s of the result is not once there and in a term", l)
		}
		e.labels = append(e.labels, l)
	}
	e.kept = len(e.labels)
	for _, labels := range e.terms {
		for _, l := range labels {
			if !slices.Contains(e.labels, l) {
				e.labels = append(e.labels, l)
			}
		}
	}
	for _, l := range e.labels {
		e.sizes = append(e.sizes, size[l])
	}
	return e, nil
}

// labelsOf gives the label of each axis of a term. The dots are numbered from the right,
// so that they broadcast.
func labelsOf(term string, dots int) ([]string, error) {
	var labels []string
	for len(term) > 0 {
		letter := term[0]
		switch {
		case strings.HasPrefix(term, "..."):
			for k := dots; k > 0; k-- {
				labels = append(labels, fmt.Sprint(k))
			}
			term, dots = term[2:], 0
		case letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z':
			labels = append(labels, string(letter))
		default:
			return nil, errors.New("an axis is named by a letter")
		}
		term = term[1:]
	}
	return labels, nil
}

// once lists in alphabetical order the letters that stand only once in the terms.
func once(left string) string {
	letters := []byte(left)
	slices.Sort(letters)
	var r []byte
	for _, l := range letters {
		if l != ',' && l != '.' && strings.Count(left, string(l)) == 1 {
			r = append(r, l)
		}
	}
	return string(r)
}

// spread gives t an axis for each label of the equation. A label that a term has twice is
// the diagonal.
func (e *equation) spread(t *Tensor, labels []string) (*Tensor, error) {
	steps := make([]int, len(e.labels))
	for axis, step := range strides(t.Shape) {
		if t.Shape[axis] != 1 {
			steps[slices.Index(e.labels, labels[axis])] += step
		}
	}
	return t.view(e.sizes, steps, 0)
}
