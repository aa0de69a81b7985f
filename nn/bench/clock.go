package bench

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// A clock adds up the time that workers spend in a layer, or in several that the executor has
// fused.
type clock struct {
	set               *clocks
	layers            []int        // by their numbers in the network
	forward, backward atomic.Int64 // nanoseconds of all workers
}

// clocks are those of a network.
type clocks struct {
	workers int
	batch   int // samples in a run
	mutex   sync.Mutex
	list    []*clock
}

// clocked is a network with the parameter values of net, and a clock around the Op of each
// layer. The executor runs it as it runs net.
func clocked(net *nn.Network, workers, batch int) (*nn.Network, *clocks, error) {
	set := &clocks{workers: workers, batch: batch}
	layers := 0
	with, err := net.Builder(func(n *nn.Node) nn.Layer {
		layers++
		return clockedLayer{n.Layer, set.of(layers - 1)}
	}).Build()
	if err != nil {
		return nil, nil, err
	}
	with.SetFastConv(net.FastConv())
	return with, set, nil
}

// of is the clock of some layers, which is made by the first call.
func (s *clocks) of(layers ...int) *clock {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, c := range s.list {
		if slices.Equal(c.layers, layers) {
			return c
		}
	}
	s.list = append(s.list, &clock{set: s, layers: layers})
	return s.list[len(s.list)-1]
}

// fused is the clock of the layers of two clocks.
func (c *clock) fused(next *clock) *clock {
	return c.set.of(slices.Concat(c.layers, next.layers)...)
}

// since adds the time since start, during which so many of the workers were in the layer or
// waited for it. The other workers were in the layer with other samples, or will be.
func (c *clock) since(start time.Time, sum *atomic.Int64, together int) {
	sum.Add(int64(time.Since(start)) * int64(c.set.workers) / int64(together))
}

// read returns the nanoseconds per worker so far, and starts again at 0.
func (c *clock) read() (forward, backward float64) {
	w := float64(c.set.workers)
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

// around is an Op with the clock. It has the optional interfaces of package op that the Op has;
// those in which it can say no it has anyway.
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

// fast is the fast form of an op with the clock.
func (c *clock) fast(o any, training bool) (op.Op, bool) {
	if f, ok := o.(op.FastOp); ok {
		if fast, ok := f.Fast(training); ok {
			return c.around(fast), true
		}
	}
	return nil, false
}

// withClock is an op with a clock.
type withClock interface{ inside() (o any, c *clock) }

// insideOf takes the clock off an op. It returns false if the op inside is no T.
func insideOf[T any](o T) (inner T, c *clock, ok bool) {
	timed, ok := any(o).(withClock)
	if !ok {
		return inner, nil, false
	}
	x, c := timed.inside()
	inner, ok = x.(T)
	return inner, c, ok
}

// clockedSplitter has only the method Split.
type clockedSplitter struct {
	splitter op.Splitter
	clock    *clock
}

// Split returns a share with the same clock.
func (s clockedSplitter) Split(i, n int) op.Op { return s.clock.around(s.splitter.Split(i, n)) }
