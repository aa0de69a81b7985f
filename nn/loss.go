package nn

import (
	"fmt"
	"strings"
)

// Loss compares the output of a network with the labels of one block of samples.
// The target of a class is its one-hot vector; a network with a single output has
// the label itself (0 or 1) as its target.
type Loss interface {
	// Name is how the loss is spelled on the command line.
	Name() string
	// Probabilities tells that the loss is defined on outputs in [0, 1], so that the
	// network must end in a sigmoid (or softmax). Otherwise it takes logits.
	Probabilities() bool
	// Block returns the sum of the losses of the first len(labels) lanes. If dout has
	// data, it is overwritten with scale times the gradient of that sum; the other
	// lanes become zero.
	Block(out Block, labels []int, dout Block, scale float32) float64
}

// ParseLoss finds a loss by name. Semantics decides where frameworks compute it
// differently.
func ParseLoss(name string, s Semantics) (Loss, error) {
	losses := []Loss{CrossEntropy{}, MSE{}, BCE{Semantics: s}}
	var names []string
	for _, l := range losses {
		if l.Name() == name {
			return l, nil
		}
		names = append(names, l.Name())
	}
	return nil, fmt.Errorf("unknown loss %q: choose one of %s", name, strings.Join(names, ", "))
}

// target is element k of the one-hot vector of a label.
func target(label, k, outputs int) float64 {
	if outputs == 1 {
		return float64(label)
	}
	if label == k {
		return 1
	}
	return 0
}

// elementwise is the walk that losses share which are a mean over the outputs of a
// function of one output p and its target t: f gives its value and derivative.
func elementwise(out Block, labels []int, dout Block, scale float32, f func(p, t float64) (v, d float64)) float64 {
	clear(dout.Data)
	outputs := out.Shape.Size()
	var sum float64
	for l, label := range labels {
		for k := range outputs {
			v, d := f(float64(out.Data[k*Lanes+l]), target(label, k, outputs))
			sum += v / float64(outputs)
			if dout.Data != nil {
				dout.Data[k*Lanes+l] = float32(d * float64(scale) / float64(outputs))
			}
		}
	}
	return sum
}

// LossFor is the loss that the output of a network calls for: binary cross-entropy
// if it ends in a sigmoid, cross-entropy on logits otherwise.
func LossFor(n *Network) Loss {
	if act, ok := n.last().Layer.(Activation); ok && act.Func == &sigmoid {
		return BCE{}
	}
	return CrossEntropy{}
}
