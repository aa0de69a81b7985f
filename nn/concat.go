package nn

import "fmt"

// Concat puts its inputs one behind the other along the channels, (C₁, H, W), (C₂, H, W), …
// to (C₁ + C₂ + …, H, W), or vectors (N₁), (N₂), … to (N₁ + N₂ + …). Each input's gradient
// is its part of dy.
//
// ONNX: Concat at axis 1, as PyTorch's torch.cat(…, dim=1). Keras's Concatenate, at its
// last axis, is the same.
type Concat struct{}

func (Concat) Kind() string { return "Concat" }
func (Concat) Stem() string { return "concat" }

func (Concat) Bind(in []Shape) (Op, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("got no inputs, need at least 1")
	}
	sum := append(Shape(nil), in[0]...)
	for _, s := range in[1:] {
		if len(s) != len(sum) || !s[1:].Equal(sum[1:]) {
			return nil, fmt.Errorf("got inputs %v and %v, which differ in more than their first axis", in[0], s)
		}
		sum[0] += s[0]
	}
	return concatOp{sum}, nil
}

type concatOp struct{ shape Shape }

func (o concatOp) Shape() Shape        { return o.shape }
func (o concatOp) Params() []ParamSpec { return nil }
func (o concatOp) MACs() int           { return 0 }

func (o concatOp) Forward(_ Weights, x []Block, y Block) {
	to := y.Data
	for _, in := range x {
		to = to[copy(to, in.Data):]
	}
}

func (o concatOp) Backward(_, _ Weights, x []Block, _, dy Block, dx []Block) {
	at := 0
	for i, d := range dx {
		n := len(x[i].Data)
		copy(d.Data, dy.Data[at:at+n])
		at += n
	}
}
