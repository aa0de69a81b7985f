package sweep

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/run"
)

// State is how far a cell has come.
type State string

const (
	Waiting  State = "waiting"  // not begun
	Begun    State = "begun"    // interrupted, or being trained
	Finished State = "finished" // with a result
	Failed   State = "failed"   // with a reason
)

// Cell is one training of a sweep.
type Cell struct {
	Name     string
	Dir      string   // of its run
	Values   []string // of the axes
	Seed     uint64
	Settings run.Settings // of its run; before it is begun as far as they are known
	State    State
	Failure  string               // why it has failed
	Result   *run.Result          // of a finished one
	Epochs   []train.EpochMetrics // so far
}

// Combination is one value of every axis, with its cells, one a seed.
type Combination struct {
	Label  string // for people: "leaky:-0.5", "prelu lr=0.001"
	Values []string
	Cells  []*Cell // in the order of the seeds
}

// Sweep is a sweep as its files tell of it.
type Sweep struct {
	Dir          string
	Grid         Grid
	Combinations []Combination

	failed map[string]string // reasons by cell
}

// Open reads a sweep with the results and histories of its cells. It writes nothing and takes no
// lock, so a sweep may be opened while it is at work.
func Open(dir string) (*Sweep, error) {
	r, err := readRecord(dir)
	if err != nil {
		return nil, err
	}
	return load(dir, r)
}

// load reads the cells of a record's grid.
func load(dir string, r record) (*Sweep, error) {
	s := &Sweep{Dir: dir, Grid: r.Grid, failed: r.failures()}
	for _, values := range s.Grid.combinations() {
		c := Combination{Label: s.Grid.label(values), Values: values}
		for _, seed := range s.Grid.Seeds {
			settings, err := s.Grid.settings(values, seed)
			if err != nil {
				return nil, err
			}
			name := s.Grid.cellName(values, seed)
			cell := &Cell{Name: name, Dir: filepath.Join(dir, name), Values: values, Seed: seed, Settings: settings}
			if err := s.read(cell); err != nil {
				return nil, err
			}
			c.Cells = append(c.Cells, cell)
		}
		s.Combinations = append(s.Combinations, c)
	}
	return s, s.checkSources()
}

// read fills in what a cell's run tells.
func (s *Sweep) read(c *Cell) error {
	c.State = Waiting
	if info, err := os.Lstat(c.Dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a link: a sweep writes its runs below its own folder only; move the link away", c.Dir)
	}
	if begun(c.Dir) {
		r, err := run.Open(c.Dir)
		if err != nil {
			return err
		}
		if err := s.checkCell(c, r.Settings); err != nil {
			return err
		}
		c.State, c.Settings, c.Result, c.Epochs = Begun, r.Settings, r.Result, r.Metrics
		if r.Result != nil {
			c.State = Finished
		}
	}
	if reason, failed := s.failed[c.Name]; failed {
		c.State, c.Failure, c.Result = Failed, reason, nil
	}
	return nil
}

// begun reports whether there is a run in a folder.
func begun(dir string) bool { return run.Owns(filepath.Join(dir, run.ModelFile)) }

// resolved are the settings whose spelling a run makes of its data or completes, and those that
// do not change what it comes to.
var resolved = []string{"normalize", "class_weights", "schedule", "resize",
	"gonn", "workers", "metrics", "tensorboard", "histograms"}

// completed are those that a run gives a value if they have none, beside all texts.
var completed = []string{"lr", "weight_decay"}

// checkCell is an error if a run is not the cell that has its folder.
func (s *Sweep) checkCell(c *Cell, got run.Settings) error {
	a, b := reflect.ValueOf(c.Settings), reflect.ValueOf(got)
	for i := range a.NumField() {
		name := run.SettingName(a.Type().Field(i))
		if name == "data_path" && !s.Grid.Sweeps("data") && a.Field(i).IsZero() == b.Field(i).IsZero() {
			continue // the data may have moved: checkSources knows whether they are the same
		}
		open := a.Field(i).IsZero() && (a.Field(i).Kind() == reflect.String || slices.Contains(completed, name))
		if !open && !slices.Contains(resolved, name) && !a.Field(i).Equal(b.Field(i)) {
			return fmt.Errorf("%s is not the cell that %s says: its %s is %s, want %s; move the folder away to train the cell anew",
				c.Dir, recordFile, name, shown(name, b.Field(i)), shown(name, a.Field(i)))
		}
	}
	return nil
}

// checkSources is an error if cells that name the same data were trained on different data, or from
// different networks in the same file.
func (s *Sweep) checkSources() error {
	type source struct {
		data, resize, net string
		emnist, passes    bool
	}
	first := map[source]*Cell{}
	for _, c := range s.cells() {
		set := c.Settings
		if set.DataSHA256 == "" { // not begun
			continue
		}
		data := source{data: set.Data, resize: set.Resize, emnist: set.EMNIST, passes: set.SkipUnreadable}
		if s.Grid.Sweeps("data") {
			data.data += set.DataPath
		}
		if f := first[data]; f != nil && f.Settings.DataSHA256 != set.DataSHA256 {
			return fmt.Errorf("%s and %s were trained on different data of the name %s; move the folder of one away to train it anew", f.Dir, c.Dir, set.Data+set.DataPath)
		}
		first[data] = c
		if set.NetPath == "" {
			continue
		}
		net := data
		net.net = set.NetPath
		if f := first[net]; f != nil && f.Settings.NetSHA256 != set.NetSHA256 {
			return fmt.Errorf("%s and %s began with different networks of the name %s; move the folder of one away to train it anew", f.Dir, c.Dir, net.net)
		}
		first[net] = c
	}
	return nil
}

// cells are all cells in the order in which they are trained: all combinations with the first
// seed, then with the next, so that early results are of every combination.
func (s *Sweep) cells() []*Cell {
	var list []*Cell
	for i := range s.Grid.Seeds {
		for _, c := range s.Combinations {
			list = append(list, c.Cells[i])
		}
	}
	return list
}

// Count is the number of cells in a state.
func (s *Sweep) Count(state State) (n int) {
	for _, c := range s.cells() {
		if c.State == state {
			n++
		}
	}
	return n
}

// left is the number of cells that are to be trained.
func (s *Sweep) left() int { return s.Count(Waiting) + s.Count(Begun) }

// Cells is the number of cells.
func (s *Sweep) Cells() int { return len(s.Combinations) * len(s.Grid.Seeds) }
