package reference

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// MaxIterations is how often a Loop may run its body, which could run for ever.
const MaxIterations = 1 << 17

// loop runs its body as often as the first input says, while a condition holds; each may
// be left out. The body is given the number of the iteration, the condition and the
// carried values, and gives the next condition, the next values, and slices that are put
// together along a new first axis.
func loop(c *call) ([]*Tensor, error) {
	limit, goOn, err := c.loopStart()
	if err != nil {
		return nil, err
	}
	g, run, err := c.body("body")
	if err != nil {
		return nil, err
	}
	carried := c.in[2:]
	if len(g.Outputs) < 1+len(carried) || slices.Contains(carried, nil) {
		return nil, fmt.Errorf("its body has %d outputs for %d carried values, all of which must be there", len(g.Outputs), len(carried))
	}
	scans := make([][]*Tensor, len(g.Outputs)-1-len(carried))
	c.swap(nil, carried)
	for i := int64(0); goOn && i < limit; i++ {
		if i == MaxIterations {
			return nil, fmt.Errorf("it runs more than %d times", MaxIterations)
		}
		if err := c.step(); err != nil {
			return nil, err
		}
		in := []*Tensor{FromInt64s(graph.Int64, nil, []int64{i}), FromInt64s(graph.Bool, nil, []int64{1})}
		out, err := run(append(in, carried...))
		if err != nil {
			return nil, err
		}
		if goOn, err = truth(out[0]); err != nil {
			return nil, err
		}
		c.swap(carried, out[1:1+len(carried)])
		carried = out[1 : 1+len(carried)]
		for k, t := range out[1+len(carried):] {
			c.meter.Hold(t)
			scans[k] = append(scans[k], t)
		}
	}
	defer c.swap(append(slices.Concat(scans...), carried...), nil)
	out := slices.Clone(carried)
	for k, parts := range scans {
		t, err := c.stack(parts, 0, g.Outputs[1+len(carried)+k])
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// loopStart gives the most iterations and whether there is to be one.
func (c *call) loopStart() (limit int64, goOn bool, err error) {
	limit, goOn = MaxIterations+1, true
	if len(c.in) < 2 {
		return 0, false, errors.New("it has less than two inputs")
	}
	if t := c.in[0]; t != nil {
		if t.Type != graph.Int64 || t.Len() != 1 {
			return 0, false, fmt.Errorf("its number of iterations is %v of shape %v, it must be one INT64", t.Type, t.Shape)
		}
		limit = t.Ints[0]
	}
	if t := c.in[1]; t != nil {
		goOn, err = truth(t)
	}
	return limit, goOn, err
}

// step enters an iteration of the node.
func (c *call) step() error {
	if err := c.meter.stopped(c.node); err != nil {
		return err
	}
	return c.meter.work(c.node, overhead)
}

// swap holds values of a graph inside the node in place of others.
func (c *call) swap(old, now []*Tensor) {
	for _, t := range now {
		c.meter.Hold(t)
	}
	for _, t := range old {
		c.meter.Free(t)
	}
}

// stack is the function of that name if there is room for the result.
func (c *call) stack(parts []*Tensor, axis int, v *graph.Value) (*Tensor, error) {
	bytes := 0.0
	for _, t := range parts {
		bytes += bytesOf(t)
	}
	if err := c.meter.room(c.node, bytes); err != nil {
		return nil, err
	}
	if err := c.meter.work(c.node, bytes); err != nil {
		return nil, err
	}
	return stack(parts, axis, v)
}

// stack puts tensors of one shape together along a new axis. Of none it knows the shape
// only from what the graph says about the value.
func stack(parts []*Tensor, axis int, v *graph.Value) (*Tensor, error) {
	if len(parts) == 0 {
		return emptyStack(axis, v)
	}
	axis, err := axisOf(axis, parts[0].Rank()+1)
	if err != nil {
		return nil, err
	}
	layers := make([]*Tensor, len(parts))
	for i, t := range parts {
		if t.Rank() != parts[0].Rank() {
			return nil, fmt.Errorf("shapes %v and %v do not stack", parts[0].Shape, t.Shape)
		}
		if layers[i], err = t.reshape(slices.Insert(slices.Clone(t.Shape), axis, 1)); err != nil {
			return nil, err
		}
	}
	return join(layers, axis)
}

func emptyStack(axis int, v *graph.Value) (*Tensor, error) {
	axis, err := axisOf(axis, len(v.Shape)+1)
	if err != nil {
		return nil, err
	}
	shape := []int{}
	known := v.HasShape
	for _, d := range v.Shape {
		known = known && d.Known()
		shape = append(shape, toInt(d.Size))
	}
	if !known {
		return nil, fmt.Errorf("output %q is of no slices, and their shape is not known", v.Name)
	}
	return newTensor(v.Type, slices.Insert(shape, axis, 0)...)
}
