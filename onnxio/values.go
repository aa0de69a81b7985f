package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Values writes the values of a parameter to dst, in row-major order. It is called once the
// network has its memory, so that a model's weights are not in memory a third time. dst must
// have as many elements as there are values.
type Values func(dst []float32) error

// then are the values with a change, which is made in place.
func (v Values) then(change func([]float32)) Values {
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
func (v Values) checked(check func([]float32) error) Values {
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
func given(known []float32) Values {
	return func(dst []float32) error {
		if len(dst) != len(known) {
			return fmt.Errorf("%d values are given for %d", len(known), len(dst))
		}
		copy(dst, known)
		return nil
	}
}

// valuesOf are the values and the shape of a constant.
func (x *graphIndex) valuesOf(value, what string) (Values, nn.Shape, error) {
	t := x.consts[value]
	if t == nil {
		return nil, nil, fmt.Errorf("its %s %q is computed when the model runs, not a constant", what, value)
	}
	if t.Type != graph.Float {
		return nil, nil, fmt.Errorf("its %s %q has element type %v; need FLOAT", what, value, t.Type)
	}
	n, err := t.Len()
	if err == nil && n == 0 {
		err = fmt.Errorf("shape %v has no elements", dimsOf(t))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("its %s %q: %w", what, value, err)
	}
	return t.CopyFloat32s, dimsOf(t), nil
}

func dimsOf(t *graph.Tensor) nn.Shape {
	s := make(nn.Shape, len(t.Dims))
	for i, d := range t.Dims {
		s[i] = int(d)
	}
	return s
}
