package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// AveragePool is the mean over a sliding window of each channel:
//
//	y[c][oy][ox] = Σ x[c][oy·s+ky−pad][ox·s+kx−pad] / n
//
// n is the number of pixels of the window inside the map, or with CountPads inside the map and
// its Pads, which are zero. Pixels beyond the pads, with Ceil, are never counted.
//
// Shapes are those of MaxPool. Each window must contain a pixel of the map.
//
// Gradient: dx of a pixel is the sum of dy/n over its windows.
//
// ONNX: AveragePool. PyTorch sets CountPads by default; Keras never counts padding.
type AveragePool struct {
	Kernel    [2]int // height, width
	Stride    [2]int // 0 means as the kernel, PyTorch's and Keras's default; ONNX's is 1
	Pads      [4]int // top, left, bottom, right
	Ceil      bool
	CountPads bool
}

func (AveragePool) Kind() string { return "AveragePool" }
func (AveragePool) Stem() string { return "pool" }

// Normal returns the layer with defaults in place of zero values.
func (a AveragePool) Normal() AveragePool {
	a.Stride = a.window().normal().stride
	return a
}

func (a AveragePool) window() poolWindow {
	return poolWindow{kernel: a.Kernel, stride: a.Stride, pads: a.Pads, ceil: a.Ceil}
}

func (a AveragePool) Bind(in []op.Shape) (op.Op, error) {
	p, err := a.window().bind(in)
	if err != nil {
		return nil, err
	}
	o := averagePoolOp{p: p}
	if a.CountPads {
		o.pads = &kernel.Padding{Bottom: a.Pads[2], Right: a.Pads[3]}
	}
	return o, nil
}

// GlobalAveragePool is the mean of each channel.
//
// Shapes: (C, H, W) → (C, 1, 1).
//
// Gradient: dx = dy/(H·W) for each pixel.
//
// ONNX: GlobalAveragePool. ReduceMean over the last two axes is the same.
//
// PyTorch: AdaptiveAvgPool2d(1). Keras's GlobalAveragePooling2D has the output shape (C), which
// is this layer and a Flatten.
type GlobalAveragePool struct{}

func (GlobalAveragePool) Kind() string { return "GlobalAveragePool" }
func (GlobalAveragePool) Stem() string { return "pool" }

func (GlobalAveragePool) Bind(in []op.Shape) (op.Op, error) {
	if err := oneMap(in); err != nil {
		return nil, err
	}
	return AveragePool{Kernel: [2]int{in[0][1], in[0][2]}}.Bind(in)
}

type averagePoolOp struct {
	p    *kernel.Pool
	pads *kernel.Padding // nil if padding does not count
}

func (o averagePoolOp) Shape() op.Shape        { return op.Shape{o.p.C, o.p.OH, o.p.OW} }
func (o averagePoolOp) Params() []op.ParamSpec { return nil }
func (o averagePoolOp) MACs() int              { return 0 }
func (o averagePoolOp) Split(i, n int) op.Op   { return averagePoolOp{o.p.Part(i, n), o.pads} }

func (o averagePoolOp) Forward(c *op.Call) {
	kernel.AveragePoolForward(c.Y.Data, c.X[0].Data, o.p, o.pads)
}

func (o averagePoolOp) BackwardReads() (x, y bool) { return false, false }

func (o averagePoolOp) Backward(c *op.Call) {
	dy, dx := c.DY, c.DX
	if dx[0].Data != nil {
		kernel.AveragePoolBackward(dx[0].Data, dy.Data, o.p, o.pads)
	}
}
