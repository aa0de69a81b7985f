package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
)

// A temporary file is called .NAME.RANDOM.tmp, so that it is hidden, sorts beside its
// target and is known for what it is. The one called .NAME.RANDOM.data may be in use:
// see Linked.
const (
	suffix       = ".tmp"
	stagedSuffix = ".data"
)

// tempName is a temporary name beside path.
func tempName(path, suffix string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x%s", filepath.Base(path), rand.Uint32(), suffix))
}

// createTemp makes a file to write the one at path to.
func (w writer) createTemp(path string, mode fs.FileMode) (temp string, f file, err error) {
	if w.owner != "" {
		path = w.owner
	}
	for {
		temp = tempName(path, suffix)
		if f, err = w.sys.Create(temp, mode); !errors.Is(err, fs.ErrExist) {
			return temp, f, err
		}
	}
}

// RemoveTemps removes what a process that was killed has left in a folder. Nobody may
// be writing there at the same time.
func RemoveTemps(dir string) error { return writer{sys: disk{}}.removeAll(dir, IsTemp) }

// IsTemp reports whether a name is one of the temporary files that a process which was
// killed leaves behind.
func IsTemp(name string) bool {
	_, kind := parseTemp(name)
	return kind == suffix
}

// parseTemp takes a temporary name apart. kind is "" if it is none.
func parseTemp(name string) (of, kind string) {
	kind = filepath.Ext(name)
	parts := strings.Split(strings.TrimSuffix(name, kind), ".")
	last := len(parts) - 1
	if !strings.HasPrefix(name, ".") || last < 2 || len(parts[last]) != 8 || kind != suffix && kind != stagedSuffix {
		return "", ""
	}
	if _, err := strconv.ParseUint(parts[last], 16, 32); err != nil {
		return "", ""
	}
	return strings.Join(parts[1:last], "."), kind
}

// removeTempsOf removes the temporary files of a kind that belong to the file at path.
func (w writer) removeTempsOf(path, kind string) error {
	return w.removeAll(filepath.Dir(path), func(name string) bool {
		of, k := parseTemp(name)
		return k == kind && of == filepath.Base(path)
	})
}

// removeAll removes the regular files of a folder whose names are chosen.
func (w writer) removeAll(dir string, chosen func(name string) bool) error {
	entries, err := w.sys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && chosen(e.Name()) {
			err = errors.Join(err, w.sys.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}
