package kinds

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// Source is a run or model that a picture is of.
type Source struct {
	Path string
	Name string // the last part of Path, or all of it if others have the same last part
	// Group is the name of the runs that differ in their seed only: of a sweep its label of
	// the combination, of other runs what their names begin with, of a run by itself Name.
	Group string
	// Settings and Epochs are those of a run; nil of an ONNX file.
	Settings *run.Settings
	Epochs   []train.EpochMetrics
	// Model is set if the kind takes Models or OneModel.
	Model *model.Model
	// Pictures are those that were given in place of a data set, at the size of the model; nil
	// without.
	Pictures     *data.Images
	PictureNames []string
}

// Open opens what a kind takes: run folders and sweeps, which stand for their runs, and for networks
// also ONNX files.
func Open(takes Takes, paths ...string) ([]Source, error) {
	var all []Source
	names := map[string]int{}
	for i, path := range paths {
		if slices.Contains(paths[:i], path) {
			return nil, Usage("%s is named twice", path)
		}
		names[baseName(path)]++
	}
	for _, path := range paths {
		name := baseName(path)
		if names[name] > 1 {
			name = path
		}
		sources, err := open(takes, path, name)
		if err != nil {
			return nil, err
		}
		for i := range sources {
			if s := &sources[i]; s.Path != path && len(paths) > 1 { // of one sweep among others
				s.Name, s.Group = name+" "+s.Name, name+" "+s.Group
			}
		}
		all = append(all, sources...)
	}
	groupBySeed(all)
	return all, nil
}

func baseName(path string) string { return filepath.Base(filepath.Clean(path)) }

// open opens one path.
func open(takes Takes, path, name string) ([]Source, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return openRuns(takes, path, name)
	}
	if !takes.Models() {
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s is a file: name the folder of a run or sweep, which has the history of its training", path)
	}
	m, err := model.OpenFile(path)
	if err != nil {
		return nil, err
	}
	return []Source{{Path: path, Name: name, Group: name, Model: m}}, nil
}

// openRuns opens a run, or those runs of a sweep that have finished an epoch.
func openRuns(takes Takes, dir, name string) ([]Source, error) {
	s, err := sweep.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		one, err := openRun(takes, Source{Path: dir, Name: name, Group: name})
		return []Source{one}, err
	}
	if err != nil {
		return nil, err
	}
	var all []Source
	for _, c := range s.Combinations {
		for _, cell := range c.Cells {
			if len(cell.Epochs) == 0 {
				continue
			}
			one := Source{Path: cell.Dir, Name: cell.Name, Group: c.Label, Settings: &cell.Settings, Epochs: cell.Epochs}
			if takes.Models() {
				if one, err = openRun(takes, one); err != nil {
					return nil, err
				}
			}
			all = append(all, one)
		}
	}
	if all == nil {
		return nil, fmt.Errorf("%s: no run of the sweep has finished an epoch", dir)
	}
	return all, nil
}

// openRun fills in what the folder at s.Path tells.
func openRun(takes Takes, s Source) (Source, error) {
	r, err := run.Open(s.Path)
	if err != nil {
		return s, err
	}
	s.Settings, s.Epochs = &r.Settings, r.Metrics
	if takes.Models() {
		s.Model = model.OfRun(r)
	}
	return s, nil
}
