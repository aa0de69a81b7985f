package loss

import "github.com/gonn-toolkit/gonn/nn/op"

// MSE is the mean over the outputs of (p − t)², t being the one-hot target. A
// binary classifier that answers 0.5 starts at 0.25, and no sample can cost more
// than 1. It is PyTorch's MSELoss and Keras's MeanSquaredError.
type MSE struct{}

func (MSE) Name() string                              { return "mse" }
func (MSE) Probabilities() bool                       { return true }
func (MSE) Check(output op.Shape, t TargetSpec) error { return checkElementwise(output, t) }
func (MSE) Weight(*Targets, int) float64              { return 1 }

func (MSE) Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64 {
	return elementwise(out, t, dout, scale, func(_ int, p, t float64) (float64, float64) {
		return (p - t) * (p - t), 2 * (p - t)
	})
}
