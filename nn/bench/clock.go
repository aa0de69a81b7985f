package bench

import (
	"sync/atomic"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// A clock adds up the time that workers spend in a layer.
type clock struct {
	workers           int          // of the network
	forward, backward atomic.Int64 // nanoseconds of all workers
}

// clocked is a network with the parameter values of net, and a clock around the Op of each
// layer. The executor runs it as it runs net, but for plans that compute several layers at once:
// they know an Op by interfaces that the one with the clock does not have.
func clocked(net *nn.Network, workers int) (*nn.Network, []*clock, error) {
	var clocks []*clock
	with, err := net.Builder(func(n *nn.Node) nn.Layer {
		clocks = append(clocks, &clock{workers: workers})
		return clockedLayer{n.Layer, clocks[len(clocks)-1]}
	}).Build()
	return with, clocks, err
}

// since adds the time since start, in which so many workers were in the layer, or waited for
// it.
func (c *clock) since(start time.Time, sum *atomic.Int64, together int) {
	sum.Add(int64(time.Since(start)) * int64(c.workers) / int64(together))
}

// read returns the time per worker so far, and starts again at 0.
func (c *clock) read() (forward, backward float64) {
	w := float64(c.workers)
	return float64(c.forward.Swap(0)) / w, float64(c.backward.Swap(0)) / w
}

// clockedLayer binds to an Op with a clock.
type clockedLayer struct {
	op.Layer
	clock *clock
}

func (l clockedLayer) Bind(in []op.Shape) (op.Op, error) {
	o, err := l.Layer.Bind(in)
	if err != nil {
		return nil, err
	}
	return l.clock.around(o), nil
}

// around is an Op with the clock. It has the same optional interfaces of package op, or
// answers as an Op that has them not.
func (c *clock) around(o op.Op) op.Op {
	timed := clockedOp{o, c}
	split, splits := o.(op.Splitter)
	synchronized, isSynchronized := o.(op.Synchronized)
	switch {
	case splits && isSynchronized:
		return struct {
			clockedSynchronized
			clockedSplitter
		}{clockedSynchronized{timed, synchronized}, clockedSplitter{split, c}}
	case splits:
		return struct {
			clockedOp
			clockedSplitter
		}{timed, clockedSplitter{split, c}}
	case isSynchronized:
		return clockedSynchronized{timed, synchronized}
	}
	return timed
}

// clockedSplitter has only the method Split.
type clockedSplitter struct {
	splitter op.Splitter
	clock    *clock
}

// Split returns a share with the same clock.
func (s clockedSplitter) Split(i, n int) op.Op { return s.clock.around(s.splitter.Split(i, n)) }
