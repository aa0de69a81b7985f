package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// convTransposeFormat: layer.ConvTranspose is the operator of that name on 2-D maps, with its
// weight and bias as constants.
var convTransposeFormat = LayerFormat{
	Layer:     layer.ConvTranspose{},
	Operators: []string{"ConvTranspose"},

	Write: func(w *LayerWriter) error {
		c := w.Layer().(layer.ConvTranspose).Normal()
		w.Result("ConvTranspose", w.Operands(),
			graph.IntsAttr("dilations", ints(c.Dilation[:]...)...),
			graph.IntAttr("group", int64(c.Groups)),
			graph.IntsAttr("kernel_shape", ints(c.Kernel[:]...)...),
			graph.IntsAttr("output_padding", ints(c.OutputPad[:]...)...),
			graph.IntsAttr("pads", ints(c.Pads[:]...)...),
			graph.IntsAttr("strides", ints(c.Stride[:]...)...),
		)
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(2, 3, "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "pads", "strides"); err != nil {
			return nil, err
		}
		w, dims, err := n.Values(n.Input(1), "weight")
		if err != nil {
			return nil, err
		}
		if len(dims) != 4 {
			return nil, fmt.Errorf("its weight has shape %v; only 2-D convolutions are layers", dims)
		}
		c := layer.ConvTranspose{Kernel: [2]int{dims[2], dims[3]}}
		if err := convTransposeAttrs(n, &c, dims); err != nil {
			return nil, err
		}
		r := &FoundLayer{Inputs: []string{n.Input(0)}, Params: map[string]Values{"weight": w}}
		bias, err := convBias(n, c.Out, r)
		if err != nil {
			return nil, err
		}
		c.NoBias = !bias
		r.Layer = c
		return r, nil
	},
}

// convTransposeAttrs reads the geometry and holds it against the weight's shape.
func convTransposeAttrs(n *LayerReader, c *layer.ConvTranspose, weight nn.Shape) error {
	kernel, err1 := attrInts(n, "kernel_shape", c.Kernel[:])
	strides, err2 := attrInts(n, "strides", []int{1, 1})
	dilations, err3 := attrInts(n, "dilations", []int{1, 1})
	pads, err4 := attrInts(n, "pads", []int{0, 0, 0, 0})
	outputPad, err5 := attrInts(n, "output_padding", []int{0, 0})
	group, err6 := n.Int("group", 1)
	autoPad, err7 := n.String("auto_pad", "NOTSET")
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		return err
	}
	if kernel[0] != c.Kernel[0] || kernel[1] != c.Kernel[1] {
		return fmt.Errorf("attribute kernel_shape is %v, but the weight has shape %v", kernel, weight)
	}
	c.Stride, c.Dilation, c.Pads, c.OutputPad = [2]int(strides), [2]int(dilations), [4]int(pads), [2]int(outputPad)
	if min(c.Stride[0], c.Stride[1], c.Dilation[0], c.Dilation[1]) < 1 {
		return fmt.Errorf("attributes strides %v and dilations %v must be at least 1", strides, dilations)
	}
	x := n.Shape(n.Input(0))
	if len(x) != 3 {
		return fmt.Errorf("its input has shape %s, need (N, C, H, W)", x.Batched())
	}
	if group < 1 || group > int64(x[0]) || x[0] != weight[0] {
		return fmt.Errorf("weight %v with group %d does not fit an input of %d channels", weight, group, x[0])
	}
	c.Groups = int(group)
	c.Out = weight[1] * c.Groups
	if autoPad != "NOTSET" && autoPad != "" && autoPad != "VALID" {
		return fmt.Errorf("attribute auto_pad is %q; need NOTSET or VALID, and pads as numbers", autoPad)
	}
	if autoPad == "VALID" && c.Pads != [4]int{} {
		return fmt.Errorf("attributes auto_pad %q and pads %v are both there; ONNX allows one of them", autoPad, pads)
	}
	return nil
}
