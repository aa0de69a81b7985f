package onnxio

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/numericmatch"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Where the values of a spelling are held against those of its function, which computes in
// float32: up to farthestValue on both sides, as exponentials overflow further out.
const (
	farthestValue  = 20
	valueTolerance = 1e-4 // of the value, or of 1 if that is more
)

// computes is an error if a spelling gives other values than its function, with the first x for
// which it does. What operators of other domains compute is not known.
func (s *spelling) computes(f *activation.Func) error {
	for _, n := range s.nodes {
		if domain, _ := splitOperator(n.op); domain != "" {
			return nil
		}
	}
	var x []float64
	for _, v := range numericmatch.Points {
		if math.Abs(v) <= farthestValue {
			x = append(x, v)
		}
	}
	for _, param := range s.triedParams(f) {
		got, err := s.values(x, param)
		if err != nil {
			return err
		}
		want := make([]float32, len(x))
		for i, v := range x {
			want[i] = float32(v)
		}
		var a []float32
		if f.Arg != activation.NoArg {
			a = []float32{param}
		}
		f.Forward(want, want, a)
		for i, v := range x {
			w := float64(want[i])
			if w-w == 0 && !(math.Abs(got[i]-w) <= valueTolerance*max(1, math.Abs(w))) {
				with := ""
				if f.Arg != activation.NoArg {
					with = fmt.Sprintf(" and %s = %v", f.Param, param)
				}
				return fmt.Errorf("for x = %v%s it gives %.7g, the function %.7g", v, with, got[i], w)
			}
		}
	}
	return nil
}

// triedParams are values of the parameter that a spelling can express.
func (s *spelling) triedParams(f *activation.Func) (try []float32) {
	switch {
	case f.Arg == activation.NoArg:
		return []float32{0}
	case f.Default != nil:
		try = []float32{*f.Default}
	}
	if s.mentions() {
		if try = append(try, 0.5, 1.5); f.Arg == activation.Learned {
			try = append(try, -0.75)
		}
	}
	return try
}

// values evaluates a spelling in float64.
func (s *spelling) values(x []float64, param float32) ([]float64, error) {
	scalar := func(v float32) *reference.Tensor {
		return &reference.Tensor{Type: graph.Float, Floats: []float64{float64(v)}}
	}
	known := map[string]*reference.Tensor{"x": {Type: graph.Float, Shape: []int{len(x)}, Floats: x}}
	operand := func(in string) *reference.Tensor {
		v, isNumber := number(in)
		switch {
		case isNumber:
			return scalar(v)
		case s.param != "" && (in == s.param || strings.HasSuffix(in, "*"+s.param)):
			return scalar(timesOf(in) * param)
		}
		return known[in]
	}
	for _, sn := range s.nodes {
		n := &graph.Node{OpType: sn.op, Outputs: []string{sn.out}}
		for _, a := range sn.attrs {
			v := a.literal()
			if v == nil { // @alpha
				v = param
			}
			n.Attrs = append(n.Attrs, &graph.Attr{Name: a.name, Value: v})
		}
		var operands []*reference.Tensor
		for _, in := range sn.in {
			n.Inputs, operands = append(n.Inputs, in), append(operands, operand(in))
		}
		out, err := reference.EvalWithin(n, max(s.from, WriteOpsets[0]), operands, reference.DefaultLimits)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be computed: %w", sn.op, err)
		}
		known[sn.out] = out[0]
	}
	y := known["y"]
	if len(y.Floats) != len(x) {
		return nil, fmt.Errorf("it gives %d numbers for %d", len(y.Floats), len(x))
	}
	return y.Floats, nil
}
