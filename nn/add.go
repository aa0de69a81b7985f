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
	return addOp{shape, share{0, 1}}, nil
}

type addOp struct {
	shape Shape
	share // of the channels
}

func (o addOp) Shape() Shape        { return o.shape }
func (o addOp) Params() []ParamSpec { return nil }
func (o addOp) MACs() int           { return 0 }
func (o addOp) Part(i, n int) Op    { return addOp{o.shape, share{i, n}} }

func (o addOp) Forward(_ Weights, x []Block, y Block) {
	sum := o.cut(y.Data, o.shape[0])
	if len(x[0].Data) == len(y.Data) {
		copy(sum, o.cut(x[0].Data, o.shape[0]))
		x = x[1:]
	} else {
		clear(sum)
	}
	for _, in := range x {
		kernel.AddMaps(sum, sum, o.cut(in.Data, o.shape[0]), len(y.Data)/len(in.Data))
	}
}

func (o addOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	g := o.cut(dy.Data, o.shape[0])
	for _, d := range dx {
		switch {
		case d.Data == nil:
		case len(d.Data) == len(dy.Data):
			copy(o.cut(d.Data, o.shape[0]), g)
		default:
			kernel.SumMaps(o.cut(d.Data, o.shape[0]), g, len(dy.Data)/len(d.Data))
		}
	}
}
