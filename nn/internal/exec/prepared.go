package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// preparedWeights are what steps compute from their parameters, such as packed weights. They
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

// update computes what has changed. fixed promises that nothing will change after it.
func (p *preparedWeights) update(pool *workerPool, fixed bool) {
	if p.fixed {
		return
	}
	p.fixed = fixed
	if p.size < parallelFloats || !pool.spinning(pool.size) {
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
