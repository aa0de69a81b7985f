package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Interrupted reports whether a Save of several files was killed after it gave the first of
// them their names and before the others got theirs. What is there is of no use then, and the
// next Save of the same files finishes it.
func Interrupted(paths ...string) bool {
	files := make([]File, len(paths))
	for i, path := range paths {
		files[i].Path = path
	}
	return writer{sys: disk{}}.interrupted(files)
}

// interrupted is Interrupted. Temporary files are made for all files before one gets its
// name: the first have none any more then, and the others have one each. All have locks.
func (w writer) interrupted(files []File) bool {
	done := 0
	for i, f := range files {
		info, err := w.look(f.Path)
		if err != nil || info != nil && !info.Mode().IsRegular() {
			return false
		}
		lock, temp := w.leftOf(f)
		if named := info != nil; !lock || temp == named || named && done < i {
			return false
		} else if named {
			done++
		}
	}
	return 0 < done && done < len(files)
}

// removeNamed removes those of the files that are there. It comes before their temporary files
// go, so that a process which is killed in between is followed by one that does it too.
func (w writer) removeNamed(files []File) error {
	for _, f := range files {
		if err := w.sys.Remove(f.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return w.failed(f.Path, err)
		}
	}
	return nil
}

// left reports whether an earlier process that was killed has left something of the files.
func (w writer) left(files []File) bool {
	for _, f := range files {
		if lock, temp := w.leftOf(f); lock || temp {
			return true
		}
	}
	return false
}

// leftOf reports whether the lock of a file is there, and a temporary file of it.
func (w writer) leftOf(f File) (lock, temp bool) {
	entries, _ := w.sys.ReadDir(filepath.Dir(f.Path))
	for _, e := range entries {
		of, kind := parseTemp(e.Name())
		temp = temp || kind == suffix && of == filepath.Base(f.Path)
		lock = lock || e.Name() == filepath.Base(lockName(f.Path))
	}
	return lock, temp
}
