package gorgonia

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// conv takes a convolution without groups, of which onnx-go takes no notice.
func conv(s *site) error {
	group, err := s.node.Int("group", 1)
	if err != nil {
		return err
	}
	if group != 1 {
		return fmt.Errorf("it has %d groups, of which onnx-go takes no notice", group)
	}
	if err := evenPads(s.node); err != nil {
		return err
	}
	in := []string{s.x(0)}
	for k := range s.node.Inputs[1:] {
		t := s.constants[s.x(k+1)]
		in = append(in, s.keep(t, t.Dims))
	}
	s.result("Conv", in, pick(s.node, "kernel_shape", "pads", "strides", "dilations")...)
	return nil
}

// evenPads refuses pads that are not the same on all sides, which onnx-go takes for
// others.
func evenPads(n *graph.Node) error {
	pads, err := n.Ints("pads", nil)
	if err != nil {
		return err
	}
	for _, p := range pads {
		if p != pads[0] {
			return fmt.Errorf("its pads are %v, and onnx-go takes one side for another", pads)
		}
	}
	return nil
}

// pick gives those of the named attributes that a node has.
func pick(n *graph.Node, names ...string) (attrs []*graph.Attr) {
	for _, name := range names {
		if a := n.Attr(name); a != nil {
			attrs = append(attrs, a)
		}
	}
	return attrs
}

// dense is x·Wᵀ + b as MatMul and Add: onnx-go's Gemm may write into its bias, and cannot
// be differentiated.
func dense(s *site) error {
	w := s.constants[s.x(1)]
	v, err := w.Float32s()
	if err != nil {
		return err
	}
	out, in := w.Dims[0], w.Dims[1]
	name := s.keep(graph.Float32Tensor(w.Name, nil, transpose(v, int(out), int(in))), []int64{in, out})
	s.transposed[name] = true
	if len(s.node.Inputs) < 3 {
		s.result("MatMul", []string{s.x(0), name})
		return nil
	}
	bias := s.keep(s.constants[s.x(2)], []int64{1, out})
	s.result("Add", []string{s.op("MatMul", s.x(0), name), bias})
	return nil
}

// transpose turns a row-major (rows, cols) matrix around.
func transpose(v []float32, rows, cols int) []float32 {
	t := make([]float32, len(v))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = v[i*cols+j]
		}
	}
	return t
}

// batchNorm is (x − mean) · 1/√(variance + ε) · γ + β: onnx-go's own may write into its
// input, and does not take vectors.
func batchNorm(s *site) error {
	eps, err := s.node.Float("epsilon", 1e-5)
	if err != nil {
		return err
	}
	dims := []int64{s.shape(0)[1]}
	for len(dims) < len(s.shape(0))-1 {
		dims = append(dims, 1)
	}
	dims = beside(dims, s.shape(0))
	var p []string // γ, β, mean, 1/√(variance + ε)
	for k := range s.node.Inputs[1:] {
		t := s.constants[s.x(k+1)]
		if k == 3 {
			v, err := t.Float32s()
			if err != nil {
				return err
			}
			for i := range v {
				v[i] = float32(1 / math.Sqrt(float64(v[i])+float64(eps)))
			}
			t = graph.Float32Tensor(t.Name+".inverse", nil, v)
		}
		p = append(p, s.keep(t, dims))
	}
	z := s.op("Mul", s.op("Sub", s.x(0), p[2]), p[3])
	s.result("Add", []string{s.op("Mul", z, p[0]), p[1]})
	return nil
}

func dropout(s *site) error {
	s.result("Identity", []string{s.x(0)})
	return nil
}

func maxPool(s *site) error {
	dilations, err1 := s.node.Ints("dilations", []int64{1, 1})
	ceil, err2 := s.node.Int("ceil_mode", 0)
	if err := errors.Join(err1, err2, evenPads(s.node)); err != nil {
		return err
	}
	if ceil != 0 || slices.Max(dilations) != 1 {
		return fmt.Errorf("it has dilations %v and ceil_mode %d, and onnx-go neither", dilations, ceil)
	}
	s.result("MaxPool", []string{s.x(0)}, pick(s.node, "kernel_shape", "pads", "strides")...)
	return nil
}

// globalMaxPool is a pool over the whole map.
func globalMaxPool(s *site) error {
	x := s.shape(0)
	s.result("MaxPool", []string{s.x(0)}, graph.IntsAttr("kernel_shape", x[2], x[3]))
	return nil
}

// globalAverage is the product of the map, as one row a channel, with 1/(H·W): the
// gradient of Gorgonia's own panics.
func globalAverage(s *site) error {
	x := s.shape(0)
	out := s.node.Outputs[0]
	pixels := x[2] * x[3]
	weights := slices.Repeat([]float32{1 / float32(pixels)}, int(pixels))
	mean := s.keep(graph.Float32Tensor(out+".mean", nil, weights), []int64{pixels, 1})
	rows := s.keep(graph.Int64Tensor(out+".rows", nil, []int64{x[0] * x[1], pixels}), []int64{2})
	back := s.keep(graph.Int64Tensor(out+".shape", nil, []int64{x[0], x[1], 1, 1}), []int64{4})
	s.result("Reshape", []string{s.op("MatMul", s.op("Reshape", s.x(0), rows), mean), back})
	return nil
}

// reshape is Reshape with the batch as a number, which onnx-go does not read from a 0.
func reshape(s *site) error {
	to := s.shapes[s.node.Outputs[0]]
	shape := s.keep(graph.Int64Tensor(s.node.Outputs[0]+".shape", nil, to), []int64{int64(len(to))})
	s.result("Reshape", []string{s.x(0), shape})
	return nil
}

// softmax takes one over vectors.
func softmax(s *site) error {
	if err := overVectors(s); err != nil {
		return err
	}
	s.result("Softmax", []string{s.x(0)}, graph.IntAttr("axis", 1))
	return nil
}

func logSoftmax(s *site) error {
	if err := overVectors(s); err != nil {
		return err
	}
	y := s.unique(s.node.Outputs[0] + ".Softmax")
	s.write("Softmax", y, []string{s.x(0)}, []*graph.Attr{graph.IntAttr("axis", 1)})
	s.result("Log", []string{y})
	return nil
}

// overVectors refuses a softmax over the channels of a map, which onnx-go takes over
// everything.
func overVectors(s *site) error {
	if x := s.shape(0); len(x) != 2 {
		return fmt.Errorf("it is over the channels of %v, and onnx-go would take it over all but the batch", x)
	}
	return nil
}
