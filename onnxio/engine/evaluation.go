package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// evaluation is a session of the evaluator. Runs at the same time share its memory.
type evaluation struct {
	evaluator *reference.Evaluator
	types     map[string]graph.DataType // of the inputs
	limits    reference.Limits          // Operations for a sample
	ctx       context.Context

	tried, large atomic.Bool // a run went through, one needs more than its share
	alone        sync.RWMutex
	shares       chan struct{}
}

func newEvaluation(e *reference.Evaluator, m *graph.Model, r Reference) *evaluation {
	s := &evaluation{evaluator: e, types: typesOf(m.Graph.Inputs), limits: r.Limits.ForSamples(1), ctx: r.Context}
	if s.ctx == nil {
		s.ctx = context.Background()
	}
	s.shares = make(chan struct{}, runtime.GOMAXPROCS(0))
	return s
}

func (s *evaluation) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	samples, ok := batchOf(inputs)
	if !ok {
		samples = 1
	}
	if samples > 1 && !s.tried.Load() {
		first := map[string]*nn.Tensor{}
		for name, x := range inputs {
			first[name] = cut(x, 0, 1)
		}
		// What goes beyond the limits by itself would take them once for each sample, and what
		// is stopped was stopped in that node. Other errors may be of the number of samples.
		if _, err := s.runSamples(first, 1); err != nil && (beyond(err) != nil || ended(s)) {
			return nil, err
		}
	}
	return s.runSamples(inputs, samples)
}

// runSamples is Run of a batch in which so many samples count; others fill it up.
func (s *evaluation) runSamples(inputs map[string]*nn.Tensor, samples int) (map[string]*nn.Tensor, error) {
	in, err := toReferences(inputs, s.types)
	if err != nil {
		return nil, err
	}
	out, err := s.evaluate(in, samples)
	if err != nil {
		return nil, err
	}
	results := map[string]*nn.Tensor{}
	for name, v := range out {
		if results[name], err = fromReference(v); err != nil {
			return nil, fmt.Errorf("output %q: %w", name, err)
		}
	}
	return results, nil
}

// evaluate runs within a share of the memory, or, the first time and where that is not enough,
// alone within all of it.
func (s *evaluation) evaluate(in map[string]*reference.Tensor, samples int) (map[string]*reference.Tensor, error) {
	limits := s.limits.ForSamples(samples)
	if s.tried.Load() && !s.large.Load() {
		share := limits
		constants := s.evaluator.Constants()
		share.Memory = constants + (limits.Memory-constants)/int64(cap(s.shares))
		out, err := s.withOthers(in, share)
		if e := beyond(err); e == nil || e.Resource != reference.Memory {
			return out, err
		}
		s.large.Store(true)
	}
	s.alone.Lock()
	defer s.alone.Unlock()
	out, err := s.evaluator.Within(s.ctx, limits).Run(in)
	if err == nil {
		s.tried.Store(true)
	}
	return out, err
}

// withOthers runs beside as many others as there are shares.
func (s *evaluation) withOthers(in map[string]*reference.Tensor, share reference.Limits) (map[string]*reference.Tensor, error) {
	s.shares <- struct{}{}
	defer func() { <-s.shares }()
	s.alone.RLock()
	defer s.alone.RUnlock()
	return s.evaluator.Within(s.ctx, share).Run(in)
}

// beyond is the error of a run beyond its limits, nil if err is none.
func beyond(err error) *reference.LimitError {
	var e *reference.LimitError
	errors.As(err, &e)
	return e
}

// ended reports whether a session's context has ended.
func ended(s Session) bool {
	e, ok := s.(*evaluation)
	return ok && e.ctx.Err() != nil
}

func (s *evaluation) Close() error { return nil }

// Concurrent: runs at the same time share only what bounds their memory.
func (s *evaluation) Concurrent() {}
