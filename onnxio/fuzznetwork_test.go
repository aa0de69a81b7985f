package onnxio

import (
	"fmt"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// randomNetwork is a small network of up to eight layers of any kind. Each layer reads the one
// before it, those that join also earlier ones.
func randomNetwork(r *rand.Rand) (*nn.Network, error) {
	shape := pick(r, nn.Shape{1, 4, 4}, nn.Shape{2, 3, 4}, nn.Shape{3, 5, 2}, nn.Shape{4, 1, 3}, nn.Shape{6}, nn.Shape{12}, nn.Shape{1, 1, 1})
	b := nn.NewBuilder(shape)
	names, shapes := []string{nn.InputName}, []nn.Shape{shape}
	for i := range 1 + r.IntN(8) {
		l := randomLayer(r, shapes[len(shapes)-1])
		at := []int{len(names) - 1}
		switch l.(type) {
		case layer.Add, layer.Mul, layer.Concat:
			for range 1 + r.IntN(2) {
				at = append(at, r.IntN(len(names)))
			}
			r.Shuffle(len(at), func(i, k int) { at[i], at[k] = at[k], at[i] })
		}
		var from []string
		var in []op.Shape
		for _, k := range at {
			from, in = append(from, names[k]), append(in, shapes[k])
		}
		bound, err := l.Bind(in)
		if err != nil || bound.Shape().Size() > 200 {
			continue
		}
		name := fmt.Sprintf("%s%d", l.Stem(), i)
		b.Add(name, l, from...)
		names, shapes = append(names, name), append(shapes, bound.Shape())
	}
	net, err := b.Build()
	if err != nil {
		return nil, err
	}
	return fillParams(net), nil
}

// randomLayer is a layer that perhaps takes samples of the shape.
func randomLayer(r *rand.Rand, in nn.Shape) nn.Layer {
	size := func() [2]int { return [2]int{1 + r.IntN(3), 1 + r.IntN(3)} }
	pads := func() (p [4]int) {
		for i := range p {
			p[i] = r.IntN(3) / 2
		}
		return p
	}
	yes := func() bool { return r.IntN(3) == 0 }
	sharing := func() activation.Sharing {
		return pick(r, activation.One, activation.PerChannel, activation.PerElement, activation.SharedAs(in[len(in)-1:]))
	}
	switch r.IntN(18) {
	case 0:
		return layer.Conv{Out: 1 + r.IntN(4), Kernel: size(), Stride: size(), Dilation: size(), Pads: pads(), NoBias: yes()}
	case 1:
		return layer.Conv{Out: 2 * in[0], Kernel: size(), Pads: pads(), Groups: in[0]}
	case 2:
		return layer.ConvTranspose{Out: 1 + r.IntN(3), Kernel: size(), Stride: size(), Pads: pads(), OutputPad: [2]int{r.IntN(2), r.IntN(2)}, NoBias: yes()}
	case 3:
		return layer.MaxPool{Kernel: size(), Stride: size(), Dilation: size(), Pads: pads(), Ceil: yes()}
	case 4:
		return layer.AveragePool{Kernel: size(), Stride: size(), Pads: pads(), Ceil: yes(), CountPads: yes()}
	case 5:
		return pick[nn.Layer](r, layer.GlobalAveragePool{}, layer.GlobalMaxPool{})
	case 6:
		return layer.BatchNorm{Eps: pick[float32](r, 1e-3, 1e-5), Momentum: 0.9}
	case 7:
		return layer.Rescaling{Scale: sharing(), Offset: sharing(), NoScale: yes(), NoOffset: yes()}
	case 8:
		return layer.Reshape{Shape: pick(r, [3]int{in.Size(), 1, 1}, [3]int{1, in.Size(), 1}, [3]int{2, in.Size() / 2, 1}, [3]int{2, in.Size() / 2})}
	case 9:
		return layer.Pad{Pads: pads(), Value: pick[float32](r, 0, 1, -0.5)}
	case 10:
		return pick[nn.Layer](r, layer.Softmax{}, layer.LogSoftmax{})
	case 11:
		return layer.Flatten{}
	case 12:
		return layer.Dense{Out: 1 + r.IntN(4), NoBias: yes()}
	case 13:
		return layer.Dropout{Rate: pick[float32](r, 0, 0.5)}
	case 14:
		return pick[nn.Layer](r, layer.Add{}, layer.Mul{}, layer.Concat{})
	}
	if all := everyActivation(); !yes() {
		return activation.Must(all[r.IntN(len(all))])
	}
	return activation.Layer{Func: activation.PReLU, Sharing: sharing()}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
