package run

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// schema is the version of run.json's form. It changes when a reader of the one before
// would misunderstand the file. Files from before there were versions are read as 1.
const schema = 1

// record is the content of run.json.
type record struct {
	Schema   int       `json:"schema"`
	Settings Settings  `json:"settings"`
	Frozen   []string  `json:"frozen,omitempty"` // full names of the parameters that keep their values
	Sessions []Machine `json:"sessions"`
	Result   *Result   `json:"result,omitempty"`
}

// Machine is where and when a session of a run began to train.
type Machine struct {
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
	CPUs    int       `json:"cpus"`
	Kernels string    `json:"kernels,omitempty"` // nn.Backend; bits are the same on one of them
	Started time.Time `json:"started"`
}

func thisMachine() Machine {
	kernels, _ := nn.Backend() // the name is right even if the environment asks for another
	return Machine{runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), kernels, time.Now().UTC().Truncate(time.Second)}
}

// Result is how a finished run's network does on its data.
type Result struct {
	Train Score `json:"train"`
	Test  Score `json:"test"`
}

// Score is an evaluation on one data set.
type Score struct {
	Samples  int     `json:"samples"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
}

// ScoreOf takes a score from the sums of an evaluation.
func ScoreOf(s nn.Stats) Score { return Score{s.Samples, s.Loss(), s.Accuracy()} }

// write puts the record into run.json with the given function of atomicfile.
func (r *record) write(dir string, to func(path string, b []byte) error) error {
	r.Schema = schema
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, recordFile), err)
	}
	return to(filepath.Join(dir, recordFile), append(b, '\n'))
}

func (r *record) replace(dir string) error { return r.write(dir, atomicfile.Write) }

// readRecord reads run.json. A field that it does not know is an error, because it
// would be a setting that goes unheeded.
func readRecord(dir string) (*record, error) {
	path := filepath.Join(dir, recordFile)
	b, err := readFile(path, "this is not the folder of a run, or one that could not be created", maxRecord)
	if err != nil {
		return nil, err
	}
	r := new(record)
	if err := checkSchema(b); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := strictjson.Decode(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w; restore the file or start a new run", path, err)
	}
	return r, nil
}
