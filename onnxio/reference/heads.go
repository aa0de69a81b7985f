package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// heads is input k as [N, H, S, D]. With three axes, [N, S, H·D], an attribute says H.
func (c *call) heads(k int, attribute string) (*Tensor, error) {
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	switch len(t.Shape) {
	case 4:
		return t, nil
	case 3:
		h := c.count(attribute, 0, 1)
		if c.err != nil || t.Shape[2]%h != 0 {
			return nil, fmt.Errorf("input %d has shape %v, which does not part into %d heads", k, t.Shape, h)
		}
		return splitHeads(t, h), nil
	}
	return nil, fmt.Errorf("input %d has shape %v, it must have 3 or 4 axes", k, t.Shape)
}

// splitHeads turns [N, S, H·D] into [N, H, S, D].
func splitHeads(t *Tensor, h int) *Tensor {
	n, s, d := t.Shape[0], t.Shape[1], t.Shape[2]/h
	y := make([]float64, 0, len(t.Floats))
	for head := range n * h {
		for place := range s {
			at := (head/h*s+place)*h + head%h
			y = append(y, t.Floats[at*d:][:d]...)
		}
	}
	return FromFloat64s(t.Type, []int{n, h, s, d}, y)
}

// joinHeads turns [N, H, S, D] into [N, S, H·D].
func joinHeads(t *Tensor) *Tensor {
	n, h, s, d := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	y := make([]float64, 0, len(t.Floats))
	for place := range n * s {
		for head := range h {
			at := (place/s*h+head)*s + place%s
			y = append(y, t.Floats[at*d:][:d]...)
		}
	}
	return FromFloat64s(t.Type, []int{n, s, h * d}, y)
}

// withPast puts input k in front of the places of t, and gives their number.
func (c *call) withPast(k int, t *Tensor) (*Tensor, int, error) {
	past, err := c.floats(k)
	if err != nil {
		return nil, 0, err
	}
	want := slices.Clone(t.Shape)
	if len(past.Shape) == 4 {
		want[2] = past.Shape[2]
	}
	if !slices.Equal(past.Shape, want) {
		return nil, 0, fmt.Errorf("input %d has shape %v, it must have shape %v apart from axis 2", k, past.Shape, want)
	}
	before, now := want[2]*want[3], t.Shape[2]*want[3]
	var all []float64
	for i := range want[0] * want[1] {
		all = append(append(all, past.Floats[i*before:][:before]...), t.Floats[i*now:][:now]...)
	}
	shape := slices.Clone(t.Shape)
	shape[2] += want[2]
	return FromFloat64s(t.Type, shape, all), want[2], nil
}

// attentionMask is input 3, added to scores of that shape: false is −∞, and so are keys
// behind its end.
func (c *call) attentionMask(shape []int) (*Tensor, error) {
	t := c.in[3]
	if t.Type == graph.Bool {
		v := make([]float64, len(t.Ints))
		for i, seen := range t.Ints {
			if seen == 0 {
				v[i] = math.Inf(-1)
			}
		}
		t = FromFloat64s(graph.Double, t.Shape, v)
	}
	t, err := t.inFloat64()
	if err != nil {
		return nil, fmt.Errorf("input 3: %w", err)
	}
	if last := len(t.Shape) - 1; last >= 0 && t.Shape[last] < shape[3] && t.Shape[last] != 1 {
		longer := slices.Clone(t.Shape)
		longer[last] = shape[3]
		whole, err := newTensor(t.Type, longer...)
		if err != nil {
			return nil, err
		}
		fill(whole.Floats, math.Inf(-1))
		for i, x := range t.Floats {
			whole.Floats[i/t.Shape[last]*shape[3]+i%t.Shape[last]] = x
		}
		t = whole
	}
	if t, err = t.spread(shape); err != nil {
		return nil, fmt.Errorf("input 3: %w", err)
	}
	return t, nil
}
