package onnxio

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// tanhGate is a layer from outside the module of two inputs, a·tanh(w·b + Shift), with w for
// each channel. In ONNX it is several nodes of ONNX's own operators.
type tanhGate struct {
	Shift float32
}

func (tanhGate) Kind() string { return "TanhGate" }
func (tanhGate) Stem() string { return "gate" }

func (l tanhGate) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) != 2 || len(in[0]) != 3 || !in[0].Equal(in[1]) {
		return nil, fmt.Errorf("got inputs %v, need two maps of one shape", in)
	}
	return tanhGateOp{l, in[0]}, nil
}

type tanhGateOp struct {
	tanhGate
	shape nn.Shape
}

func (o tanhGateOp) Shape() nn.Shape { return o.shape }
func (o tanhGateOp) MACs() int       { return 0 }

func (o tanhGateOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "weight", Shape: nn.Shape{o.shape[0], 1, 1}, Role: nn.Scale, FanIn: 1, FanOut: 1}}
}

func (o tanhGateOp) gate(c *op.Call, i int) (w, t float32) {
	w = c.W[0][i/(len(c.Y.Data)/o.shape[0])]
	return w, float32(math.Tanh(float64(w*c.X[1].Data[i] + o.Shift)))
}

func (o tanhGateOp) Forward(c *op.Call) {
	for i, a := range c.X[0].Data {
		_, t := o.gate(c, i)
		c.Y.Data[i] = a * t
	}
}

func (o tanhGateOp) Backward(c *op.Call) {
	for i, dy := range c.DY.Data {
		w, t := o.gate(c, i)
		inner := dy * c.X[0].Data[i] * (1 - t*t)
		if dw := c.DW[0]; dw != nil {
			dw[i/(len(c.Y.Data)/o.shape[0])] += inner * c.X[1].Data[i]
		}
		if dx := c.DX[0].Data; dx != nil {
			dx[i] = dy * t
		}
		if dx := c.DX[1].Data; dx != nil {
			dx[i] = inner * w
		}
	}
}

func init() {
	RegisterLayer(LayerFormat{Layer: tanhGate{}, Operators: []string{"Mul"}, Write: writeGate, Read: readGate})
}

func writeGate(w *LayerWriter) error {
	m := w.Inner("m", w.Shape(), "Mul", []string{w.Input(1), w.Param("weight")})
	s := w.Inner("s", w.Shape(), "Add", []string{m, w.Number("shift", w.Layer().(tanhGate).Shift)})
	t := w.Inner("t", w.Shape(), "Tanh", []string{s})
	w.Result("Mul", []string{w.Input(0), t})
	return nil
}

// readGate reads a·tanh(b·w + shift); the operands of sums and products may be the other way
// round.
func readGate(n *LayerReader) (*FoundLayer, error) {
	if n.NumInputs() != 2 {
		return nil, nil
	}
	for k := range 2 {
		t := innerOf(n, n.Input(k), "Tanh")
		if t == nil {
			continue
		}
		s := innerOf(t, t.Input(0), "Add")
		for j := range 2 {
			if s == nil || !n.Constant(s.Input(j)) {
				continue
			}
			shift, err := n.Float32s(s.Input(j), "shift")
			if err != nil || len(shift) != 1 {
				return nil, err
			}
			m := innerOf(s, s.Input(1-j), "Mul")
			for i := range 2 {
				if m == nil || !n.Trainable(m.Input(i)) {
					continue
				}
				w, shape, err := n.Values(m.Input(i), "weight")
				if err != nil {
					return nil, err
				}
				if len(shape) != 3 {
					return nil, fmt.Errorf("its weight has shape %v, need three axes", shape)
				}
				return &FoundLayer{Layer: tanhGate{shift[0]}, Inputs: []string{n.Input(1 - k), m.Input(1 - i)}, Params: map[string]Values{"weight": w}}, nil
			}
		}
	}
	return nil, nil
}

// innerOf is the node that gives a value, if it has the operator.
func innerOf(n *LayerReader, value, operator string) *LayerReader {
	if in := n.Inner(value); in != nil && in.Operator() == operator {
		return in
	}
	return nil
}
