package conformance

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Case is a folder root/suite/name that holds model.onnx and test_data_set_0.
type Case struct {
	Suite, Name string
	dir         string
}

// ID names the case in lists: suite/name.
func (c Case) ID() string { return c.Suite + "/" + c.Name }

// Find lists the cases of a folder, in the order of their names.
func Find(root string) ([]Case, error) {
	models, err := filepath.Glob(filepath.Join(root, "*", "*", "model.onnx"))
	if err == nil && len(models) == 0 {
		err = fmt.Errorf("%s holds no cases: testdata/ref/conformance_cases.py writes them", root)
	}
	var cases []Case
	for _, m := range models {
		dir := filepath.Dir(m)
		cases = append(cases, Case{filepath.Base(filepath.Dir(dir)), filepath.Base(dir), dir})
	}
	return cases, err
}

// Backend prepares a model to be run.
type Backend func(m *graph.Model) (Run, error)

// Run computes a model's outputs from its inputs, by their names.
type Run func(inputs map[string]*reference.Tensor) (map[string]*reference.Tensor, error)

// Check runs a case: nil if it passes.
func (c Case) Check(b Backend) error {
	m, err := graph.ReadFile(filepath.Join(c.dir, "model.onnx"))
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	run, err := b(m)
	if err != nil {
		return fmt.Errorf("preparing: %w", err)
	}
	sets, err := filepath.Glob(filepath.Join(c.dir, "test_data_set_*"))
	if err == nil && len(sets) == 0 {
		err = fmt.Errorf("%s holds no data", c.dir)
	}
	for _, set := range sets {
		if err == nil {
			err = checkSet(m, run, set)
		}
	}
	return err
}

func checkSet(m *graph.Model, run Run, dir string) error {
	inputs, err := values(filepath.Join(dir, "input_%d.pb"), m.Graph.Feeds())
	if err != nil {
		return fmt.Errorf("reading data: %w", err)
	}
	want, err := values(filepath.Join(dir, "output_%d.pb"), m.Graph.Outputs)
	if err != nil {
		return fmt.Errorf("reading data: %w", err)
	}
	got, err := run(inputs)
	if err != nil {
		return fmt.Errorf("running: %w", err)
	}
	for _, v := range m.Graph.Outputs {
		if want[v.Name] == nil {
			continue
		}
		if err := compare(got[v.Name], want[v.Name]); err != nil {
			return fmt.Errorf("output %q differs: %w", v.Name, err)
		}
	}
	return nil
}

// values reads numbered files, one for each place.
func values(pattern string, places []*graph.Value) (map[string]*reference.Tensor, error) {
	r := map[string]*reference.Tensor{}
	for i, v := range places {
		b, err := os.ReadFile(fmt.Sprintf(pattern, i))
		if err != nil {
			return nil, err
		}
		t, err := graph.ReadTensor(b)
		if err != nil {
			return nil, err
		}
		if r[v.Name], err = reference.FromGraph(t); err != nil {
			return nil, err
		}
	}
	return r, nil
}
