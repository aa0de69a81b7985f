package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Bind rejects shapes that no layer can take, or takes them; it does not panic.
func TestBindOfOddShapes(t *testing.T) {
	kernel := [2]int{1, 1}
	for _, l := range []op.Layer{
		layer.Add{}, layer.AveragePool{Kernel: kernel}, layer.BatchNorm{}, layer.Concat{}, layer.Conv{Out: 1, Kernel: kernel},
		layer.ConvTranspose{Out: 1, Kernel: kernel}, layer.Dense{Out: 1}, layer.Dropout{}, layer.Flatten{}, layer.GlobalAveragePool{},
		layer.GlobalMaxPool{}, layer.LogSoftmax{}, layer.MaxPool{Kernel: kernel}, layer.Mul{}, layer.Pad{}, layer.Rescaling{},
		layer.Reshape{Shape: [3]int{1, 1, 0}}, layer.Softmax{},
	} {
		for _, shape := range []op.Shape{{}, {2, 3}, {2, 3, 4, 5}} {
			for _, in := range [][]op.Shape{{shape}, {shape, shape}, {shape, {4}}, {{4}, shape}} {
				func() {
					defer func() {
						if r := recover(); r != nil {
							t.Errorf("%s on %v: panic: %v", l.Kind(), in, r)
						}
					}()
					if o, err := l.Bind(in); (o == nil) == (err == nil) {
						t.Errorf("%s on %v: %v, %v", l.Kind(), in, o, err)
					}
				}()
			}
		}
	}
}
