// Package atomicfile replaces files so that a crash, a full disk or a reader at the
// same time sees the old content or the new, never a part.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// Write makes data the content of the file at path, which need not exist. It writes a
// temporary file beside it, brings that to the disk, renames it, and brings the folder
// to the disk. After an error the old file is as it was and the temporary one is gone.
//
// Only regular files are replaced: a device or a symbolic link is an error.
func Write(path string, data []byte) error { return WriteAll(File{path, data}) }

// WriteNew is Write for a file that must not exist yet; if it does, the error is an
// *ExistsError, and so it is for one of two callers at the same time.
func WriteNew(path string, data []byte) error { return WriteAllNew(File{path, data}) }

// fill writes data and closes the file; only then is it known to have arrived.
func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// A temporary file is called .NAME.RANDOM.tmp, so that it is hidden, sorts beside its
// target and is known for what it is.
const suffix = ".tmp"

func createTemp(path string) (*os.File, error) {
	for {
		name := fmt.Sprintf(".%s.%08x%s", filepath.Base(path), rand.Uint32(), suffix)
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// RemoveTemps removes what a process that was killed has left in a folder. Nobody may
// be writing there at the same time.
func RemoveTemps(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && IsTemp(e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// IsTemp reports whether a name is one of the temporary files that a process which was
// killed leaves behind.
func IsTemp(name string) bool {
	parts := strings.Split(strings.TrimSuffix(name, suffix), ".")
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, suffix) &&
		len(parts) >= 3 && len(parts[len(parts)-1]) == 8
}

// syncFolder brings a rename to the disk. Windows does not do this by folder, and some
// file systems know no such thing.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// cause is the bare reason: the path that os puts in front of it is that of the
// temporary file.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
