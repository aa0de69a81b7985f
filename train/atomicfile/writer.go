package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"syscall"
)

// writer writes files by way of a system.
type writer struct {
	sys   system
	owner string   // the file that temporary ones are named after; "" for each its own
	like  []string // files that new ones are no more open than
}

// replace writes files, over existing ones too.
func (w writer) replace(files []File) error {
	if err := w.regular(files); err != nil {
		return err
	}
	_, err := w.put(files, w.sys.Rename)
	return err
}

// create writes files that are not there yet. After an error none is.
func (w writer) create(files []File) error {
	taken, err := w.free(files)
	if err != nil {
		return err
	}
	done, err := w.put(files, func(old, path string) error {
		if taken[path] {
			return w.sys.Rename(old, path) // the content stays the same
		}
		return w.renameNew(old, path)
	})
	if err == nil {
		return nil
	}
	for _, f := range files[:done] {
		if !taken[f.Path] {
			err = w.discard(err, f.Path)
		}
	}
	return err
}

// put brings the content of all files to the disk under temporary names, and then gives
// them their own by rename, each name on the disk before the next. It returns how many
// have theirs. The temporary files of the others are gone after an error.
func (w writer) put(files []File, rename func(old, path string) error) (done int, err error) {
	var temps []string
	for _, f := range files {
		temp, err := w.writeTemp(f)
		if temp != "" {
			temps = append(temps, temp)
		}
		if err != nil {
			return 0, w.discard(w.failed(f.Path, err), temps...)
		}
	}
	for _, f := range files {
		if err := rename(temps[done], f.Path); err != nil {
			return done, w.discard(w.failed(f.Path, err), temps[done:]...)
		}
		done++
		if err := w.syncFolder(filepath.Dir(f.Path)); err != nil {
			return done, w.discard(w.failed(f.Path, err), temps[done:]...)
		}
	}
	return done, nil
}

// writeTemp brings the content of a file to the disk under a temporary name, "" if there
// is no such file.
func (w writer) writeTemp(f File) (temp string, err error) {
	mode, kept, err := w.mode(f.Path)
	if err != nil {
		return "", err
	}
	temp, to, err := w.createTemp(f.Path, mode)
	if err != nil {
		return "", err
	}
	if kept {
		to.Chmod(mode) // gives back what the umask took; file systems without modes refuse
	}
	return temp, fill(to, f.Data)
}

// fill writes data and closes the file; only then is it known to have arrived.
func fill(f file, data []byte) error {
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// discard removes files after an error, which it returns, with those that stay.
func (w writer) discard(err error, paths ...string) error {
	for _, path := range paths {
		if e := w.sys.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = fmt.Errorf("%w (and %s could not be removed: %w)", err, path, cause(e))
		}
	}
	return err
}

// syncFolder brings a rename to the disk. Windows does not do this by folder, and some
// file systems know no such thing.
func (w writer) syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := w.sys.Open(dir)
	if err != nil {
		return err
	}
	if err = d.Sync(); errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
