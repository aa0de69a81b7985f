package nn

import "math"

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
	clear(dout.Data)
	var few [64]float64 // not on the heap
	p := few[:min(len(few), out.Shape.Size())]
	if n := out.Shape.Size(); n > len(few) {
		p = make([]float64, n)
	}
	var sum float64
	for l, label := range labels {
		for k := range p {
			p[k] = float64(out.Data[k*Lanes+l])
		}
		z := p[label]
		top, rest := softmax(p)
		sum += rest - (z - top) // in this order nothing is lost for huge logits
		if dout.Data == nil {
			continue
		}
		for k, q := range p {
			dout.Data[k*Lanes+l] = float32((q - target(label, k, len(p))) * float64(scale))
		}
	}
	return sum
}

// softmax replaces logits by probabilities. It returns ln Σ e^z in two parts: the
// largest logit and what comes on top of it.
func softmax(z []float64) (top, rest float64) {
	top = math.Inf(-1)
	for _, v := range z {
		top = max(top, v)
	}
	var sum float64
	for k, v := range z {
		z[k] = math.Exp(v - top)
		sum += z[k]
	}
	for k := range z {
		z[k] /= sum
	}
	return top, math.Log(sum)
}

// Probabilities turns one sample's logits into probabilities, in place.
func Probabilities(logits []float32) {
	z := make([]float64, len(logits))
	for i, v := range logits {
		z[i] = float64(v)
	}
	softmax(z)
	for i, v := range z {
		logits[i] = float32(v)
	}
}
