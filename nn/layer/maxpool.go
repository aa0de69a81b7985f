package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// MaxPool is the maximum over a sliding window of each channel:
//
//	y[c][oy][ox] = max over ky, kx of x[c][oy·s+ky·d−pad][ox·s+kx·d−pad]
//
// Padding is never the maximum.
//
// Shapes: (C, H, W) → (C, H', W') with H' = (H + top + bottom − d·(kernel−1) − 1)/s + 1, rounded
// down. With Ceil it is rounded up, but no window starts in the padding at the end, as in
// PyTorch. Each window must contain a pixel of the map.
//
// Gradient: that of a window is added to the first of its largest pixels, in row-major order, as
// in PyTorch and Keras.
//
// ONNX: MaxPool. Keras's padding="same" is expressed by Pads, with the odd one at the end.
//
// NaN: a window with a NaN is NaN, as in PyTorch, and the last NaN gets the gradient; TensorFlow
// ignores NaN.
type MaxPool struct {
	Kernel   [2]int // height, width
	Stride   [2]int // 0 means as the kernel, PyTorch's and Keras's default; ONNX's is 1
	Dilation [2]int // 0 means 1
	Pads     [4]int // top, left, bottom, right
	Ceil     bool
}

func (MaxPool) Kind() string { return "MaxPool" }
func (MaxPool) Stem() string { return "pool" }

// Normal returns the layer with defaults in place of zero values.
func (m MaxPool) Normal() MaxPool {
	w := m.window().normal()
	m.Stride, m.Dilation = w.stride, w.dilation
	return m
}

func (m MaxPool) window() poolWindow {
	return poolWindow{m.Kernel, m.Stride, m.Dilation, m.Pads, m.Ceil}
}

func (m MaxPool) Bind(in []op.Shape) (op.Op, error) {
	p, err := m.window().bind(in)
	if err != nil {
		return nil, err
	}
	return maxPoolOp{p, op.PyTorch}, nil
}

// GlobalMaxPool is the maximum of each channel.
//
// Shapes: (C, H, W) → (C, 1, 1). A channel with a NaN is NaN.
//
// Gradient: dy is added to the first of the largest pixels with PyTorch's semantics, as in
// MaxPool, and divided among all of them with Keras's.
//
// ONNX: GlobalMaxPool. The file does not contain Ties.
//
// Keras's GlobalMaxPooling2D has the output shape (C), which is this layer and a Flatten.
type GlobalMaxPool struct {
	// Ties chooses the gradient if several pixels are the largest.
	Ties op.Semantics
}

func (GlobalMaxPool) Kind() string { return "GlobalMaxPool" }
func (GlobalMaxPool) Stem() string { return "pool" }

func (g GlobalMaxPool) WithSemantics(s op.Semantics) op.Layer {
	g.Ties = s
	return g
}

func (g GlobalMaxPool) TrainsAs() (op.Semantics, bool) { return g.Ties, true }

func (g GlobalMaxPool) Bind(in []op.Shape) (op.Op, error) {
	if err := oneMap(in); err != nil {
		return nil, err
	}
	p, err := poolWindow{kernel: [2]int{in[0][1], in[0][2]}}.bind(in)
	if err != nil {
		return nil, err
	}
	return maxPoolOp{p, g.Ties}, nil
}

type maxPoolOp struct {
	p    *kernel.Pool
	ties op.Semantics
}

func (o maxPoolOp) Shape() op.Shape        { return op.Shape{o.p.C, o.p.OH, o.p.OW} }
func (o maxPoolOp) Params() []op.ParamSpec { return nil }
func (o maxPoolOp) MACs() int              { return 0 }
func (o maxPoolOp) Split(i, n int) op.Op   { return maxPoolOp{o.p.Part(i, n), o.ties} }

func (o maxPoolOp) Forward(c *op.Call) {
	kernel.MaxPoolForward(c.Y.Data, c.X[0].Data, o.p)
}

func (o maxPoolOp) BackwardReads() (x, y bool) { return true, true }

func (o maxPoolOp) Backward(c *op.Call) {
	switch {
	case c.DX[0].Data == nil:
	case o.ties == op.Keras:
		kernel.MaxPoolBackwardShared(c.DX[0].Data, c.DY.Data, c.X[0].Data, c.Y.Data, o.p)
	default:
		kernel.MaxPoolBackward(c.DX[0].Data, c.DY.Data, c.X[0].Data, c.Y.Data, o.p)
	}
}
