package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Add is the sum of two or more inputs, element by element, as at the end of a residual
// block. An input (C, 1, 1) counts for every pixel of its channel. The gradient of each
// input is dy; of a (C, 1, 1), its sum over the channel.
//
// ONNX: Add, or Sum of more than two.
type Add struct{}

func (Add) Kind() string { return "Add" }
func (Add) Stem() string { return "add" }

func (Add) Bind(in []Shape) (Op, error) {
	shape, err := joined(in)
	if err != nil {
		return nil, err
	}
	return addOp{shape}, nil
}

type addOp struct{ shape Shape }

func (o addOp) Shape() Shape        { return o.shape }
func (o addOp) Params() []ParamSpec { return nil }
func (o addOp) MACs() int           { return 0 }

func (o addOp) Forward(_ Weights, x []Block, y Block) {
	if len(x[0].Data) == len(y.Data) {
		copy(y.Data, x[0].Data)
		x = x[1:]
	} else {
		clear(y.Data)
	}
	for _, in := range x {
		if len(in.Data) == len(y.Data) {
			kernel.Add(y.Data, in.Data)
		} else {
			kernel.AddMaps(y.Data, y.Data, in.Data, len(y.Data)/len(in.Data))
		}
	}
}

func (o addOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	for _, d := range dx {
		switch {
		case d.Data == nil:
		case len(d.Data) == len(dy.Data):
			copy(d.Data, dy.Data)
		default:
			kernel.SumMaps(d.Data, dy.Data, len(dy.Data)/len(d.Data))
		}
	}
}
