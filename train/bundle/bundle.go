package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// The names of the files of a bundle.
const (
	ModelFile       = "model.onnx"
	DescriptionFile = "bundle.json"
	StepsFile       = "steps.npz"
)

// maxDescription is the largest bundle.json, in bytes.
const maxDescription = 64 << 20

// Error is an error in a file of a bundle.
type Error struct {
	File string
	Key  string // of an array in steps.npz; "" for the file
	Err  error
}

func (e *Error) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.File, e.Key, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Bundle is an open bundle.
type Bundle struct {
	Description
	Dir string

	arrays *data.NPZ
}

// Is reports whether path is a folder with a bundle in it, be it half-made by a recording that was
// interrupted, of which Open says so.
func Is(path string) bool {
	for _, name := range []string{DescriptionFile, StepsFile} {
		if info, err := os.Stat(filepath.Join(path, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// Open reads the description of a bundle and opens its arrays.
func Open(dir string) (*Bundle, error) {
	file := filepath.Join(dir, DescriptionFile)
	text, err := regular.Read(file, maxDescription)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{File: file, Err: errors.New("there is none: a bundle is a folder that gonn_record.py or gonn record --run wrote to the end; record again")}
	case err != nil:
		return nil, err
	}
	d, err := parse(text)
	if err != nil {
		return nil, &Error{File: file, Err: err}
	}
	arrays, err := data.OpenNPZ(filepath.Join(dir, StepsFile))
	if err != nil {
		return nil, err
	}
	b := &Bundle{Description: d, Dir: dir, arrays: arrays}
	if err := b.checkKeys(); err != nil {
		return nil, errors.Join(err, arrays.Close())
	}
	return b, nil
}

// Close closes the arrays.
func (b *Bundle) Close() error { return b.arrays.Close() }

// Path is the path of a file of the bundle.
func (b *Bundle) Path(file string) string { return filepath.Join(b.Dir, file) }

// Step is what step k saw and computed.
type Step struct {
	X    *nn.Tensor
	Y    *data.Array
	Loss float64
	// Grad has the gradients of trained parameters. Clipped are those that the optimizer took,
	// which are Grad unless clipping changed any.
	Grad, Clipped map[string][]float32
	Mask          map[string]*nn.Tensor // by Dropout.Name
}

// Step reads step k, 0 ≤ k < Steps.
func (b *Bundle) Step(k int) (*Step, error) {
	s := &Step{Grad: map[string][]float32{}, Clipped: map[string][]float32{}, Mask: map[string]*nn.Tensor{}}
	var err error
	if s.X, err = b.tensor(key(k, "x")); err != nil {
		return nil, err
	}
	if len(s.X.Shape) < 2 || s.X.Shape[0] < 1 {
		return nil, b.fail(key(k, "x"), fmt.Errorf("shape %v; need samples along the first axis", nn.Shape(s.X.Shape)))
	}
	if s.Y, err = b.read(key(k, "y")); err != nil {
		return nil, err
	}
	loss, err := b.read(key(k, "loss"))
	if err != nil {
		return nil, err
	}
	values := loss.Float64s()
	if len(values) != 1 {
		return nil, b.fail(key(k, "loss"), fmt.Errorf("%d values, need one", len(values)))
	}
	s.Loss = values[0]
	for _, p := range b.Parameters {
		if !p.Trained {
			if at := key(k, "grad", p.Name); b.arrays.Has(at) {
				return nil, b.fail(at, fmt.Errorf("%s says that the parameter is not trained", DescriptionFile))
			}
			continue
		}
		if s.Grad[p.Name], err = b.values(key(k, "grad", p.Name), p.Shape); err != nil {
			return nil, err
		}
		s.Clipped[p.Name] = s.Grad[p.Name]
		if at := key(k, "clipped", p.Name); b.arrays.Has(at) {
			if s.Clipped[p.Name], err = b.values(at, p.Shape); err != nil {
				return nil, err
			}
		}
	}
	for _, d := range b.Dropout {
		if at := key(k, "mask", d.Name); b.arrays.Has(at) {
			if s.Mask[d.Name], err = b.tensor(at); err != nil {
				return nil, err
			}
			if err := d.checkMask(s.Mask[d.Name].Data); err != nil {
				return nil, b.fail(at, err)
			}
		}
	}
	return s, nil
}

// State is what a step starts from.
type State struct {
	// Values has the parameters and running statistics.
	Values map[string][]float32
	// Moments is the optimizer's state, by slot and parameter; empty before its first step.
	Moments map[string]map[string][]float32
}

// Before reads what step k starts from; k = Steps is the end. slots are the optimizer's.
func (b *Bundle) Before(k int, slots []string) (*State, error) {
	s := &State{Values: map[string][]float32{}, Moments: map[string]map[string][]float32{}}
	var err error
	for _, p := range b.Parameters {
		kind := "param"
		if p.Statistic {
			kind = "stat"
		}
		if s.Values[p.Name], err = b.values(key(k, kind, p.Name), p.Shape); err != nil {
			return nil, err
		}
		for _, slot := range slots {
			at := key(k, "state", slot, p.Name)
			if !p.Trained || !b.arrays.Has(at) {
				continue
			}
			if s.Moments[slot] == nil {
				s.Moments[slot] = map[string][]float32{}
			}
			if s.Moments[slot][p.Name], err = b.values(at, p.Shape); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// key is the name of an array.
func key(k int, path ...string) string {
	name := fmt.Sprint(k)
	for _, p := range path {
		name += "/" + p
	}
	return name
}

func (b *Bundle) fail(key string, err error) error {
	return &Error{File: b.Path(StepsFile), Key: key, Err: err}
}

func (b *Bundle) read(key string) (*data.Array, error) {
	if !b.arrays.Has(key) {
		return nil, b.fail(key, errors.New("the bundle does not have it"))
	}
	return b.arrays.Read(key)
}

func (b *Bundle) tensor(key string) (*nn.Tensor, error) {
	a, err := b.read(key)
	if err != nil {
		return nil, err
	}
	t, err := a.Tensor()
	if err != nil {
		return nil, b.fail(key, err)
	}
	return t, nil
}

// values reads a tensor that must be of a shape.
func (b *Bundle) values(key string, shape []int) ([]float32, error) {
	t, err := b.tensor(key)
	if err != nil {
		return nil, err
	}
	if !nn.Shape(t.Shape).Equal(shape) {
		return nil, b.fail(key, fmt.Errorf("shape %v, but %s says %v", nn.Shape(t.Shape), DescriptionFile, nn.Shape(shape)))
	}
	return t.Data, nil
}
