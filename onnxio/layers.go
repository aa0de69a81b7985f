package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layerIO is how one kind of layer goes out to ONNX and comes back.
type layerIO struct {
	layer  nn.Layer // any of its kind
	ops    []string // the operators that recover may be given
	export func(e *exporter, n *nn.Node) error
	// recover makes the layer of a node, or tells why it cannot.
	recover func(im *importer, n *graph.Node) (*recovered, error)
}

// layers is the table of layers that have ONNX forms. Activations have a table of
// their own.
var layers = []*layerIO{
	&convIO,
	&convTransposeIO,
	&denseIO,
	&batchNormIO,
	&rescalingIO,
	&dropoutIO,
	&flattenIO,
	&reshapeIO,
	&softmaxIO,
	&logSoftmaxIO,
	&maxPoolIO,
	&averagePoolIO,
	&globalMaxPoolIO,
	&globalAveragePoolIO,
	&padIO,
	&addIO,
	&mulIO,
	&concatIO,
}

// recovered is a layer found in a file.
type recovered struct {
	layer  nn.Layer
	stem   string            // of its name, "" for that of its kind
	inputs []string          // the values it reads
	params map[string]values // of its parameters, by their name in the layer
	// then, if not nil, is a layer that follows, where one node does the work of two.
	then nn.Layer
}

// values write a parameter's values into the network's memory when that is there, so that a
// model's weights are not in memory a third time.
type values func(dst []float32) error

// then are the values with a change, which is made in place.
func (v values) then(change func([]float32)) values {
	return func(dst []float32) error {
		err := v(dst)
		if err == nil {
			change(dst)
		}
		return err
	}
}

// unusableError tells why values that could be read are none for a network.
type unusableError struct{ error }

// checked are the values, held against what the layer needs.
func (v values) checked(check func([]float32) error) values {
	return func(dst []float32) error {
		err := v(dst)
		if err == nil {
			if err = check(dst); err != nil {
				err = unusableError{err}
			}
		}
		return err
	}
}

// given are values that are known.
func given(known []float32) values {
	return func(dst []float32) error {
		if len(dst) != len(known) {
			return fmt.Errorf("%d values are given for %d", len(known), len(dst))
		}
		copy(dst, known)
		return nil
	}
}

func layerByKind(kind string) *layerIO {
	for _, l := range layers {
		if l.layer.Kind() == kind {
			return l
		}
	}
	return nil
}

func layerByOp(op string) *layerIO {
	for _, l := range layers {
		for _, o := range l.ops {
			if o == op {
				return l
			}
		}
	}
	return nil
}

// ints converts for attributes.
func ints(v ...int) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}
