package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// sealed are the files whose checksums run.json has.
var sealed = []string{stateFile, modelFile}

// limits are the largest sealed files that are read, in bytes.
var limits = map[string]int64{stateFile: maxState, modelFile: graph.MaxFileSize}

// pending is the name that a sealed file has until run.json has its checksum.
func pending(name string) string { return "." + name + ".next" }

// commit makes the record and the sealed files that encode gives the content of the run,
// all of them or none: the files lie under pending names when run.json is replaced, and take
// their names afterwards. A file that stays as it was is not written. An error that leaves
// them half-way is the last thing that a session does: the next one settles them.
func (s *Session) commit(r record, encode map[string]func() ([]byte, error)) error {
	r.Files = map[string]sum{}
	var changed []string
	for _, name := range sealed {
		b, err := encode[name]()
		if err == nil {
			if r.Files[name] = sumOf(b); r.Files[name] == s.record.Files[name] {
				continue
			}
			changed = append(changed, name)
			err = atomicfile.WriteLike(filepath.Join(s.Dir, pending(name)), b, filepath.Join(s.Dir, name))
		}
		if err != nil {
			removePending(s.Dir, changed)
			return fmt.Errorf("save %s: %w", filepath.Join(s.Dir, name), err)
		}
	}
	if err := r.replace(s.Dir); err != nil {
		if r.stands(s.Dir) {
			s.failed = err
		} else {
			removePending(s.Dir, changed)
		}
		return err
	}
	s.record = &r
	for _, name := range changed {
		if s.failed = place(s.Dir, name); s.failed != nil {
			return s.failed
		}
	}
	return nil
}

// replace makes the record the content of run.json.
func (r *record) replace(dir string) error {
	path := filepath.Join(dir, recordFile)
	if err := r.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b, err := r.encode()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return atomicfile.Write(path, b)
}

// stands reports whether run.json has the record, or may have it, after an error in
// replacing it: the last of its steps may have failed.
func (r *record) stands(dir string) bool {
	want, err := r.encode()
	if err != nil {
		return false
	}
	b, err := os.ReadFile(filepath.Join(dir, recordFile))
	return err == nil && bytes.Equal(b, want) || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// place gives a pending file its name. What is written to the folder next brings that to the
// disk; until then a reader finds the file under the other name.
func place(dir, name string) error {
	return os.Rename(filepath.Join(dir, pending(name)), filepath.Join(dir, name))
}

func removePending(dir string, names []string) {
	for _, name := range names {
		os.Remove(filepath.Join(dir, pending(name))) // one that stays is known for what it is
	}
}

// settle finishes what a process has begun that was killed: a pending file that is the
// record's gets its name, other ones and temporary ones go. The run is locked.
func (r *record) settle(dir string) error {
	if err := atomicfile.RemoveTemps(dir); err != nil {
		return err
	}
	for _, name := range sealed {
		path := filepath.Join(dir, pending(name))
		got, err := sumFile(path, r.Files[name].Bytes)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case got == r.Files[name]:
			err = place(dir, name)
		default:
			err = os.Remove(path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sumFile is the sum of a regular file of a size, without a checksum if it has another one.
func sumFile(path string, size int64) (sum, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return sum{}, err
	}
	if !info.Mode().IsRegular() {
		return sum{}, fmt.Errorf("%s is not a regular file: move it away", path)
	}
	if info.Size() != size { // it may be of any size, and take as long to read
		return sum{Bytes: info.Size()}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return sum{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return sum{}, err
	}
	return sum{n, hex.EncodeToString(h.Sum(nil))}, nil
}

// read reads a sealed file, under whichever of its names it has the record's checksum. It
// looks for the pending one first, for files go from there to their names and not back.
func (r *record) read(dir, name string) ([]byte, error) {
	const missing = "without it a run can neither be resumed nor read; restore it or start a new run"
	path := filepath.Join(dir, name)
	want, known := r.Files[name]
	if !known { // before schema 2
		return readFile(path, missing, limits[name])
	}
	var failed error
	for _, p := range []string{filepath.Join(dir, pending(name)), path} {
		info, err := os.Stat(p)
		if err == nil && info.Size() != want.Bytes || err != nil && p != path {
			continue
		}
		b, err := readFile(p, missing, limits[name])
		if err == nil && sumOf(b) == want {
			return b, nil
		}
		failed = err // of the last, which has the file's own name
	}
	if failed != nil {
		return nil, failed
	}
	return nil, fmt.Errorf("%s: the file is damaged or not the one that %s was written with: its checksum is another; restore the files of one run from a copy, or start a new run", path, recordFile)
}
