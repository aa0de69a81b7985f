package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// bySize puts sets into groups, one for each run of sets of the same size: files that leave
// the size of their input open run each at its own.
func (n *expectation) bySize(sets []*parity.Recorded) (groups [][]*parity.Recorded) {
	var last nn.Shape
	for i, set := range sets {
		size := n.sampleOf(set)
		if i == 0 || !size.Equal(last) {
			groups = append(groups, nil)
		}
		last = size
		groups[len(groups)-1] = append(groups[len(groups)-1], set)
	}
	return groups
}

// sampleOf is the shape of a sample of a set, which is as the reference takes it; nil if it
// does not show.
func (n *expectation) sampleOf(set *parity.Recorded) nn.Shape {
	if size := n.ref.SampleOf(set); size != nil || n.ref.Foreign != nil {
		return size
	}
	return n.ref.Net.InputShape()
}

// fix gives models that leave the size of their input open a size, nil if it is not known.
func (n *expectation) fix(size nn.Shape) {
	n.ref.Fix(size)
	for _, m := range n.models {
		m.Fix(size)
	}
}

// checkSize refuses a --size that is not that of recorded data, unless it is meant for a data
// set besides.
func (n *expectation) checkSize(c *cli.Context, sets ...*parity.Recorded) error {
	size, err := sizeOf(c, n.models...)
	if err != nil || size == nil || n.beside {
		return err
	}
	for _, set := range sets {
		sample := n.sampleOf(set)
		if k := len(sample) - len(size); sample != nil && (k < 0 || !slices.Equal(sample[k:], size)) {
			return usage("--size %s: %s has samples of shape %v, and recorded data is taken as it is", c.String("size"), set.Source, sample)
		}
	}
	return nil
}

// batch is one without expected results, that of --inputs or a made-up one, and what models
// leave open has its size.
func (n *expectation) batch(c *cli.Context) (*parity.Recorded, error) {
	if path := c.String("inputs"); path != "" {
		set, err := parity.ReadInputs(path)
		if err != nil {
			return nil, err
		}
		noteUnused(c, set, n.ends)
		if err := n.checkSize(c, set); err != nil {
			return nil, err
		}
		n.fix(n.sampleOf(set))
		return set, nil
	}
	size, err := sizeOf(c, n.models...)
	if err != nil {
		return nil, err
	}
	n.fix(size)
	g, err := n.ref.ONNX()
	if err != nil {
		return nil, err
	}
	return madeUp(n.ref, g, size[max(0, len(size)-2):])
}
