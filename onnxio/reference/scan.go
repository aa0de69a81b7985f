package reference

import (
	"errors"
	"fmt"
	"slices"
)

// scan runs its body once for each slice of its last inputs along an axis. The body is
// given the states and the slices, and gives the next states and slices, which are put
// together.
func scan(c *call) ([]*Tensor, error) {
	if c.opset < 9 {
		return scanBatch(c)
	}
	in, err := c.inputs(len(c.in))
	if err != nil {
		return nil, err
	}
	return c.scan(in)
}

// scanBatch is opset 8's: the first axis of all is the batch, of which each sample is
// scanned by itself, along its first axis.
func scanBatch(c *call) ([]*Tensor, error) {
	if c.optional(0) != nil {
		return nil, errors.New("sequence lengths in a Scan of opset 8 are not evaluated")
	}
	if len(c.in) < 2 || slices.Contains(c.in[1:], nil) || c.in[1].Rank() == 0 {
		return nil, errors.New("its inputs have no batch")
	}
	var results [][]*Tensor // by output
	for sample := range c.in[1].Shape[0] {
		var in []*Tensor
		for _, t := range c.in[1:] {
			if t.Rank() == 0 || t.Shape[0] != c.in[1].Shape[0] {
				return nil, errors.New("its inputs have not one batch")
			}
			one, err := t.at(0, sample)
			if err != nil {
				return nil, err
			}
			in = append(in, one)
		}
		out, err := c.scan(in)
		if err != nil {
			return nil, err
		}
		if results == nil {
			results = make([][]*Tensor, len(out))
		}
		for k, t := range out {
			c.meter.Hold(t)
			results[k] = append(results[k], t)
		}
	}
	if results == nil {
		return nil, errors.New("its batch is empty")
	}
	defer func() { c.swap(slices.Concat(results...), nil) }()
	var out []*Tensor
	for _, parts := range results {
		t, err := c.stack(parts, 0, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// at is the slice at one index of an axis, which goes away.
func (t *Tensor) at(axis, index int) (*Tensor, error) {
	s, err := t.part(axis, index, 1)
	if err != nil {
		return nil, err
	}
	return s.reshape(slices.Delete(slices.Clone(s.Shape), axis, axis+1))
}

func (c *call) scan(in []*Tensor) ([]*Tensor, error) {
	g, run, err := c.body("body")
	if err != nil {
		return nil, err
	}
	n := c.int("num_scan_inputs", 0)
	if n < 1 || n > len(in) || len(g.Outputs) < len(in)-n {
		return nil, fmt.Errorf("%d of %d inputs are to be scanned, the body has %d outputs", n, len(in), len(g.Outputs))
	}
	states, scanned := in[:len(in)-n], in[len(in)-n:]
	ways, axes, err := c.scanAxes("input", "directions", n)
	if err != nil {
		return nil, err
	}
	outWays, outAxes, err := c.scanAxes("output", "", len(g.Outputs)-len(states))
	if err != nil {
		return nil, err
	}
	length := -1
	for k, t := range scanned {
		if axes[k], err = axisOf(axes[k], t.Rank()); err != nil {
			return nil, err
		}
		if d := t.Shape[axes[k]]; length >= 0 && d != length {
			return nil, fmt.Errorf("its inputs have %d and %d slices", length, d)
		} else {
			length = d
		}
	}
	parts := make([][]*Tensor, len(outAxes))
	c.swap(nil, states)
	for i := range length {
		if err := c.step(); err != nil {
			return nil, err
		}
		args := slices.Clone(states)
		for k, t := range scanned {
			index := i
			if ways[k] == 1 {
				index = length - 1 - i
			}
			s, err := t.at(axes[k], index)
			if err != nil {
				return nil, err
			}
			args = append(args, s)
		}
		out, err := run(args)
		if err != nil {
			return nil, err
		}
		c.swap(states, out[:len(states)])
		states = out[:len(states)]
		for k, t := range out[len(states):] {
			c.meter.Hold(t)
			parts[k] = append(parts[k], t)
		}
	}
	defer c.swap(append(slices.Concat(parts...), states...), nil)
	out := slices.Clone(states)
	for k, list := range parts {
		if outWays[k] == 1 {
			slices.Reverse(list)
		}
		t, err := c.stack(list, outAxes[k], g.Outputs[len(states)+k])
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// scanAxes gives the directions (1 is backward) and axes of n scanned inputs or outputs.
func (c *call) scanAxes(of, opset8 string, n int) (ways, axes []int, err error) {
	name := "scan_" + of + "_directions"
	if c.opset < 9 {
		name = opset8
	}
	ways, axes = c.ints(name), c.ints("scan_"+of+"_axes")
	if ways == nil {
		ways = make([]int, n)
	}
	if axes == nil {
		axes = make([]int, n)
	}
	if len(ways) != n || len(axes) != n {
		return nil, nil, fmt.Errorf("there are %d directions and %d axes for %d scanned %ss", len(ways), len(axes), n, of)
	}
	return ways, slices.Clone(axes), nil
}
