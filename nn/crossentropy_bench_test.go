package nn_test

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// BenchmarkCrossEntropy measures a block of 16 samples, with and without gradients.
func BenchmarkCrossEntropy(b *testing.B) {
	for _, classes := range []int{10, 100, 1000} {
		out := nn.Block{Shape: nn.Shape{classes}, Data: randomTensor(1, classes, nn.Lanes).Data}
		dout := nn.NewBlock(out.Shape)
		labels := make([]int, nn.Lanes)
		for l := range labels {
			labels[l] = l * classes / nn.Lanes
		}
		b.Run(fmt.Sprintf("%d classes/value", classes), func(b *testing.B) {
			for b.Loop() {
				nn.CrossEntropy{}.Block(out, nn.ClassTargets(labels...), nn.Block{}, 0)
			}
		})
		b.Run(fmt.Sprintf("%d classes/gradient", classes), func(b *testing.B) {
			for b.Loop() {
				nn.CrossEntropy{}.Block(out, nn.ClassTargets(labels...), dout, 1)
			}
		})
		b.Run(fmt.Sprintf("%d classes/smoothed gradient", classes), func(b *testing.B) {
			for b.Loop() {
				nn.CrossEntropy{Smoothing: 0.1}.Block(out, nn.ClassTargets(labels...), dout, 1)
			}
		})
	}
}
