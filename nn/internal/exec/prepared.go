package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// preparedWeights are what steps and ops compute from their parameters, such as packed weights. They
// are computed again when the parameters have changed. Anybody may write to parameters, so each
// run compares hashes.
type preparedWeights struct {
	steps []*preparedStep
	size  int // floats of all
	work  func(worker, i int)
	fixed bool // they are valid for ever
}

type preparedStep struct {
	op.Preparation
	from op.Weights
	to   op.Weights // a single one, nil until it is computed
	hash uint64     // of from, when it was
}

// add adds a preparation and returns its result, which is computed before the first run: w if
// there is nothing to prepare.
func (p *preparedWeights) add(w op.Weights, s op.Preparation) op.Weights {
	if s.Compute == nil {
		return w
	}
	to := make(op.Weights, 1)
	p.steps = append(p.steps, &preparedStep{Preparation: s, from: w, to: to})
	p.size += s.Floats
	return to
}

// parallelFloats is the number of floats from which several workers compare the hashes.
const parallelFloats = 1 << 15

// update computes what has changed. fixed promises that nothing will change after it. awake is
// set if all workers are needed next, so that they may be woken already.
func (p *preparedWeights) update(pool *workerPool, fixed, awake bool) {
	if p.fixed || len(p.steps) == 0 {
		return
	}
	p.fixed = fixed
	if p.size < parallelFloats || !awake && !pool.spinning(pool.size) {
		for _, s := range p.steps {
			s.update()
		}
		return
	}
	if p.work == nil {
		p.work = func(_, i int) { p.steps[i].update() }
	}
	pool.each(len(p.steps), p.work)
}

func (s *preparedStep) update() {
	hash := kernel.Hash(s.from)
	if s.to[0] == nil {
		s.to[0] = kernel.Aligned(s.Floats)
	} else if hash == s.hash {
		return
	}
	s.Compute(s.from, s.to[0])
	s.hash = hash
}
