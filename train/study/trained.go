package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// train trains the cells of a grid in the sweep of a name, which may have more of them, and
// returns those of the grid. The others stay as they are.
func (l *Lab) train(ctx context.Context, name string, g sweep.Grid) (list []sweep.Combination, err error) {
	dir := l.sweepDir(name)
	all := g
	switch old, err := sweep.Open(dir); {
	case err == nil:
		all = union(g, old.Grid)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	s, err := sweep.Begin(dir, all)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	s.Gonn = l.Gonn
	wanted := map[*sweep.Cell]bool{}
	for _, c := range cellsOf(s.Sweep, g) {
		for _, cell := range c.Cells {
			wanted[cell] = true
		}
	}
	s.Only = func(c *sweep.Cell) bool { return wanted[c] }
	o, ended := sweep.Options{Workers: l.Workers}, func() {}
	if l.Trains != nil && len(s.Todo()) > 0 {
		o, ended = l.Trains(s)
	}
	err = s.Run(ctx, o)
	ended()
	if err != nil {
		return nil, err
	}
	return cellsOf(s.Sweep, g), nil
}

// union is a grid with the values and seeds of another one that it has not, behind its own.
func union(g, old sweep.Grid) sweep.Grid {
	g.Axes, g.Seeds = slices.Clone(g.Axes), slices.Clone(g.Seeds)
	for i := range min(len(g.Axes), len(old.Axes)) {
		if g.Axes[i].Setting == old.Axes[i].Setting {
			g.Axes[i].Values = withMissing(old.Axes[i].Values, g.Axes[i].Values)
		}
	}
	g.Seeds = withMissing(g.Seeds, old.Seeds)
	slices.Sort(g.Seeds)
	return g
}

// withMissing is a list with those of another one that it has not.
func withMissing[T comparable](list, more []T) []T {
	list = slices.Clone(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// cellsOf are the combinations and seeds of a grid in a sweep that has them, in the grid's order
// of its first axis.
func cellsOf(s *sweep.Sweep, g sweep.Grid) (list []sweep.Combination) {
	for _, c := range s.Combinations {
		wanted := true
		for i, a := range g.Axes {
			wanted = wanted && slices.Contains(a.Values, c.Values[i])
		}
		if !wanted {
			continue
		}
		c.Cells = slices.DeleteFunc(slices.Clone(c.Cells), func(cell *sweep.Cell) bool { return !slices.Contains(g.Seeds, cell.Seed) })
		list = append(list, c)
	}
	if len(g.Axes) > 0 {
		first := g.Axes[0].Values
		slices.SortStableFunc(list, func(a, b sweep.Combination) int {
			return slices.Index(first, a.Values[0]) - slices.Index(first, b.Values[0])
		})
	}
	return list
}

// studyGrid is the study's sweep with some activations and seeds, at the lab's scale.
func (l *Lab) studyGrid(seeds int, acts ...string) sweep.Grid {
	g := sweep.StudyGrid()
	g.Settings.Limit, g.Settings.Epochs = l.Scale.Limit, l.Scale.Epochs
	g.Axes = []sweep.Axis{{Setting: "act", Values: acts}}
	g.Seeds = seedsTo(seeds)
	return g
}

func seedsTo(n int) (seeds []uint64) {
	for i := range n {
		seeds = append(seeds, uint64(i+1))
	}
	return seeds
}

// lastNetwork is the network of a cell after its last epoch.
func lastNetwork(c *sweep.Cell) (*nn.Network, error) {
	if c.State != sweep.Finished {
		return nil, fmt.Errorf("%s: %s %s, and its network is needed", c.Dir, c.State, c.Failure)
	}
	net, _, _, err := run.Epochs(c.Dir)
	return net, err
}

// startNetwork is the network of a cell before training.
func (l *Lab) startNetwork(c *sweep.Cell) (*nn.Network, error) {
	t, err := l.open.New(c.Settings)
	if err != nil {
		return nil, err
	}
	return t.Network, nil
}

// data is the study's data at the lab's scale: MNIST's pictures, then their inverses.
func (l *Lab) data() (*data.Set, error) {
	return l.open(sweep.StudyGrid().Settings.Data, l.Scale.Limit, data.Options{})
}

// lastResult is how a finished cell's network does after its last epoch.
func lastResult(c *sweep.Cell) run.EpochResult {
	if c.Result.Last != nil {
		return *c.Result.Last
	}
	return run.EpochResult{Epoch: len(c.Epochs), Train: c.Result.Train, Test: c.Result.Test}
}
