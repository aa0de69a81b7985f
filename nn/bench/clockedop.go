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

func (o clockedOp) Forward(c *op.Call) {
	start := time.Now()
	o.Op.Forward(c)
	o.clock.since(start, &o.clock.forward, o.clock.workers)
}

func (o clockedOp) Backward(c *op.Call) {
	start := time.Now()
	o.Op.Backward(c)
	o.clock.since(start, &o.clock.backward, o.clock.workers)
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

func (o clockedOp) Scratch() int {
	if x, ok := o.Op.(op.Scratcher); ok {
		return x.Scratch()
	}
	return 0
}

// Planar returns steps with the clock. All workers that share a sample are in it together.
func (o clockedOp) Planar(in []op.Planes) ([]op.PlanarStep, bool) {
	planar, ok := o.Op.(op.Planar)
	if !ok {
		return nil, false
	}
	steps, ok := planar.Planar(in)
	for i := range steps {
		run := steps[i].Run
		steps[i].Run = func(s op.Share, w op.Weights, x [][]float32, y []float32) {
			start := time.Now()
			run(s, w, x, y)
			o.clock.since(start, &o.clock.forward, s.N)
		}
	}
	return steps, ok
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
	o.clock.since(start, &o.clock.forward, o.clock.workers)
}

func (o clockedSynchronized) BackwardStatistics(c *op.Call, stats []float64) {
	start := time.Now()
	o.synchronized.BackwardStatistics(c, stats)
	o.clock.since(start, &o.clock.backward, o.clock.workers)
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
