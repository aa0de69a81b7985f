package nn

import (
	"errors"
	"fmt"
)

// Loss compares the output of a network with the labels of one block of samples.
// The target of a class is its one-hot vector; a network with a single output has
// the label itself (0 or 1) as its target.
//
// The loss of a batch, and of a whole data set, is a weighted mean: the sum of the
// samples' losses by the sum of their weights.
type Loss interface {
	// Name is how the loss is spelled on the command line.
	Name() string
	// Probabilities reports whether the loss is defined on outputs in [0, 1], so that the
	// network must end in a sigmoid (or softmax). Otherwise it takes logits.
	Probabilities() bool
	// Check tells why the loss cannot compare so many outputs with so many classes.
	Check(outputs, classes int) error
	// Weight is what a sample of a class counts in the denominator of the mean; 1 for
	// all but PyTorch's class weights.
	Weight(label int) float64
	// Block returns the loss of each of the first len(labels) lanes, and 0 for the
	// others. If dout has data, it is overwritten with scale times the gradient of the
	// sum of those; the other lanes become zero.
	Block(out Block, labels []int, dout Block, scale float32) [Lanes]float64
}

// checkOutputs wants one output a class. A loss whose outputs are each a yes or no also
// takes a single one for two classes, of which the data may have samples of one only. To a
// loss that compares the outputs with each other a single one says nothing.
func checkOutputs(outputs, classes int, single bool) error {
	switch {
	case outputs == 1 && single && (classes == 1 || classes == 2):
		return nil
	case outputs == 1 && !single && (classes == 1 || classes == 2):
		return errors.New("the network has one output, which cross-entropy has nothing to compare with: choose bce-logits, or bce after a sigmoid")
	case outputs == classes && outputs > 1:
		return nil
	}
	return fmt.Errorf("the network has %d outputs, the data %d classes", outputs, classes)
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
// function of one output v and its target t: f gives its value and derivative for
// output k.
func elementwise(out Block, labels []int, dout Block, scale float32, f func(k int, v, t float64) (loss, d float64)) (losses [Lanes]float64) {
	clear(dout.Data)
	outputs := out.Shape.Size()
	for l, label := range labels {
		for k := range outputs {
			loss, d := f(k, float64(out.Data[k*Lanes+l]), target(label, k, outputs))
			losses[l] += loss / float64(outputs)
			if dout.Data != nil {
				dout.Data[k*Lanes+l] = float32(d * float64(scale) / float64(outputs))
			}
		}
	}
	return losses
}
