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
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Recorded is what a framework gave for one batch: inputs and expected results by
// their names in the ONNX file. A name "" stands for the only one.
type Recorded struct {
	Source   string
	Inputs   map[string]*nn.Tensor
	Expected map[string]*nn.Tensor
	// Order lists the names of Expected in the order in which they were recorded, as a forward
	// pass gives them; nil if that is not known.
	Order []string
	// Layers are the outputs of the layers of another network, by their names, with the axes
	// of networks: (N, C, H, W). LayerOrder lists the names in that network's order.
	Layers     map[string]*nn.Tensor
	LayerOrder []string

	alongside *alongside // computes Layers while they are held against, nil for none
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
	r := &Recorded{Source: inputs + ", " + expected, Inputs: in, Expected: out}
	if filepath.Ext(expected) == ".npz" {
		z, err := data.OpenNPZ(expected)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r.Order = z.Names()
	}
	return r, nil
}

// ReadInputs reads a batch without results from a NumPy file, as ReadRecorded does.
func ReadInputs(path string) (*Recorded, error) {
	in, err := readNumPy(path)
	if err != nil {
		return nil, err
	}
	return &Recorded{Source: path, Inputs: in}, nil
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

// Ends are the names that a file gives the inputs and outputs of its model, in its order.
type Ends struct{ Inputs, Outputs []string }

// EndsOf are the ends of a model. Inputs that have their values in the file are left out.
func EndsOf(m *graph.Model) Ends {
	var e Ends
	for _, v := range m.Graph.Feeds() {
		e.Inputs = append(e.Inputs, v.Name)
	}
	for _, v := range m.Graph.Outputs {
		e.Outputs = append(e.Outputs, v.Name)
	}
	return e
}

// FindRecorded reads the folders test_data_set_0, test_data_set_1, … beside a model,
// in which ONNX keeps its test cases: input_k.pb holds the tensor of input k, output_k.pb
// what output k should be. No folder is no error.
func FindRecorded(model string, ends Ends) ([]*Recorded, error) {
	beside, err := os.ReadDir(filepath.Dir(model))
	if err != nil {
		return nil, err
	}
	var sets []*Recorded
	for _, e := range beside {
		if !strings.HasPrefix(e.Name(), "test_data_set_") {
			continue
		}
		dir := filepath.Join(filepath.Dir(model), e.Name())
		r := &Recorded{Source: dir}
		var err1, err2 error
		r.Inputs, err1 = readTensorFiles(dir, "input", ends.Inputs)
		r.Expected, err2 = readTensorFiles(dir, "output", ends.Outputs)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		sets = append(sets, r)
	}
	return sets, nil
}

// readTensorFiles reads kind_0.pb, kind_1.pb, … as the tensors of the given names.
func readTensorFiles(dir, kind string, names []string) (map[string]*nn.Tensor, error) {
	tensors := map[string]*nn.Tensor{}
	for k, name := range names {
		x, err := readTensorFile(filepath.Join(dir, fmt.Sprintf("%s_%d.pb", kind, k)))
		if err != nil {
			return nil, err
		}
		tensors[name] = x
	}
	more := filepath.Join(dir, fmt.Sprintf("%s_%d.pb", kind, len(names)))
	if _, err := os.Stat(more); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: the model has only %d %ss", more, len(names), kind)
	}
	return tensors, nil
}

// maxTensorFile is the largest file of a recorded tensor, in bytes: protobuf's messages end there.
const maxTensorFile int64 = 1 << 31

func readTensorFile(path string) (*nn.Tensor, error) {
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxTensorFile: // a pipe would be waited for
		return nil, fmt.Errorf("%s: need a file of at most %d bytes", path, maxTensorFile)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := graph.ReadTensor(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a := &data.Array{}
	for _, d := range t.Dims {
		a.Shape = append(a.Shape, int(d))
	}
	switch t.Type {
	case graph.Float, graph.Double, graph.Float16, graph.BFloat16:
		a.Float32, err = t.Float32s()
	default:
		a.Int64, err = t.Int64s()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	x, err := a.Tensor()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}

// InputsFor are the inputs by the names of a file.
func (r *Recorded) InputsFor(ends Ends) (map[string]*nn.Tensor, error) {
	m, err := pick(r.Inputs, "input", ends.Inputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Source, err)
	}
	return m, nil
}

// ExpectedFor are the expected results by the names of a file.
func (r *Recorded) ExpectedFor(ends Ends) (map[string]*nn.Tensor, error) {
	m, err := pick(r.Expected, "output", ends.Outputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Source, err)
	}
	return m, nil
}

// Replay runs a model on recorded inputs and holds each of its outputs against what was
// recorded. Both are as the file has them: where it takes NHWC, so was it recorded.
func Replay(s engine.Session, ends Ends, r *Recorded, t Tolerance) ([]Result, error) {
	inputs, err := r.InputsFor(ends)
	if err != nil {
		return nil, err
	}
	expected, err := r.ExpectedFor(ends)
	if err != nil {
		return nil, err
	}
	got, err := s.Run(inputs)
	if err != nil {
		return nil, fmt.Errorf("the model fails on %s: %w", r.Source, err)
	}
	var results []Result
	for _, name := range ends.Outputs {
		if got[name] == nil {
			return nil, fmt.Errorf("the model gave no output %q", name)
		}
		res, err := Tensors(name, got[name], expected[name], t)
		if err != nil {
			return nil, fmt.Errorf("%s: output %w", r.Source, err)
		}
		results = append(results, res)
	}
	return results, nil
}

// pick finds the tensors of the names; one without a name is that of the only one.
func pick(m map[string]*nn.Tensor, kind string, names []string) (map[string]*nn.Tensor, error) {
	picked := map[string]*nn.Tensor{}
	for _, name := range names {
		t := m[name]
		if t == nil && len(names) == 1 && len(m) == 1 {
			t = m[""]
		}
		if t == nil {
			keys := slices.Sorted(maps.Keys(m))
			if len(keys) == 1 && keys[0] == "" {
				return nil, fmt.Errorf("the model has %d %ss, %s, the recorded data one without a name: give an .npz with these names", len(names), kind, strings.Join(names, ", "))
			}
			mend := "rename it"
			if len(names) == 1 && len(keys) == 1 {
				mend += ", or give the array alone as .npy, without a name"
			}
			return nil, fmt.Errorf("the model's %s is called %q, the recorded data has %s; %s", kind, name, strings.Join(keys, ", "), mend)
		}
		picked[name] = t
	}
	return picked, nil
}

// RecordLayers enters the outputs of all layers of a network for the recorded input of its
// file, to hold another model against them.
func (r *Recorded) RecordLayers(im *onnxio.Imported) error {
	x, err := r.inputOf(im)
	if err != nil {
		return err
	}
	r.Layers, r.LayerOrder, err = (&alongside{net: im.Network, input: x}).all()
	return err
}
