package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// The files of a run.
const (
	recordFile  = "run.json"
	stateFile   = "state.safetensors"
	modelFile   = "model.onnx"
	metricsFile = "metrics.csv"

	latestFile = "latest" // beside the runs
)

// maxFile is the largest file that is read, in bytes.
const maxFile = 1 << 30

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

// SetLatest makes dir the newest run of root.
func SetLatest(root, dir string) error {
	path := filepath.Join(root, latestFile)
	rel, err := filepath.Rel(root, dir)
	if err != nil { // one is absolute, the other is not, or they are on two drives
		if rel, err = filepath.Abs(dir); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := os.MkdirAll(root, 0o777); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return atomicfile.Write(path, []byte(filepath.ToSlash(rel)+"\n"))
}

// Latest is the folder of the newest run of root.
func Latest(root string) (string, error) {
	path := filepath.Join(root, latestFile)
	b, err := readFile(path, "no run has been made here; train one, or name a run or a model")
	if err != nil {
		return "", err
	}
	name, more, _ := strings.Cut(string(b), "\n")
	if name == "" || more != "" {
		return "", fmt.Errorf("%s: need one line with the name of a run; delete the file and name the run", path)
	}
	dir := filepath.FromSlash(name)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s names the run %s, which is not there; name another run", path, dir)
	}
	return dir, nil
}

// claim makes dir the folder of a new run, by creating its run.json. An empty folder
// will do, one with anything in it will not.
func claim(dir string, r *record) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("new run %s: %w", dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("new run %s: %w", dir, err)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	if len(entries) > 0 && !has(recordFile) {
		return fmt.Errorf("%s is not empty and not a run: choose another --run", dir)
	}
	err = fs.ErrExist
	if !has(recordFile) {
		err = r.write(dir, atomicfile.WriteNew)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists: resume it with --resume or choose another --run", dir)
	}
	return err
}

// readFile reads a regular file of a run. missing is what it means that it is not there.
func readFile(path, missing string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing: %s", path, missing)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // opening a pipe would wait for a writer
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s: %d bytes, the limit is %d", path, info.Size(), maxFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	return b, nil
}
