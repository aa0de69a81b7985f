package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// maxPoolFormat: layer.MaxPool is MaxPool on 2-D maps without the result Indices.
var maxPoolFormat = LayerFormat{
	Layer:     layer.MaxPool{},
	Operators: []string{"MaxPool"},

	Write: func(w *LayerWriter) error {
		m, err := rounded(w.e.net, w.n, w.Layer().(layer.MaxPool).Normal())
		if err != nil {
			return err
		}
		w.Result("MaxPool", w.Operands(),
			boolAttr("ceil_mode", m.Ceil),
			graph.IntsAttr("dilations", ints(m.Dilation[:]...)...),
			graph.IntsAttr("kernel_shape", ints(m.Kernel[:]...)...),
			graph.IntsAttr("pads", ints(m.Pads[:]...)...),
			graph.IntsAttr("strides", ints(m.Stride[:]...)...),
		)
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		// storage_order concerns Indices alone.
		w, err := window(n, "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides")
		if err != nil {
			return nil, err
		}
		return &FoundLayer{Layer: w, Inputs: []string{n.Input(0)}}, nil
	},
}

// averagePoolFormat: layer.AveragePool is AveragePool on 2-D maps.
var averagePoolFormat = LayerFormat{
	Layer:     layer.AveragePool{},
	Operators: []string{"AveragePool"},

	Write: func(w *LayerWriter) error {
		a := w.Layer().(layer.AveragePool).Normal()
		v, err := rounded(w.e.net, w.n, windowOf(a))
		if err != nil {
			return err
		}
		w.Result("AveragePool", w.Operands(),
			boolAttr("ceil_mode", v.Ceil),
			boolAttr("count_include_pad", a.CountPads),
			graph.IntsAttr("kernel_shape", ints(v.Kernel[:]...)...),
			graph.IntsAttr("pads", ints(v.Pads[:]...)...),
			graph.IntsAttr("strides", ints(v.Stride[:]...)...),
		)
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		w, err := window(n, "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides")
		if err != nil {
			return nil, err
		}
		if w.Dilation != [2]int{1, 1} {
			return nil, fmt.Errorf("attribute dilations is %v; an AveragePool layer has none", w.Dilation)
		}
		count, err := boolOf(n, "count_include_pad")
		if err != nil {
			return nil, err
		}
		a := layer.AveragePool{Kernel: w.Kernel, Stride: w.Stride, Pads: w.Pads, Ceil: w.Ceil, CountPads: count}
		return &FoundLayer{Layer: a, Inputs: []string{n.Input(0)}}, nil
	},
}

// windowOf is the window of an average.
func windowOf(a layer.AveragePool) layer.MaxPool {
	return layer.MaxPool{Kernel: a.Kernel, Stride: a.Stride, Dilation: [2]int{1, 1}, Pads: a.Pads, Ceil: a.Ceil}
}

// rounded spells a window of Ceil such that all tools find the same size. That a last
// position which would start in the padding does not count is in ONNX's text from opset 22
// on, and in ONNX Runtime, but onnx.checker counts it in earlier opsets. Without the rest of
// the padding, which no other position reaches, there is nothing to round.
func rounded(net *nn.Network, n *nn.Node, w layer.MaxPool) (layer.MaxPool, error) {
	x := net.InputShape()
	if from := net.Node(n.Inputs[0]); from != nil {
		x = from.Shape
	}
	var rest [2]int // of the axes on which Ceil adds nothing
	added := false
	for i := range 2 {
		room := x[1+i] + w.Pads[i] + w.Pads[2+i] - w.Dilation[i]*(w.Kernel[i]-1) - 1
		if n.Shape[1+i] > (room+w.Stride[i])/w.Stride[i] { // not less than 0: there is a position
			added = true
		} else {
			rest[i] = room % w.Stride[i]
		}
	}
	if !w.Ceil || rest == [2]int{} {
		return w, nil
	}
	if !added {
		w.Ceil = false
		return w, nil
	}
	short := false
	for i := range 2 {
		short = short || w.Pads[2+i] < rest[i]
	}
	if !short {
		for i := range 2 {
			w.Pads[2+i] -= rest[i]
		}
		return w, nil
	}
	if a, ok := n.Layer.(layer.AveragePool); ok && a.CountPads {
		return w, errors.New("Ceil adds a position on one axis but leaves one out on the other, which ONNX cannot express with CountPads")
	}
	// What the last positions reach over the end is less than a window, and does not count.
	for i := range 2 {
		room := x[1+i] + w.Pads[i] + w.Pads[2+i] - w.Dilation[i]*(w.Kernel[i]-1) - 1
		w.Pads[2+i] += max(0, (n.Shape[1+i]-1)*w.Stride[i]-room)
	}
	w.Ceil = false
	return w, nil
}

// window reads the geometry of a pool. Its stride is 1 where the file says nothing.
func window(n *LayerReader, attrs ...string) (w layer.MaxPool, err error) {
	if err := n.Check(1, 1, attrs...); err != nil {
		return w, err
	}
	if n.node.Attr("kernel_shape") == nil {
		return w, errors.New("attribute kernel_shape is missing")
	}
	kernel, err1 := attrInts(n, "kernel_shape", []int{1, 1})
	strides, err2 := attrInts(n, "strides", []int{1, 1})
	dilations, err3 := attrInts(n, "dilations", []int{1, 1})
	pads, err4 := attrInts(n, "pads", []int{0, 0, 0, 0})
	autoPad, err5 := n.String("auto_pad", "NOTSET")
	ceil, err6 := boolOf(n, "ceil_mode")
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return w, err
	}
	w = layer.MaxPool{Kernel: [2]int(kernel), Stride: [2]int(strides), Dilation: [2]int(dilations), Pads: [4]int(pads), Ceil: ceil}
	if min(strides[0], strides[1], dilations[0], dilations[1]) < 1 {
		return w, fmt.Errorf("attributes strides %v and dilations %v must be at least 1", strides, dilations)
	}
	x := n.Shape(n.Input(0))
	if len(x) != 3 {
		return w, fmt.Errorf("its input has shape %s, need (N, C, H, W)", x.Batched())
	}
	if autoPad != "NOTSET" && autoPad != "" && w.Pads != [4]int{} {
		return w, fmt.Errorf("attributes auto_pad %q and pads %v are both there; ONNX allows one of them", autoPad, pads)
	}
	return w, autoPads(&w.Pads, autoPad, x, w.Kernel, w.Stride, w.Dilation)
}

// boolOf reads an attribute that is 0 or 1.
func boolOf(n *LayerReader, name string) (bool, error) {
	v, err := n.Int(name, 0)
	if err == nil && v != 0 && v != 1 {
		err = fmt.Errorf("attribute %s is %d, need 0 or 1", name, v)
	}
	return v == 1, err
}

func boolAttr(name string, v bool) *graph.Attr {
	if v {
		return graph.IntAttr(name, 1)
	}
	return graph.IntAttr(name, 0)
}
