package bundle

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Writer writes a bundle, array by array.
type Writer struct {
	dir  string
	file *os.File
	zip  *zip.Writer
}

// Create begins a bundle in a folder that is new or empty, with the bytes of its model.
func Create(dir string, model []byte) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s: the folder is not empty; name a new one", dir)
	}
	if err := atomicfile.Write(filepath.Join(dir, ModelFile), model); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, StepsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	return &Writer{dir: dir, file: f, zip: zip.NewWriter(f)}, nil
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
func (w *Writer) Close(d Description) error {
	if err := errors.Join(w.zip.Close(), w.file.Sync(), w.file.Close()); err != nil {
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
	return atomicfile.Write(filepath.Join(w.dir, DescriptionFile), append(text, '\n'))
}

// Abort gives up a bundle and removes what was written of it.
func (w *Writer) Abort() error {
	w.file.Close()
	err := errors.Join(os.Remove(filepath.Join(w.dir, StepsFile)), os.Remove(filepath.Join(w.dir, ModelFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
