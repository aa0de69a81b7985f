package bundle

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

// lockFile is in the folder of a bundle that is being written. One that a process leaves which
// was killed shows that the bundle is half-made.
const lockFile = "recording.lock"

// Writer writes a bundle, array by array.
type Writer struct {
	dir  string
	lock *filelock.Lock
	file *os.File
	zip  *zip.Writer
}

// Create begins a bundle in a folder that is new or empty, with the bytes of its model. A
// bundle that a killed process has begun is replaced.
func Create(dir string, model []byte) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if err := CheckFree(dir); err != nil {
		return nil, err
	}
	lock, err := filelock.Take(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if err := CheckFree(dir); err != nil { // the one that held the lock may have ended its bundle
		return nil, errors.Join(err, lock.Release())
	}
	w := &Writer{dir: dir, lock: lock}
	if err := w.begin(model); err != nil {
		return nil, errors.Join(err, w.Abort())
	}
	return w, nil
}

// CheckFree returns an error if Create would not take a folder: there is something in it, other
// than a bundle that is half-made. It may be new.
func CheckFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	halfMade := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == lockFile })
	for _, e := range entries {
		name := e.Name()
		if !halfMade || name != lockFile && name != ModelFile && name != StepsFile && !atomicfile.IsTemp(name) {
			return fmt.Errorf("%s: the folder is not empty; name a new one", dir)
		}
	}
	return nil
}

// begin makes the files that the arrays and the model are in. The steps come first: what brings
// the model to the disk brings the folder with them there.
func (w *Writer) begin(model []byte) (err error) {
	if err := w.clear(); err != nil {
		return err
	}
	w.file, err = os.OpenFile(filepath.Join(w.dir, StepsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	w.zip = zip.NewWriter(w.file)
	return atomicfile.WriteNew(filepath.Join(w.dir, ModelFile), model)
}

// clear removes all that there is of a half-made bundle.
func (w *Writer) clear() error {
	err := atomicfile.RemoveTemps(w.dir)
	for _, name := range []string{StepsFile, ModelFile} {
		if e := os.Remove(filepath.Join(w.dir, name)); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Put adds an array of step k under a path such as "grad", "conv1.weight".
func (w *Writer) Put(k int, a *data.Array, path ...string) error {
	// Without a time: equal trainings give equal bytes.
	entry, err := w.zip.CreateHeader(&zip.FileHeader{Name: key(k, path...) + ".npy", Method: zip.Deflate})
	if err != nil {
		return err
	}
	return data.WriteNPY(entry, a)
}

// PutValues adds a tensor of a shape.
func (w *Writer) PutValues(k int, shape nn.Shape, values []float32, path ...string) error {
	return w.Put(k, &data.Array{Shape: shape, Float32: values}, path...)
}

// Close ends the bundle. Its description is written last: a folder without one is no bundle.
// After an error there is none.
func (w *Writer) Close(d Description) error {
	if err := w.close(d); err != nil {
		return errors.Join(err, w.Abort())
	}
	return w.lock.Release()
}

func (w *Writer) close(d Description) error {
	err := errors.Join(w.zip.Close(), w.file.Sync(), w.file.Close())
	w.file = nil
	if err != nil {
		return err
	}
	d.Format = Format
	if err := d.check(); err != nil {
		return &Error{File: filepath.Join(w.dir, DescriptionFile), Err: err}
	}
	text, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return err
	}
	return atomicfile.WriteNew(filepath.Join(w.dir, DescriptionFile), append(text, '\n'))
}

// Abort gives up a bundle and removes what was written of it.
func (w *Writer) Abort() error {
	if w.file != nil {
		w.file.Close() // what it holds is not wanted
		w.file = nil
	}
	return errors.Join(w.clear(), w.lock.Release())
}
