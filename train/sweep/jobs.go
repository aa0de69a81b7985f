package sweep

import (
	"runtime"
	"runtime/debug"

	"github.com/gonn-toolkit/gonn/nn"
)

// try builds what is trained for every value of every axis, the others at their first, so that
// settings which do not go with the data or the network are found at once. It also finds how much
// memory the largest training takes.
func (s *Session) try(g Grid) error {
	combinations := g.combinations()
	first := combinations[0]
	for _, values := range combinations {
		others := 0
		for i := range values {
			if values[i] != first[i] {
				others++
			}
		}
		if others > 1 {
			continue
		}
		settings, err := g.settings(values, g.Seeds[0])
		if err != nil {
			return err
		}
		t, err := s.open.New(settings)
		if err != nil {
			if len(g.Axes) > 0 {
				err = g.inCombination(values, err)
			}
			return err
		}
		s.need = max(s.need, memoryOf(t.Network, min(t.Settings.Batch, t.Fit.Len())))
	}
	return nil
}

// memoryOf estimates what the training of a network on one worker takes besides the data: the
// network and its checkpoints' copies, the optimizer's moments, and the batches.
func memoryOf(net *nn.Network, batch int) int {
	m := net.Memory(nn.Training, batch, 1)
	const copies = 6 // two moments, the best epoch, and what a checkpoint writes and reads back
	return m.Total() + copies*m.Parameters
}

// jobsFor is how many cells are trained at the same time, each with how many workers, for so many
// cells. One worker a cell wastes no time in waiting for others, so there are as many cells at work
// as processors, if memory allows; when there are fewer cells, each has several.
func jobsFor(cells, processors, need int, memory int64) (jobs, workers int) {
	jobs = min(cells, processors)
	if need > 0 {
		jobs = int(min(int64(jobs), memory/int64(need)))
	}
	jobs = max(jobs, 1)
	return jobs, max(processors/jobs, 1)
}

// usableMemory is how much of the memory trainings may take, in bytes: half of what is free, or of
// Go's own limit (GOMEMLIMIT) if that is less.
func usableMemory() int64 {
	return min(freeMemory(), debug.SetMemoryLimit(-1)) / 2
}

// unknownMemory is taken for free where the system does not say.
const unknownMemory = 4 << 30

// Plan is how many cells Run trains at the same time, and with how many workers each.
func (s *Session) Plan(o Options) (jobs, workers int) {
	cells, processors := len(s.Todo()), runtime.GOMAXPROCS(0)
	jobs, workers = jobsFor(cells, processors, s.need, usableMemory())
	if o.Jobs > 0 {
		jobs = min(o.Jobs, max(cells, 1))
		workers = max(processors/jobs, 1)
	}
	if o.Workers > 0 {
		workers = o.Workers
	}
	return jobs, workers
}
