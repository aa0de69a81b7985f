package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
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

// Next makes the folder of a new run below root, the first of stem-001, stem-002, …
// above those that are there, and returns its path. Of two processes that ask at the
// same time each gets its own.
func Next(root, stem string) (string, error) {
	if stem == "" || filepath.Base(stem) != stem || strings.ContainsAny(stem, `/\:`) {
		return "", fmt.Errorf("new run: %q cannot be part of a folder's name", stem)
	}
	if err := os.MkdirAll(root, 0o777); err != nil {
		return "", fmt.Errorf("new run: %w", err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return "", fmt.Errorf("new run: %w", err)
	}
	last := 0
	for _, e := range entries {
		if digits, ok := strings.CutPrefix(e.Name(), stem+"-"); ok {
			if n, err := strconv.ParseUint(digits, 10, 31); err == nil {
				last = max(last, int(n))
			}
		}
	}
	for {
		last++
		dir := filepath.Join(root, fmt.Sprintf("%s-%03d", stem, last))
		err := os.Mkdir(dir, 0o777)
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("new run: %w", err)
		}
	}
}

// claim makes dir the folder of a new run, by locking it and creating its run.json. An
// empty folder will do, one with anything in it will not.
func claim(dir string, r *record) (*filelock.Lock, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("new run %s: %w", dir, err)
	}
	if err := checkFree(dir); err != nil {
		return nil, err
	}
	l, err := take("new run", dir)
	if err != nil {
		return nil, err
	}
	if err = atomicfile.RemoveTemps(dir); err == nil {
		err = r.write(dir, atomicfile.WriteNew)
	}
	if errors.Is(err, fs.ErrExist) {
		err = existsError(dir)
	}
	if err != nil {
		l.Release()
		return nil, err
	}
	return l, nil
}

// checkFree is an error if there is anything in a folder but what a process leaves that is
// killed before it has made a run.
func checkFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("new run %s: %w", dir, err)
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == recordFile }) {
		return existsError(dir)
	}
	for _, e := range entries {
		if name := e.Name(); name != lockFile && !atomicfile.IsTemp(name) {
			return fmt.Errorf("%s is not a run and not empty (it holds %s): choose another --run", dir, name)
		}
	}
	return nil
}

func existsError(dir string) error {
	return fmt.Errorf("%s exists: resume it with --resume or choose another --run", dir)
}

// readFile reads a regular file of a run. missing is what it means that it is not there.
func readFile(path, missing string, limit int64) ([]byte, error) {
	b, err := regular.Read(path, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: %s", path, missing)
	}
	return b, err
}
