package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

const (
	controlFlow = "control flow: export the branch or the unrolled loop that the network takes"
	quantised   = "the model is quantised: export the one in floating point that it was made from"
	random      = "its result is random: export the model for inference"
)

// noLayers are operators that no network of layers has, and what can be done.
var noLayers = map[string]string{
	"Constant": "it holds no numbers",
	"If":       controlFlow, "Loop": controlFlow, "Scan": controlFlow,
	"QuantizeLinear": quantised, "DequantizeLinear": quantised, "DynamicQuantizeLinear": quantised,
	"QLinearConv": quantised, "QLinearMatMul": quantised, "ConvInteger": quantised, "MatMulInteger": quantised,
	"RandomNormal": random, "RandomNormalLike": random, "RandomUniform": random, "RandomUniformLike": random,
	"Bernoulli": random, "Multinomial": random,
}

// whyNoLayer tells why a node that is no layer's and in no activation cannot be
// taken. Where its operator is an activation by itself, the reason is in the node.
func (im *importer) whyNoLayer(n *graph.Node) error {
	if why := noLayers[n.OpType]; why != "" && n.Standard() {
		return errors.New(why)
	}
	if read := betweens[n.OpType]; read != nil && n.Standard() {
		if _, err := read(im.affine, n); err != nil {
			return err
		}
	}
	for _, row := range allSpellings() {
		for _, s := range row.spellings {
			if len(s.nodes) != 1 || s.nodes[0].op != operatorOf(n) {
				continue
			}
			if err := im.compare(n, s, row.fn.Arg == activation.Learned); err != nil {
				return err
			}
		}
	}
	return errNoLayer
}

// compare holds a node against the one statement of a spelling.
func (im *importer) compare(n *graph.Node, s *spelling, learned bool) error {
	want := &s.nodes[0]
	var known []string
	for _, a := range want.attrs {
		known = append(known, a.name)
	}
	if err := im.readerOf(n).Check(len(want.in), len(want.in), known...); err != nil {
		return err
	}
	for _, a := range want.attrs {
		literal := a.literal()
		if literal == nil {
			v, err := n.Float(a.name, 0)
			if err == nil {
				err = finiteNumber("its "+a.name, v)
			}
			if err != nil {
				return err
			}
		} else if v := attrOf(n, a.name); v != literal {
			return fmt.Errorf("its %s is %v; need %s", a.name, v, a.value)
		}
	}
	for k, operand := range want.in {
		if err := im.compareInput(n.Inputs[k], operand, s.param, learned); err != nil {
			return err
		}
	}
	return nil
}

// compareInput holds an input of a node that is no layer against its operand.
func (im *importer) compareInput(value, operand, param string, learned bool) error {
	v, isNumber := number(operand)
	got, constant := im.scalar(value)
	switch {
	case operand == param && learned && !im.trainable(value):
		return fmt.Errorf("its %s %q is not an initializer of type FLOAT", param, value)
	case operand == param && !learned && !constant:
		return fmt.Errorf("its %s %q is not a constant of one FLOAT", param, value)
	case isNumber && !(constant && got == v):
		return fmt.Errorf("its input %q is not the constant %s", value, operand)
	}
	return nil
}
