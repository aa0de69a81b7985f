package bench

import (
	"time"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// clockedPlanar is an op for single samples with a clock. Its op is nil for a layer that cannot
// run on those.
type clockedPlanar struct {
	op    op.Planar
	clock *clock
}

func (o clockedPlanar) inside() (any, *clock) { return o.op, o.clock }
func (o clockedPlanar) Shape() op.Shape       { return o.op.Shape() }
func (o clockedPlanar) MACs() int             { return o.op.MACs() }

// Planar returns steps with the clock. A worker that has a sample to itself runs beside others
// that have one, unless there is only one.
func (o clockedPlanar) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	if o.op == nil {
		return nil, false
	}
	steps, ok := o.op.Planar(in, border)
	for i := range steps {
		run := steps[i].Run
		steps[i].Run = func(s op.Share, w op.Weights, x [][]float32, y []float32) {
			start := time.Now()
			run(s, w, x, y)
			together := s.N
			if s.N == 1 && o.clock.set.batch > 1 {
				together = o.clock.set.workers
			}
			o.clock.since(start, &o.clock.forward, together)
		}
	}
	return steps, ok
}

func (o clockedPlanar) ReadsPacked() (border int, ok bool) {
	if r, is := o.op.(op.PackedReader); is {
		return r.ReadsPacked()
	}
	return 0, false
}

// FusePlanar gives the fused op a clock of its own.
func (o clockedPlanar) FusePlanar(next op.Planar, at int) (op.Planar, bool) {
	fuser, is := o.op.(op.PlanarFuser)
	inner, clock, ok := insideOf(next)
	if !is || !ok {
		return nil, false
	}
	fused, ok := fuser.FusePlanar(inner, at)
	if !ok {
		return nil, false
	}
	return clockedPlanar{fused, o.clock.fused(clock)}, true
}

func (o clockedPlanar) Fast(training bool) (op.Op, bool) { return o.clock.fast(o.op, training) }
