package parity

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Recorded is what a framework gave for one batch: inputs and expected results by
// their names in the ONNX file. A name "" stands for the only one.
type Recorded struct {
	Source   string
	Inputs   map[string]*nn.Tensor
	Expected map[string]*nn.Tensor
}

// ReadRecorded reads NumPy files: .npy holds one tensor, .npz tensors by the names
// that the ONNX file gives its inputs and outputs.
func ReadRecorded(inputs, expected string) (*Recorded, error) {
	in, err := readNumPy(inputs)
	if err != nil {
		return nil, err
	}
	out, err := readNumPy(expected)
	if err != nil {
		return nil, err
	}
	return &Recorded{Source: inputs + ", " + expected, Inputs: in, Expected: out}, nil
}

func readNumPy(path string) (map[string]*nn.Tensor, error) {
	arrays := map[string]*data.Array{}
	var err error
	switch filepath.Ext(path) {
	case ".npy":
		arrays[""], err = data.ReadNPY(path)
	case ".npz":
		arrays, err = data.ReadNPZ(path)
	default:
		err = fmt.Errorf("%s: recorded data is read from .npy or .npz files", path)
	}
	if err != nil {
		return nil, err
	}
	tensors := map[string]*nn.Tensor{}
	for name, a := range arrays {
		if tensors[name], err = a.Tensor(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return tensors, nil
}

// FindRecorded reads the folders test_data_set_0, test_data_set_1, … beside a model,
// in which ONNX keeps its test cases: input_0.pb and output_0.pb hold one tensor
// each. No folder is no error.
func FindRecorded(model string) ([]*Recorded, error) {
	dirs, err := filepath.Glob(filepath.Join(filepath.Dir(model), "test_data_set_*"))
	if err != nil {
		return nil, err
	}
	var sets []*Recorded
	for _, dir := range dirs {
		r := &Recorded{Source: dir}
		var err1, err2 error
		r.Inputs, err1 = readTensorFile(dir, "input")
		r.Expected, err2 = readTensorFile(dir, "output")
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		sets = append(sets, r)
	}
	return sets, nil
}

func readTensorFile(dir, kind string) (map[string]*nn.Tensor, error) {
	if _, err := os.Stat(filepath.Join(dir, kind+"_1.pb")); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: holds more than one %s; a network has 1", dir, kind)
	}
	path := filepath.Join(dir, kind+"_0.pb")
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := graph.ReadTensor(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	v, err := t.Float32s()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	x := &nn.Tensor{Data: v}
	for _, d := range t.Dims {
		x.Shape = append(x.Shape, int(d))
	}
	return map[string]*nn.Tensor{t.Name: x}, nil
}

// Replay runs the network of a file on recorded inputs and holds each result against
// what was recorded.
func Replay(im *onnxio.Imported, r *Recorded, t Tolerance) ([]Result, error) {
	x, err := only(r.Inputs, "input", im.Input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Source, err)
	}
	want, err := only(r.Expected, "output", im.Output)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Source, err)
	}
	got, err := im.Network.Forward(x)
	if err != nil {
		return nil, fmt.Errorf("%s: input %q: %w", r.Source, im.Input, err)
	}
	res, err := Tensors(im.Output, got, want, t)
	if err != nil {
		return nil, fmt.Errorf("%s: output %w", r.Source, err)
	}
	return []Result{res}, nil
}

// only picks the tensor of a name, or the one without a name.
func only(m map[string]*nn.Tensor, kind, name string) (*nn.Tensor, error) {
	if t := m[name]; t != nil {
		return t, nil
	}
	if t := m[""]; t != nil && len(m) == 1 {
		return t, nil
	}
	keys := slices.Sorted(maps.Keys(m))
	return nil, fmt.Errorf("the model's %s is called %q, the recorded data has %s", kind, name, strings.Join(keys, ", "))
}
