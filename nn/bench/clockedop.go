package bench

import (
	"time"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// clockedOp is an Op with a clock.
type clockedOp struct {
	op.Op
	clock *clock
}

func (o clockedOp) inside() (any, *clock) { return o.Op, o.clock }

func (o clockedOp) Forward(c *op.Call) {
	start := time.Now()
	o.Op.Forward(c)
	o.clock.since(start, &o.clock.forward, o.clock.set.workers)
}

func (o clockedOp) Backward(c *op.Call) {
	start := time.Now()
	o.Op.Backward(c)
	o.clock.since(start, &o.clock.backward, o.clock.set.workers)
}

func (o clockedOp) InPlace() bool {
	x, ok := o.Op.(op.InPlace)
	return ok && x.InPlace()
}

func (o clockedOp) View(training bool) bool {
	x, ok := o.Op.(op.View)
	return ok && x.View(training)
}

func (o clockedOp) BackwardReads() (x, y bool) {
	if r, ok := o.Op.(op.BackwardReader); ok {
		return r.BackwardReads()
	}
	return true, true
}

func (o clockedOp) Accumulates() bool {
	x, ok := o.Op.(op.Accumulator)
	return ok && x.Accumulates()
}

func (o clockedOp) Scratch() int {
	if x, ok := o.Op.(op.Scratcher); ok {
		return x.Scratch()
	}
	return 0
}

func (o clockedOp) Keeps() int {
	if x, ok := o.Op.(op.Keeper); ok {
		return x.Keeps()
	}
	return 0
}

// Fuse gives the fused op a clock of its own.
func (o clockedOp) Fuse(next op.Op, at int, training bool) (op.Op, bool) {
	fuser, is := o.Op.(op.Fuser)
	inner, clock, ok := insideOf(next)
	if !is || !ok {
		return nil, false
	}
	fused, ok := fuser.Fuse(inner, at, training)
	if !ok {
		return nil, false
	}
	return o.clock.fused(clock).around(fused), true
}

func (o clockedOp) Prepare() op.Preparation {
	if x, ok := o.Op.(op.Preparer); ok {
		return x.Prepare()
	}
	return op.Preparation{}
}

func (o clockedOp) Fast(training bool) (op.Op, bool) { return o.clock.fast(o.Op, training) }

func (o clockedOp) planar() clockedPlanar {
	p, _ := o.Op.(op.Planar)
	return clockedPlanar{p, o.clock}
}

func (o clockedOp) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	return o.planar().Planar(in, border)
}

func (o clockedOp) ReadsPacked() (border int, ok bool) { return o.planar().ReadsPacked() }

func (o clockedOp) FusePlanar(next op.Planar, at int) (op.Planar, bool) {
	return o.planar().FusePlanar(next, at)
}

// clockedSynchronized is a clockedOp that needs statistics of the batch.
type clockedSynchronized struct {
	clockedOp
	synchronized op.Synchronized
}

func (o clockedSynchronized) NumStatistics() int { return o.synchronized.NumStatistics() }

func (o clockedSynchronized) ForwardStatistics(c *op.Call, stats []float64) {
	start := time.Now()
	o.synchronized.ForwardStatistics(c, stats)
	o.clock.since(start, &o.clock.forward, o.clock.set.workers)
}

func (o clockedSynchronized) BackwardStatistics(c *op.Call, stats []float64) {
	start := time.Now()
	o.synchronized.BackwardStatistics(c, stats)
	o.clock.since(start, &o.clock.backward, o.clock.set.workers)
}

// MergeForward runs on one worker, and the others wait.
func (o clockedSynchronized) MergeForward(blocks [][]float64, total []float64) {
	start := time.Now()
	o.synchronized.MergeForward(blocks, total)
	o.clock.since(start, &o.clock.forward, 1)
}

func (o clockedSynchronized) UpdateRunning(w op.Weights, total []float64) {
	o.synchronized.UpdateRunning(w, total)
}
