package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Grid is what is trained: each combination of one value of every axis, with each seed.
type Grid struct {
	// Settings are those of all cells, before recipe.Complete. A value of an axis replaces its
	// setting.
	Settings run.Settings `json:"settings"`
	Axes     []Axis       `json:"axes"`
	Seeds    []uint64     `json:"seeds"` // ascending
}

// Axis is a setting with the values that it takes.
type Axis struct {
	Setting string   `json:"setting"` // by its name in run.json
	Values  []string `json:"values"`  // as Set reads them
}

// Sweeps reports whether a setting is an axis of the grid.
func (g Grid) Sweeps(setting string) bool {
	return slices.ContainsFunc(g.Axes, func(a Axis) bool { return a.Setting == setting })
}

// dataText names the data of a grid.
func (g Grid) dataText() string {
	for _, a := range g.Axes {
		if a.Setting == "data" {
			return strings.Join(a.Values, ", ")
		}
	}
	return g.Settings.Data + g.Settings.DataPath
}

// clean is a grid without what does not define the results.
func (g Grid) clean() Grid {
	g.Settings.Gonn, g.Settings.Workers, g.Settings.Seed = "", 0, 0
	if g.Axes == nil {
		g.Axes = []Axis{}
	}
	return g
}

// Check finds what is wrong with a grid before anything is trained. Errors about settings are
// *recipe.SettingError.
func (g Grid) Check() error {
	if len(g.Seeds) == 0 {
		return errors.New("the grid has no seeds")
	}
	for i := range g.Seeds[1:] {
		if g.Seeds[i] >= g.Seeds[i+1] {
			return errors.New("the seeds of the grid do not ascend")
		}
	}
	if g.size() > maxCells {
		return fmt.Errorf("the grid has more than %d cells", maxCells)
	}
	for i, a := range g.Axes {
		if slices.ContainsFunc(g.Axes[:i], func(b Axis) bool { return a.Setting == b.Setting }) {
			return fmt.Errorf("the grid has two axes %s", a.Setting)
		}
		if err := a.check(); err != nil {
			return err
		}
	}
	for _, values := range g.combinations() {
		if _, err := g.settings(values, g.Seeds[0]); err != nil {
			return err
		}
	}
	return nil
}

// size is the number of cells, or one above maxCells if there are more.
func (g Grid) size() int {
	n := min(len(g.Seeds), maxCells+1)
	for _, a := range g.Axes {
		n = min(n*min(len(a.Values), maxCells+1), maxCells+1)
	}
	return n
}

func (a Axis) check() error {
	if len(a.Values) == 0 {
		return fmt.Errorf("%s has no values", a.Setting)
	}
	for i, v := range a.Values {
		if as, err := spelled(a.Setting, v); err != nil {
			return err
		} else if as != v {
			return fmt.Errorf("%s %s: grids spell it %s", a.Setting, v, as)
		}
		if slices.Contains(a.Values[:i], v) {
			return &recipe.SettingError{Setting: a.Setting, Value: v, Err: errors.New("the value is there twice")}
		}
	}
	return nil
}

// combinations are the values of the axes, one each, the last axis fastest.
func (g Grid) combinations() [][]string {
	all := [][]string{nil}
	for _, a := range g.Axes {
		var longer [][]string
		for _, values := range all {
			for _, v := range a.Values {
				longer = append(longer, append(slices.Clip(values), v))
			}
		}
		all = longer
	}
	return all
}

// settings are those of a cell, complete.
func (g Grid) settings(values []string, seed uint64) (run.Settings, error) {
	s := g.Settings
	s.Seed = seed
	for i, a := range g.Axes {
		if err := Set(&s, a.Setting, values[i]); err != nil {
			return s, err
		}
	}
	asked := s.Semantics
	s, err := recipe.Complete(s)
	swept := slices.ContainsFunc(g.Axes, func(a Axis) bool { return a.Setting == "semantics" })
	if err == nil && swept && s.Semantics != asked {
		err = fmt.Errorf("the optimizer has the semantics %s of its own: leave them out there, or do not sweep semantics", s.Semantics)
	}
	if err != nil && len(g.Axes) > 0 {
		err = g.inCombination(values, err)
	}
	return s, err
}

// inCombination says in which combination settings do not go together, unless the error is about
// the value of an axis.
func (g Grid) inCombination(values []string, err error) error {
	if e := (*recipe.SettingError)(nil); errors.As(err, &e) && slices.ContainsFunc(g.Axes, func(a Axis) bool { return a.Setting == e.Setting }) {
		return err
	}
	return fmt.Errorf("with %s: %w", g.label(values), err)
}

// label names a combination for people: "leaky:-0.5", "prelu lr=0.001".
func (g Grid) label(values []string) string {
	if len(values) == 0 {
		return "all runs"
	}
	parts := make([]string, len(values))
	for i, a := range g.Axes {
		if parts[i] = values[i]; a.Setting != "act" {
			parts[i] = strings.ReplaceAll(a.Setting, "_", "-") + "=" + values[i]
		}
	}
	return strings.Join(parts, " ")
}
