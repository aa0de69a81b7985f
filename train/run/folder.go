package run

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// ModelFile is the network of a run as ONNX, in its folder.
const ModelFile = "model.onnx"

// The files of a run.
const (
	recordFile  = "run.json"
	stateFile   = "state.safetensors"
	modelFile   = ModelFile
	metricsFile = "metrics.csv"
	lockFile    = "lock" // only while the run is trained
)

// readFile reads a regular file of a run. missing is what it means that it is not there.
func readFile(path, missing string, limit int64) ([]byte, error) {
	b, err := regular.Read(path, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: %s", path, missing)
	}
	return b, err
}
