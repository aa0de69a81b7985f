package cause

import (
	"context"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

const (
	searched   = 32       // samples of a search
	searchSize = 64 << 20 // limit for the elements of all layers of these
	chunk      = 64       // samples that are run at once
)

func (c *Case) budget() time.Duration {
	if c.Budget > 0 {
		return c.Budget
	}
	return 8 * time.Second
}

// samples is the size of the batch.
func (c *Case) samples() int { return c.Inputs[c.Net.Inputs()[0].Name].Shape[0] }

// survey runs the network on the whole batch. It returns the error of the outputs, and the
// samples to search with if these are not all: the worst ones.
func (c *Case) survey(ctx context.Context) (before float64, few []int, err error) {
	n := c.samples()
	outputs := batch{}
	var names []string
	for _, p := range c.Net.Outputs() {
		names = append(names, p.Name)
		outputs[p.Name] = nn.NewTensor(append([]int{n}, p.Shape...)...)
	}
	for first := 0; first < n; first += chunk {
		if err := context.Cause(ctx); err != nil {
			return 0, nil, err
		}
		last := min(n, first+chunk)
		inputs := batch{}
		for name, x := range c.Inputs {
			inputs[name] = slice(x, first, last)
		}
		r, err := run(c.Net, inputs, names...)
		if err != nil {
			return 0, nil, err
		}
		for name, y := range r {
			copy(outputs[name].Data[first*len(y.Data)/(last-first):], y.Data)
		}
	}
	for _, name := range names {
		before = max(before, c.errorOf(outputs[name], c.Want[name]))
	}
	perSample := 0
	for _, node := range c.Net.Nodes() {
		perSample += node.Shape.Size()
	}
	if take := max(1, min(n, searched, searchSize/perSample)); take < n {
		diff := make([]float64, n)
		got, want := outputs[names[0]], c.Want[names[0]]
		if nn.Shape(got.Shape).Equal(want.Shape) {
			for i := range diff {
				diff[i] = distance(got.Sample(i), want.Sample(i))
			}
		}
		few = largest(diff, take)
	}
	return before, few, nil
}

// slice is a view of samples first…last−1.
func slice(t *nn.Tensor, first, last int) *nn.Tensor {
	size := nn.Shape(t.Shape[1:]).Size()
	return &nn.Tensor{Shape: append([]int{last - first}, t.Shape[1:]...), Data: t.Data[first*size : last*size]}
}

// some is the case with some of its samples.
func (c Case) some(samples []int) Case {
	n := c.samples()
	c.Inputs = batch(c.Inputs).gather(samples)
	want := batch{}
	for name, t := range c.Want {
		if isBatch(t) && t.Shape[0] == n {
			want[name] = gather(t, samples)
		}
	}
	c.Want = want
	var unplaced []Tensor
	for _, t := range c.Unplaced {
		if isBatch(t.Tensor) && t.Shape[0] == n {
			unplaced = append(unplaced, Tensor{t.Name, gather(t.Tensor, samples)})
		}
	}
	c.Unplaced = unplaced
	return c
}
