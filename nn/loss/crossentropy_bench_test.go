package loss_test

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// BenchmarkCrossEntropy measures a block of 16 samples, with and without gradients.
func BenchmarkCrossEntropy(b *testing.B) {
	for _, classes := range []int{10, 100, 1000} {
		out := op.Block{Shape: op.Shape{classes}, Data: randomTensor(1, classes, op.Lanes).Data}
		dout := op.NewBlock(out.Shape)
		labels := make([]int, op.Lanes)
		for l := range labels {
			labels[l] = l * classes / op.Lanes
		}
		b.Run(fmt.Sprintf("%d classes/value", classes), func(b *testing.B) {
			for b.Loop() {
				loss.CrossEntropy{}.Block(out, loss.ClassTargets(labels...), op.Block{}, 0)
			}
		})
		b.Run(fmt.Sprintf("%d classes/gradient", classes), func(b *testing.B) {
			for b.Loop() {
				loss.CrossEntropy{}.Block(out, loss.ClassTargets(labels...), dout, 1)
			}
		})
		b.Run(fmt.Sprintf("%d classes/smoothed gradient", classes), func(b *testing.B) {
			for b.Loop() {
				loss.CrossEntropy{Smoothing: 0.1}.Block(out, loss.ClassTargets(labels...), dout, 1)
			}
		})
	}
}
