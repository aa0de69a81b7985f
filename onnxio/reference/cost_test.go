package reference_test

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// within runs a case and holds what it takes against the estimate: the bytes that it
// allocates, garbage of single elements apart, and the operations that its loops report.
func (n nodeCase) within(t *testing.T) ([]*reference.Tensor, error) {
	t.Helper()
	bytes, work := reference.Cost(n.node(), n.version(), n.in)
	m := reference.NewMeter(context.Background(), reference.Limits{Memory: 1 << 28, Operations: 1e9})
	var out []*reference.Tensor
	var err error
	took := allocated(func() { out, err = m.Eval(n.node(), n.version(), n.in) })
	work = max(work, m.Done()) // of graphs inside too
	if garbage := work; float64(took) > 2*bytes+garbage+1<<14 {
		t.Errorf("%d bytes were allocated, %.0f are estimated, and %.0f operations, of %s", took, bytes, work, n.label())
	}
	if done := m.Counted(); float64(done) > 2*work {
		t.Errorf("%d operations were done, %.0f are estimated of %s", done, work, n.label())
	}
	return out, err
}

// No operator takes more than is estimated before it is begun, even if it makes much of little.
func TestCosts(t *testing.T) {
	seen := []string{"If", "Loop", "Scan"} // count the nodes inside of them
	for _, n := range costCases() {
		if _, err := n.within(t); err != nil {
			t.Errorf("%s: %v", n.label(), err)
		}
		seen = append(seen, n.op)
	}
	for _, op := range reference.Operators() {
		if !slices.Contains(seen, op) {
			t.Errorf("%s has no case", op)
		}
	}
}

// What nodes are estimated to take holds with other sizes and settings too.
func TestCostsOfOtherSizes(t *testing.T) {
	for _, n := range costCases() {
		c := newChaos(n.label())
		for range 4 {
			m := c.stretch(n)
			if _, err := m.within(t); t.Failed() {
				t.Fatalf("%s (error %v)", m.describe(), err)
			}
		}
	}
}

// stretch changes a number of an attribute or of an input of few integers.
func (c chaos) stretch(n nodeCase) nodeCase {
	n.in, n.attrs = slices.Clone(n.in), slices.Clone(n.attrs)
	sizes := []int64{0, 1, 2, 3, 5, 17, 40, 150}
	if k := c.IntN(max(1, len(n.in))); len(n.in) > 0 && n.in[k] != nil && len(n.in[k].Ints) > 0 && len(n.in[k].Ints) < 9 {
		x := *n.in[k]
		x.Ints = slices.Clone(x.Ints)
		x.Ints[c.IntN(len(x.Ints))] = inRange(x.Type, pickOne(c, sizes))
		n.in[k] = &x
	}
	if len(n.attrs) == 0 {
		return n
	}
	k := c.IntN(len(n.attrs))
	switch v := n.attrs[k].Value.(type) {
	case int64:
		n.attrs[k] = graph.IntAttr(n.attrs[k].Name, pickOne(c, sizes))
	case []int64:
		if len(v) > 0 {
			v = slices.Clone(v)
			v[c.IntN(len(v))] = pickOne(c, sizes)
			n.attrs[k] = graph.IntsAttr(n.attrs[k].Name, v...)
		}
	}
	return n
}

// allocated is the number of bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
