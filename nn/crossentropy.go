package nn

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// CrossEntropy is softmax cross-entropy on logits z:
//
//	L       = ln Σ e^(z[k]) − z[label]
//	∂L/∂z[k] = softmax(z)[k] − onehot[k]
//
// computed with the largest logit taken out, so that nothing overflows. It is
// PyTorch's CrossEntropyLoss and Keras's CategoricalCrossentropy(from_logits=True).
type CrossEntropy struct{}

func (CrossEntropy) Name() string        { return "cross-entropy" }
func (CrossEntropy) Probabilities() bool { return false }

func (CrossEntropy) Block(out Block, labels []int, dout Block, scale float32) float64 {
	top, rest := kernel.SoftmaxExp(dout.Data, out.Data) // Σ e^z = e^top·(1 + rest)
	var sum float64
	var by [Lanes]float32
	for l, label := range labels {
		i := label*Lanes + l
		// In this order nothing is lost, neither for huge logits nor for a perfect answer.
		sum += math.Log1p(rest[l]) - (float64(out.Data[i]) - float64(top[l]))
		if dout.Data == nil {
			continue
		}
		by[l] = float32(float64(scale) / (1 + rest[l]))
		// At the label: e − Σ, which for a perfect answer is −rest, where q − 1 would cancel.
		dout.Data[i] = float32(float64(dout.Data[i]) - 1 - rest[l])
	}
	kernel.ScaleLanes(dout.Data, by)
	if len(labels) < Lanes { // a NaN would stay when multiplied by 0
		for row := range slices.Chunk(dout.Data, Lanes) {
			clear(row[len(labels):])
		}
	}
	return sum
}

// Probabilities turns one sample's logits into probabilities, in place.
func Probabilities(logits []float32) {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	z, sum := make([]float64, len(logits)), 0.0
	for i, v := range logits {
		z[i] = math.Exp(float64(v) - top)
		sum += z[i]
	}
	for i, v := range z {
		logits[i] = float32(v / sum)
	}
}
