package onnxio

import "fmt"

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
