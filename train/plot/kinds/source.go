package kinds

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Source is a run or model that a picture is of.
type Source struct {
	Name  string       // the path as the user gave it, without what is the same for all
	Run   *run.Run     // if the kind takes Runs
	Model *model.Model // if the kind takes Models
}

// Open opens what a kind takes: run folders, and for Models also ONNX files.
func Open(takes Takes, paths ...string) ([]Source, error) {
	var all []Source
	for _, path := range paths {
		s := Source{Name: filepath.Base(filepath.Clean(path))}
		var err error
		switch takes {
		case Runs:
			s.Run, err = openRun(path)
		case Models:
			s.Model, err = model.Open(path)
		default:
			err = Usage("%q: takes no run or model", path)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// openRun opens a run folder, and says of a file that it is none.
func openRun(path string) (*run.Run, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file: name the folder of a run, which has the history of its training", path)
	}
	return run.Open(path)
}
