package loss

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// CrossEntropy is softmax cross-entropy on logits z. With the target t, the one-hot
// vector of the label unless it is smoothed,
//
//	L        = Σ t[k]·(ln Σ e^z − z[k])
//	∂L/∂z[k] = softmax(z)[k]·Σt − t[k]
//
// computed with the largest logit taken out, so that nothing overflows. It is
// PyTorch's CrossEntropyLoss and Keras's CategoricalCrossentropy(from_logits=True).
type CrossEntropy struct {
	// Smoothing is ε of label smoothing, from 0 to 1: both frameworks' label_smoothing.
	// Of K classes the target is
	//
	//	t[k] = (1 − ε)·onehot[k] + ε/K
	Smoothing float64
	// Weights are PyTorch's weight, one a class; nil for all 1. They multiply t[k],
	// those of the smoothed labels too, and the mean divides by the sum of the weights
	// of the labels. Keras's class_weight is another thing: ClassWeighted.
	Weights []float64
}

// Name is cross-entropy, or cross-entropy:0.1 with smoothing.
func (c CrossEntropy) Name() string {
	if c.Smoothing == 0 {
		return "cross-entropy"
	}
	return "cross-entropy:" + formatNumbers([]float64{c.Smoothing})
}

func (CrossEntropy) Probabilities() bool { return false }

func (c CrossEntropy) Check(output op.Shape, t TargetSpec) error {
	if !(c.Smoothing >= 0 && c.Smoothing <= 1) {
		return fmt.Errorf("label smoothing %v is not from 0 to 1", c.Smoothing)
	}
	if t.Classes == 0 {
		return fmt.Errorf("cross-entropy is of classes, and the data has %v", t)
	}
	if c.Weights != nil {
		if err := checkWeights(c.Weights, t.Classes); err != nil {
			return err
		}
	}
	return checkOutputs(output.Size(), t.Classes, false)
}

func (c CrossEntropy) Weight(t *Targets, lane int) float64 { return c.weight(t.Classes[lane]) }

// weight is that of a class.
func (c CrossEntropy) weight(class int) float64 {
	if c.Weights == nil {
		return 1
	}
	return c.Weights[class]
}

func (c CrossEntropy) Block(out op.Block, t *Targets, dout op.Block, scale float32) (losses [op.Lanes]float64) {
	top, rest := kernel.SoftmaxExp(dout.Data, out.Data) // Σ e^z = e^top·(1 + rest)
	if c.Smoothing > 0 {
		losses = c.smoothed(out, t.Classes[:t.N], dout, scale, top, rest)
	} else {
		losses = c.oneHot(out, t.Classes[:t.N], dout, scale, top, rest)
	}
	if t.N < op.Lanes { // a NaN would stay when multiplied by 0
		for row := range slices.Chunk(dout.Data, op.Lanes) {
			clear(row[t.N:])
		}
	}
	return losses
}

// oneHot is Block where t is 0 but for the label. dout holds e^(z − top).
func (c CrossEntropy) oneHot(out op.Block, labels []int, dout op.Block, scale float32, top [op.Lanes]float32, rest [op.Lanes]float64) (losses [op.Lanes]float64) {
	var by [op.Lanes]float32
	for l, label := range labels {
		i, w := label*op.Lanes+l, c.weight(label)
		// In this order nothing is lost, neither for huge logits nor for a perfect answer.
		losses[l] = w * (math.Log1p(rest[l]) - (float64(out.Data[i]) - float64(top[l])))
		if dout.Data == nil {
			continue
		}
		by[l] = float32(float64(scale) * w / (1 + rest[l]))
		// At the label: e − Σ, which for a perfect answer is −rest, where q − 1 would cancel.
		dout.Data[i] = float32(float64(dout.Data[i]) - 1 - rest[l])
	}
	kernel.ScaleLanes(dout.Data, by)
	return losses
}

// smoothed is Block where every class has a share of t. dout holds e^(z − top).
func (c CrossEntropy) smoothed(out op.Block, labels []int, dout op.Block, scale float32, top [op.Lanes]float32, rest [op.Lanes]float64) (losses [op.Lanes]float64) {
	classes := out.Shape.Size()
	even := c.Smoothing / float64(classes)
	var all float64 // Σ t but for the label's 1 − ε
	for k := range classes {
		all += even * c.weight(k)
	}
	var ln [op.Lanes]float64
	for l := range labels {
		ln[l] = math.Log1p(rest[l])
	}
	for k := range classes {
		each := even * c.weight(k)
		for l, label := range labels {
			i, t, own := k*op.Lanes+l, each, (1-c.Smoothing)*c.weight(label)
			if k == label {
				t += own
			}
			losses[l] += t * (ln[l] - (float64(out.Data[i]) - float64(top[l])))
			if dout.Data != nil {
				p := float64(dout.Data[i]) / (1 + rest[l])
				dout.Data[i] = float32(float64(scale) * ((own+all)*p - t))
			}
		}
	}
	return losses
}

// parseCrossEntropy reads the smoothing.
func parseCrossEntropy(args []float64, _ op.Semantics) (Loss, error) {
	if args == nil {
		return CrossEntropy{}, nil
	}
	if len(args) != 1 || !(args[0] >= 0 && args[0] <= 1) {
		return nil, fmt.Errorf("label smoothing is one number from 0 to 1, got %s", formatNumbers(args))
	}
	return CrossEntropy{Smoothing: args[0]}, nil
}
