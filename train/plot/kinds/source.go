package kinds

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// Source is a run or model that a picture is of.
type Source struct {
	Name string // the last part of its path
	// Group is the name of the runs that differ in their seed only: of a sweep its label of
	// the combination, otherwise Name.
	Group string
	// Settings and Epochs are those of a run; nil of an ONNX file.
	Settings *run.Settings
	Epochs   []train.EpochMetrics
	// Model is set if the kind takes Models.
	Model *model.Model
}

// Open opens what a kind takes: run folders and sweeps, which stand for their runs, and for Models
// also ONNX files.
func Open(takes Takes, paths ...string) ([]Source, error) {
	var all []Source
	for _, path := range paths {
		isDir := false
		if info, err := os.Stat(path); err == nil {
			isDir = info.IsDir()
		}
		switch {
		case takes == Models && !isDir:
			m, err := model.OpenFile(path)
			if err != nil {
				return nil, err
			}
			name := filepath.Base(path)
			all = append(all, Source{Name: name, Group: name, Model: m})
		default:
			runs, err := openRuns(takes, path)
			if err != nil {
				return nil, err
			}
			all = append(all, runs...)
		}
	}
	return all, nil
}

// openRuns opens a run, or those runs of a sweep that have finished an epoch.
func openRuns(takes Takes, dir string) ([]Source, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file: name the folder of a run or sweep, which has the history of its training", dir)
	}
	s, err := sweep.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return openRun(takes, dir, "")
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
			if takes == Models {
				one, err := openRun(takes, cell.Dir, c.Label)
				if err != nil {
					return nil, err
				}
				all = append(all, one...)
				continue
			}
			all = append(all, Source{Name: cell.Name, Group: c.Label, Settings: &cell.Settings, Epochs: cell.Epochs})
		}
	}
	if all == nil {
		return nil, fmt.Errorf("%s: no run of the sweep has finished an epoch", dir)
	}
	return all, nil
}

func openRun(takes Takes, dir, group string) ([]Source, error) {
	r, err := run.Open(dir)
	if err != nil {
		return nil, err
	}
	s := Source{Name: filepath.Base(filepath.Clean(dir)), Group: group, Settings: &r.Settings, Epochs: r.Metrics}
	if group == "" {
		s.Group = s.Name
	}
	if takes == Models {
		s.Model = model.OfRun(r)
	}
	return []Source{s}, nil
}
