package reference

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Meter counts what evaluating nodes takes, and holds it to limits. One goroutine may use it
// at a time.
type Meter struct {
	ctx    context.Context
	limits Limits
	end    time.Time // of Limits.Time, zero if there is none
	done   float64   // operations of the nodes so far, as they were estimated
	held   float64   // bytes of the values that are held
	shares map[any]int

	// counted are the operations that loops have reported. Tests hold the estimates against them.
	counted atomic.Int64
}

// NewMeter starts counting.
func NewMeter(ctx context.Context, l Limits) *Meter {
	m := &Meter{ctx: ctx, limits: l.or(DefaultLimits), shares: map[any]int{}}
	if l.Time > 0 {
		m.end = time.Now().Add(l.Time)
	}
	return m
}

// overhead is what any node costs.
const overhead = 3000

// begin counts a node's operations. A node that would go beyond a limit is an error.
func (m *Meter) begin(c *call) error {
	if err := m.stopped(c.node); err != nil {
		return err
	}
	cost := c.cost()
	if err := m.work(c.node, overhead+cost.work); err != nil {
		return err
	}
	return m.room(c.node, cost.bytes)
}

// work counts operations, and is an error if they are more than the limit.
func (m *Meter) work(node *graph.Node, n float64) error {
	m.done += n
	if limit := float64(m.limits.Operations); !(m.done <= limit) {
		return &LimitError{Operations, node.Label(), m.done, limit}
	}
	return nil
}

// room is an error if there is none for so many bytes more.
func (m *Meter) room(node *graph.Node, bytes float64) error {
	if limit := float64(m.limits.Memory); !(m.held+bytes <= limit) {
		return &LimitError{Memory, node.Label(), m.held + bytes, limit}
	}
	return nil
}

// stopped is why a run must not go on: its context has ended, or its time is over.
func (m *Meter) stopped(node *graph.Node) error {
	if m.ctx.Err() != nil {
		return fmt.Errorf("%s: %w", node.Label(), context.Cause(m.ctx))
	}
	if !m.end.IsZero() && time.Now().After(m.end) {
		return &LimitError{Time, node.Label(), 0, float64(m.limits.Time)}
	}
	return nil
}

// Hold counts a value that is needed from now on. Values that share elements count once.
func (m *Meter) Hold(t *Tensor) {
	if key := shareOf(t); key != nil {
		if m.shares[key]++; m.shares[key] == 1 {
			m.held += bytesOf(t)
		}
	}
}

// Free takes a value off that Hold has counted.
func (m *Meter) Free(t *Tensor) {
	key := shareOf(t)
	if key == nil || m.shares[key] == 0 {
		return
	}
	if m.shares[key]--; m.shares[key] == 0 {
		delete(m.shares, key)
		m.held -= bytesOf(t)
	}
}

// Eval is the function of that name, as a part of what is counted. Its results are not held.
func (m *Meter) Eval(n *graph.Node, opset int64, in []*Tensor) ([]*Tensor, error) {
	c := &call{node: n, opset: opset, in: in, opsets: func(string) int64 { return opset }, meter: m}
	return eval(c)
}

// shareOf is the place of a value's elements, nil if it has none.
func shareOf(t *Tensor) any {
	switch {
	case t == nil:
	case len(t.Floats) > 0:
		return &t.Floats[0]
	case len(t.Ints) > 0:
		return &t.Ints[0]
	case len(t.Strings) > 0:
		return &t.Strings[0]
	}
	return nil
}

// Bytes of a value beside its elements, and of an element; those of a text are a guess.
const (
	valueBytes  = 160
	numberBytes = 8
	textBytes   = 48
)

func bytesOf(t *Tensor) float64 {
	return valueBytes + numberBytes*float64(max(len(t.Floats), len(t.Ints))) + textBytes*float64(len(t.Strings))
}

// did counts operations of a loop, and reports why it must not go on.
func (c *call) did(operations int) error {
	if c.meter == nil {
		return nil
	}
	c.meter.counted.Add(int64(operations))
	return c.meter.stopped(c.node)
}

// paced is did for a loop of many short steps, which it reports together: looking whether a run
// must end takes as long as some hundred operations.
type paced struct {
	*call
	pending int
}

func (p *paced) did(operations int) error {
	if p.pending += operations; p.pending < smallWork {
		return nil
	}
	operations, p.pending = p.pending, 0
	return p.call.did(operations)
}
