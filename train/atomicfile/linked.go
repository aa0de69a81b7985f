package atomicfile

import (
	"fmt"
	"path/filepath"
)

// Linked is a file that names another one in its folder, without which it is of no use, as
// a model names its weights.
type Linked struct {
	Path   string
	Data   File                              // the other one
	Naming func(data string) ([]byte, error) // the content of the file if the other is called data
}

// SaveLinked is Save for two such files, a new one of which gets no permissions that the other has
// not. Whoever finds the file finds what it names, at every moment, also after a crash.
//
// Where there is none yet, it gets its name when the data have theirs. Old files are replaced
// in three steps: a file that names the new data under a hidden name, .NAME.RANDOM.data; the
// data; a file that names them there. After a crash or an error between them the file is
// the new one and its data hidden, until the next Save removes them.
func SaveLinked(overwrite bool, l Linked) error {
	return writer{sys: disk{}, owner: l.Path}.saveLinked(overwrite, l)
}

func (w writer) saveLinked(overwrite bool, l Linked) error {
	w.like = []string{l.Path, l.Data.Path}
	b, err := l.Naming(filepath.Base(l.Data.Path))
	if err != nil {
		return w.failed(l.Path, err)
	}
	files := []File{l.Data, {l.Path, b}}
	if err := w.check(overwrite, files, files[1:]); err != nil {
		return err
	}
	return w.alone(files[1:], false, func() error {
		if overwrite {
			return w.replaceLinked(l, files)
		}
		return w.create(files)
	})
}

// replaceLinked writes two linked files, whatever is there.
func (w writer) replaceLinked(l Linked, files []File) error {
	if err := w.regular(files); err != nil {
		return err
	}
	there := make([]bool, len(files))
	for i, f := range files {
		info, err := w.look(f.Path)
		if err != nil {
			return err
		}
		there[i] = info != nil
	}
	if there[0] && there[1] {
		return w.exchangeLinked(l, files)
	}
	done, err := w.put(files, w.sys.Rename) // what is there does not need the other
	if done == 1 && !there[0] {
		return w.discard(err, files[0].Path)
	}
	return err
}

// exchangeLinked writes two linked files over old ones that may need each other.
func (w writer) exchangeLinked(l Linked, files []File) error {
	staged := tempName(l.Path, stagedSuffix)
	b, err := l.Naming(filepath.Base(staged))
	if err != nil {
		return w.failed(l.Path, err)
	}
	done, err := w.put([]File{{staged, l.Data.Data}, {l.Path, b}, l.Data, files[1]}, w.sys.Rename)
	switch {
	case err == nil:
		return nil // alone removes the staged file
	case done == 1:
		return w.discard(err, staged)
	case done > 1:
		return fmt.Errorf("%w (%s is the new one and may need %s: write it again)", err, l.Path, staged)
	}
	return err
}
