package loss

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Loss compares the output of a network with the targets of one block of samples.
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
	// Check is an error if the loss cannot compare an output of a shape with such targets.
	Check(output op.Shape, targets TargetSpec) error
	// Weight is what the sample in a lane counts in the denominator of the mean; 1 for
	// all but PyTorch's class weights.
	Weight(t *Targets, lane int) float64
	// Block returns the loss of each of the first t.N lanes, and 0 for the
	// others. If dout has data, those lanes of it are overwritten with scale times the
	// gradient of the sum of those; whoever calls Block makes the other lanes zero.
	Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64
}

// checkElementwise is Check of losses that compare each output with its target: numbers of
// the output's shape, or classes.
func checkElementwise(output op.Shape, t TargetSpec) error {
	if t.Classes > 0 {
		return checkOutputs(output.Size(), t.Classes, true)
	}
	if !output.Equal(t.Shape) {
		return fmt.Errorf("the network gives %v, the data has %v", output, t)
	}
	return nil
}

// checkOutputs is an error unless there is one output a class. A loss whose outputs are each
// a yes or no also takes a single one for two classes, of which the data may have samples of
// one only. To a loss that compares the outputs with each other a single one says nothing.
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

// elementwise is the loop of losses that are a mean over the outputs of a function of one
// output v and its target t. f gives its value and derivative for output k.
func elementwise(out op.Block, t *Targets, dout op.Block, scale float32, f func(k int, v, target float64) (loss, d float64)) (losses [op.Lanes]float64) {
	clear(dout.Data)
	outputs := out.Shape.Size()
	for l := range t.N {
		for k := range outputs {
			loss, d := f(k, float64(out.Data[k*op.Lanes+l]), t.at(k, l, outputs))
			losses[l] += loss / float64(outputs)
			if dout.Data != nil {
				dout.Data[k*op.Lanes+l] = float32(d * float64(scale) / float64(outputs))
			}
		}
	}
	return losses
}
