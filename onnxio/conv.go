package onnxio

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// convFormat: layer.Conv is the operator Conv on 2-D maps, with its weight and bias as
// constants.
var convFormat = LayerFormat{
	Layer:     layer.Conv{},
	Operators: []string{"Conv"},

	Write: func(w *LayerWriter) error {
		c := w.Layer().(layer.Conv).Normal()
		w.Result("Conv", w.Operands(),
			graph.IntsAttr("dilations", ints(c.Dilation[:]...)...),
			graph.IntAttr("group", int64(c.Groups)),
			graph.IntsAttr("kernel_shape", ints(c.Kernel[:]...)...),
			graph.IntsAttr("pads", ints(c.Pads[:]...)...),
			graph.IntsAttr("strides", ints(c.Stride[:]...)...),
		)
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(2, 3, "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"); err != nil {
			return nil, err
		}
		w, dims, err := n.Values(n.Input(1), "weight")
		if err != nil {
			return nil, err
		}
		if len(dims) != 4 {
			return nil, fmt.Errorf("its weight has shape %v; only 2-D convolutions are layers", dims)
		}
		c := layer.Conv{Out: dims[0], Kernel: [2]int{dims[2], dims[3]}}
		r := &FoundLayer{Inputs: []string{n.Input(0)}, Params: map[string]Values{"weight": w}}
		bias, err := convBias(n, c.Out, r)
		if err != nil {
			return nil, err
		}
		c.NoBias = !bias
		if err := convAttrs(n, &c, dims); err != nil {
			return nil, err
		}
		r.Layer = c
		return r, nil
	},
}

// convBias reads the bias of a convolution with so many output channels, and reports whether
// there is one.
func convBias(n *LayerReader, out int, r *FoundLayer) (bool, error) {
	if n.Input(2) == "" {
		return false, nil
	}
	b, dims, err := n.Values(n.Input(2), "bias")
	if err != nil {
		return false, err
	}
	if len(dims) != 1 || dims[0] != out {
		return false, fmt.Errorf("its bias has shape %v, the weight needs (%d)", dims, out)
	}
	r.Params["bias"] = b
	return true, nil
}

// convAttrs reads the geometry and holds it against the weight's shape.
func convAttrs(n *LayerReader, c *layer.Conv, weight nn.Shape) error {
	kernel, err1 := attrInts(n, "kernel_shape", c.Kernel[:])
	strides, err2 := attrInts(n, "strides", []int{1, 1})
	dilations, err3 := attrInts(n, "dilations", []int{1, 1})
	pads, err4 := attrInts(n, "pads", []int{0, 0, 0, 0})
	group, err5 := n.Int("group", 1)
	autoPad, err6 := n.String("auto_pad", "NOTSET")
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return err
	}
	if kernel[0] != c.Kernel[0] || kernel[1] != c.Kernel[1] {
		return fmt.Errorf("attribute kernel_shape is %v, but the weight has shape %v", kernel, weight)
	}
	c.Stride, c.Dilation, c.Pads = [2]int(strides), [2]int(dilations), [4]int(pads)
	if min(c.Stride[0], c.Stride[1], c.Dilation[0], c.Dilation[1]) < 1 {
		return fmt.Errorf("attributes strides %v and dilations %v must be at least 1", strides, dilations)
	}
	x := n.Shape(n.Input(0))
	if len(x) != 3 {
		return fmt.Errorf("its input has shape %s, need (N, C, H, W)", x.Batched())
	}
	if group < 1 || group > int64(x[0]) || x[0] != weight[1]*int(group) {
		return fmt.Errorf("weight %v with group %d does not fit an input of %d channels", weight, group, x[0])
	}
	c.Groups = int(group)
	if autoPad != "NOTSET" && autoPad != "" && c.Pads != [4]int{} {
		return fmt.Errorf("attributes auto_pad %q and pads %v are both there; ONNX allows one of them", autoPad, pads)
	}
	return autoPads(&c.Pads, autoPad, x, c.Kernel, c.Stride, c.Dilation)
}

// autoPads turns ONNX's auto_pad into pads for an input of shape x.
func autoPads(pads *[4]int, mode string, x nn.Shape, kernel, stride, dilation [2]int) error {
	switch mode {
	case "NOTSET", "":
		return nil
	case "VALID":
		*pads = [4]int{}
		return nil
	case "SAME_UPPER", "SAME_LOWER":
	default:
		return fmt.Errorf("attribute auto_pad is %q; ONNX knows NOTSET, VALID, SAME_UPPER and SAME_LOWER", mode)
	}
	for i := range 2 {
		outs := (x[1+i] + stride[i] - 1) / stride[i]
		total := max(0, (outs-1)*stride[i]+dilation[i]*(kernel[i]-1)+1-x[1+i])
		pads[i], pads[2+i] = total/2, total-total/2
		if mode == "SAME_LOWER" {
			pads[i], pads[2+i] = pads[2+i], pads[i]
		}
	}
	return nil
}

// attrInts reads a list attribute that must have as many entries as its default.
func attrInts(n *LayerReader, name string, def []int) ([]int, error) {
	v, err := n.Ints(name, ints(def...))
	if err != nil {
		return def, err
	}
	if len(v) != len(def) {
		return def, fmt.Errorf("attribute %s is %v, need %d entries", name, v, len(def))
	}
	out := make([]int, len(v))
	for i, x := range v {
		if x < 0 || x > math.MaxInt32 {
			return def, fmt.Errorf("attribute %s is %v; entries must be 0 or more and fit 32 bits", name, v)
		}
		out[i] = int(x)
	}
	return out, nil
}
