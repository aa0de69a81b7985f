package gorgonia

import (
	"fmt"
	"slices"
)

// rules say how each operator that onnxio.Export writes is said in clean ones.
var rules = map[string]func(*site) error{
	"Relu":     same,
	"Sigmoid":  same,
	"Tanh":     same,
	"Softplus": same,
	"Neg":      same,
	"Identity": same,
	"Flatten":  same,
	"Concat":   same,
	"Reshape":  reshape,

	"Add": binary,
	"Mul": binary,
	"Div": binary,

	"Conv":               conv,
	"Gemm":               dense,
	"BatchNormalization": batchNorm,
	"Dropout":            dropout,
	"MaxPool":            maxPool,
	"GlobalMaxPool":      globalMaxPool,
	"GlobalAveragePool":  globalAverage,
	"Softmax":            softmax,
	"LogSoftmax":         logSoftmax,

	"LeakyRelu":   leaky,
	"PRelu":       prelu,
	"Elu":         elu,
	"Selu":        selu,
	"Celu":        celu,
	"HardSigmoid": hardSigmoid,
	"HardSwish":   hardSwish,
	"Clip":        clip,
	"Softsign":    softsign,
}

// same takes a node as it is.
func same(s *site) error {
	s.result(s.node.OpType, s.node.Inputs, s.node.Attrs...)
	return nil
}

// binary takes Add and the like of two values of one shape, or of a value and a constant.
func binary(s *site) error {
	in := slices.Clone(s.node.Inputs)
	for k := range in {
		if s.constants[in[k]] == nil {
			continue
		}
		var err error
		if in[k], err = s.constant(k, s.shape(1-k)); err != nil {
			return err
		}
		s.result(s.node.OpType, in)
		return nil
	}
	if !slices.Equal(s.shape(0), s.shape(1)) {
		return fmt.Errorf("its inputs have shapes %v and %v, which onnx-go does not broadcast", s.shape(0), s.shape(1))
	}
	return same(s)
}
