package bench

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// actKernels are the activations whose loops are measured: all of the table.
func actKernels() (list []string) {
	special := map[string][]string{"leaky": {"leaky:-0.5"}, "prelu": {"prelu:channel", "prelu"}}
	for _, name := range activation.Names() {
		if spelled := special[name]; spelled != nil {
			list = append(list, spelled...)
		} else {
			list = append(list, name)
		}
	}
	return list
}

// activationCases are forward and backward of every activation, on the study's first
// feature map.
func activationCases() (cases []kernelCase, err error) {
	shape := nn.Shape{8, 22, 22}
	for _, spelled := range actKernels() {
		act, err := activation.Parse(spelled)
		if err != nil {
			return nil, err
		}
		act.Kink = nn.Keras // as gonn train does
		bound, err := act.Bind([]nn.Shape{shape})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", spelled, err)
		}
		k := kernelCase{shape: shape.String(), elements: shape.Size() * nn.Lanes}
		k.name, k.prepare = spelled+" forward", func() func() {
			w, x, y := weightsOf(bound, 0.3), blockOf(shape), nn.NewBlock(shape)
			in := []nn.Block{x}
			return func() { bound.Forward(&op.Call{W: w, X: in, Y: y}) }
		}
		cases = append(cases, k)
		k.name, k.prepare = spelled+" backward", func() func() {
			w, dw, x, y := weightsOf(bound, 0.3), weightsOf(bound, 0), blockOf(shape), nn.NewBlock(shape)
			in, dy, dx := []nn.Block{x}, blockOf(shape), []nn.Block{nn.NewBlock(shape)}
			bound.Forward(&op.Call{W: w, X: in, Y: y})
			return func() { bound.Backward(&op.Call{W: w, DW: dw, X: in, Y: y, DY: dy, DX: dx}) }
		}
		cases = append(cases, k)
	}
	return cases, nil
}

func blockOf(shape nn.Shape) nn.Block {
	b := nn.NewBlock(shape)
	copy(b.Data, numbers(len(b.Data)))
	return b
}

// weightsOf are parameters of one value.
func weightsOf(o op.Op, value float32) (w op.Weights) {
	for _, p := range o.Params() {
		v := make([]float32, p.Shape.Size())
		for i := range v {
			v[i] = value
		}
		w = append(w, v)
	}
	return w
}
