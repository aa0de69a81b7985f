//go:build ort && (darwin || freebsd || linux || netbsd || windows)

package ort

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"unsafe"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Open loads the library and gives it the model's bytes. Inputs and outputs are of FLOAT.
func (e Engine) Open(m *graph.Model) (engine.Session, error) {
	a, err := load(e.Library)
	if err != nil {
		return nil, err
	}
	s := &session{api: a, feeds: m.Graph.Feeds()}
	for _, v := range m.Graph.Outputs {
		s.outputs = append(s.outputs, v.Name)
	}
	if err := s.open(m.Bytes()); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

type session struct {
	*api
	feeds   []*graph.Value
	outputs []string
	// Objects of ONNX Runtime.
	env, memory, session object
}

func (s *session) open(model []byte) error {
	if err := s.check(s.createEnv(logFatal, "gonn", &s.env)); err != nil {
		return err
	}
	if err := s.check(s.createCPUMemoryInfo(arenaAllocator, defaultMemory, &s.memory)); err != nil {
		return err
	}
	var options object
	if err := s.check(s.createSessionOptions(&options)); err != nil {
		return err
	}
	defer s.releaseSessionOptions(options)
	return s.check(s.createSession(s.env, &model[0], uintptr(len(model)), options, &s.session))
}

// Close releases the objects, also those of a session that did not open.
func (s *session) Close() error {
	for _, o := range []struct {
		object  *object
		release func(object)
	}{{&s.session, s.releaseSession}, {&s.memory, s.releaseMemoryInfo}, {&s.env, s.releaseEnv}} {
		if *o.object != 0 {
			o.release(*o.object)
			*o.object = 0
		}
	}
	return nil
}

func (s *session) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	if s.session == 0 {
		return nil, fmt.Errorf("the session is closed")
	}
	for _, v := range s.feeds {
		if inputs[v.Name] == nil {
			return nil, fmt.Errorf("input %q is missing", v.Name)
		}
	}
	names := slices.Sorted(maps.Keys(inputs))
	in, out := make([]object, len(names)), make([]object, len(s.outputs))
	defer func() {
		for _, v := range slices.Concat(in, out) {
			if v != 0 {
				s.releaseValue(v)
			}
		}
	}()
	// ONNX Runtime looks at the samples themselves, from here to the end of the run.
	var pins runtime.Pinner
	defer pins.Unpin()
	for i, name := range names {
		var err error
		if in[i], err = s.value(inputs[name], &pins); err != nil {
			return nil, fmt.Errorf("input %q: %w", name, err)
		}
	}
	err := s.check(s.run(s.session, 0,
		unsafe.SliceData(cStrings(names)), unsafe.SliceData(in), uintptr(len(in)),
		unsafe.SliceData(cStrings(s.outputs)), uintptr(len(out)), unsafe.SliceData(out)))
	if err != nil {
		return nil, err
	}
	results := map[string]*nn.Tensor{}
	for i, name := range s.outputs {
		if results[name], err = s.tensor(out[i]); err != nil {
			return nil, fmt.Errorf("output %q: %w", name, err)
		}
	}
	return results, nil
}

// value makes a value of ONNX Runtime that looks at a tensor's own memory.
func (s *session) value(x *nn.Tensor, pins *runtime.Pinner) (v object, err error) {
	if n := nn.Shape(x.Shape).Size(); n != len(x.Data) || n == 0 {
		return 0, fmt.Errorf("a tensor of shape %v with %d values", nn.Shape(x.Shape), len(x.Data))
	}
	dims := make([]int64, len(x.Shape))
	for i, d := range x.Shape {
		dims[i] = int64(d)
	}
	pins.Pin(&x.Data[0])
	err = s.check(s.createTensor(s.memory, &x.Data[0], uintptr(4*len(x.Data)),
		unsafe.SliceData(dims), uintptr(len(dims)), elementFloat, &v))
	return v, err
}

// tensor copies a value of ONNX Runtime.
func (s *session) tensor(v object) (*nn.Tensor, error) {
	var info object
	if err := s.check(s.getTensorTypeAndShape(v, &info)); err != nil {
		return nil, err
	}
	defer s.releaseTypeAndShape(info)
	var element int32
	var rank uintptr
	if err := s.check(s.getTensorElementType(info, &element)); err != nil {
		return nil, err
	}
	if element != elementFloat {
		return nil, fmt.Errorf("element type %v, need FLOAT", graph.DataType(element))
	}
	if err := s.check(s.getDimensionsCount(info, &rank)); err != nil {
		return nil, err
	}
	dims := make([]int64, rank)
	if err := s.check(s.getDimensions(info, unsafe.SliceData(dims), rank)); err != nil {
		return nil, err
	}
	y := &nn.Tensor{Shape: make([]int, rank)}
	for i, d := range dims {
		y.Shape[i] = int(d)
	}
	var data *float32
	if err := s.check(s.getTensorData(v, &data)); err != nil {
		return nil, err
	}
	y.Data = slices.Clone(unsafe.Slice(data, nn.Shape(y.Shape).Size()))
	return y, nil
}

// cStrings gives strings as C has them, each with a zero at its end.
func cStrings(names []string) []*byte {
	var all []*byte
	for _, name := range names {
		all = append(all, unsafe.StringData(name+"\x00"))
	}
	return all
}
